import { readFileSync } from 'node:fs'
import t from 'tap'
import Schema from 'typebox/schema'
import { openapiDocument } from '../../src/http/document.ts'
import { problems } from '../../src/problems.ts'
import { startLocksmith } from '../support/locksmith.ts'

// biome-ignore lint/suspicious/noExplicitAny: JSON that the tests look into
type Json = any

const document: Json = await openapiDocument()

/** A reference's target, or the thing itself. */
const at = (thing: Json): Json =>
  typeof thing?.$ref === 'string'
    ? thing.$ref
        .slice(2)
        .split('/')
        .reduce((part: Json, name: string) => part[name], document)
    : thing

type Operation = { name: string; method: string; path: string; operation: Json }

const operations: Operation[] = Object.entries<Json>(document.paths).flatMap(([path, item]) =>
  Object.entries(item).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    method,
    path,
    operation
  }))
)

const responses = operations.flatMap(({ name, operation }) =>
  Object.entries(operation.responses).map(([status, response]) => ({
    name: `${name} ${status}`,
    status: Number(status),
    response: at(response)
  }))
)

const examplesOf = ({ example, examples = {} }: Json): Json[] => [
  ...(example === undefined ? [] : [example]),
  ...Object.values(examples).map((each) => at(each).value)
]

const faults = (schema: Json, value: unknown) =>
  Schema.Compile({ ...schema, components: document.components }).Errors(value)[1]

/** As callers see its shape: names and kinds, with times and ids left out. */
const shapeOf = (value: Json): Json => {
  if (Array.isArray(value)) return value.map(shapeOf)
  if (value === null || typeof value !== 'object')
    return typeof value === 'string'
      ? value.replaceAll(/[\da-f]{8}-[-\da-f]{27}|\d{4}-[-:.\dT]+Z/g, '…')
      : value
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
}

t.test('the committed document is the one that the routes make', async (t) => {
  const committed = JSON.parse(readFileSync(new URL('../../openapi/openapi.json', import.meta.url), 'utf8'))
  t.strictSame(JSON.parse(JSON.stringify(document)), committed, 'else: npm run openapi')
})

t.test('each operation says what it is and who may call it', async (t) => {
  const tags = document.tags.map(({ name }: Json) => name)
  const ids = operations.map(({ operation }) => operation.operationId)
  t.equal(new Set(ids).size, operations.length, 'ids are there and unique')
  for (const { name, operation } of operations) {
    t.ok(operation.summary, `${name}: summary`)
    t.ok(operation.tags.length === 1 && tags.includes(operation.tags[0]), `${name}: one tag, described`)
    t.ok(operation.security, `${name}: security`)
  }
  t.strictSame(
    operations.filter(({ operation }) => operation.security.length === 0).map(({ name }) => name),
    [
      'GET /.well-known/ssf-configuration',
      'GET /ssf/jwks.json',
      'GET /health/live',
      'GET /health/ready',
      'GET /problems/{code}',
      'POST /ssf/events'
    ],
    'public on purpose'
  )
})

t.test('each parameter and each answer is described', async (t) => {
  for (const { name, operation } of operations)
    for (const parameter of operation.parameters ?? [])
      t.ok(parameter.description || parameter.schema.enum, `${name}: ${parameter.name}`)
  for (const { name, response } of responses) t.not(response.description, 'Default Response', name)
})

/** What other standards have a form for: health (a probe reads it), and a token that is not taken (RFC 8935). */
const elsewhere = ['GET /health/ready 503', 'POST /ssf/events 400']

t.test('every error is a problem, with an example of each', async (t) => {
  for (const { name, status, response } of responses) {
    if (status < 400 || elsewhere.includes(name) || name.includes(' /scim/v2/')) continue
    t.strictSame(Object.keys(response.content), ['application/problem+json'], name)
    const media = response.content['application/problem+json']
    t.strictSame(media.schema, { $ref: '#/components/schemas/Problem' }, name)
    t.ok(examplesOf(media).length > 0, `${name}: examples`)
    for (const example of examplesOf(media)) {
      t.equal(example.status, status, `${name}: ${example.code}`)
      t.equal(example.title, problems[example.code as keyof typeof problems].title)
      t.ok(response.description.includes(`\`${example.code}\``), `${name}: ${example.code} is described`)
    }
  }
})

t.test('below /scim/v2 every error has the form of SCIM, and the problem in it', async (t) => {
  for (const { name, status, response } of responses) {
    if (status < 400 || !name.includes(' /scim/v2/')) continue
    t.strictSame(Object.keys(response.content), ['application/scim+json'], name)
    const media = response.content['application/scim+json']
    t.strictSame(media.schema, { $ref: '#/components/schemas/ScimError' }, name)
    t.ok(examplesOf(media).length > 0, `${name}: examples`)
    for (const example of examplesOf(media)) {
      const { code } = example['urn:locksmith:params:scim:api:messages:1.0:Problem']
      t.equal(example.status, String(status), `${name}: ${code}`)
      t.ok(response.description.includes(`\`${code}\``), `${name}: ${code} is described`)
    }
  }
})

t.test('each JSON body and answer has examples, and they fit their schemas', async (t) => {
  const bodies = operations.flatMap(({ name, operation }) =>
    operation.requestBody ? [{ name: `${name} body`, content: operation.requestBody.content }] : []
  )
  for (const { name, content } of [
    ...bodies,
    ...responses.map(({ name, response }) => ({ name, content: response.content }))
  ]) {
    for (const [type, media] of Object.entries<Json>(content ?? {})) {
      if (!type.endsWith('json')) continue
      t.ok(examplesOf(media).length > 0, `${name}: there is one`)
      for (const example of examplesOf(media)) t.strictSame(faults(media.schema, example), [], name)
    }
  }
  t.not(
    faults({ $ref: '#/components/schemas/Operation' }, { id: 'x' }).length,
    0,
    'what does not fit is seen'
  )
})

t.test('a body that may be left out is not called required', async (t) => {
  for (const { name, operation } of operations)
    if (operation.requestBody) {
      const schema = operation.requestBody.content['application/json']?.schema
      // What is no JSON is never left out.
      t.equal(operation.requestBody.required, schema ? Boolean(schema.required) : true, name)
    }
})

t.test('the examples are what the sandbox answers', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    sandbox: { seed: true },
    checkpoint: async (point, step, { input }) => {
      if (input.reason === 'thief' && point === 'recorded' && step === 'revoke-tokens')
        sandbox.updateUser('alice', { email: 'mallory@example.net' })
    }
  })
  const example = (name: string) => shapeOf(document.components.examples[name].value)
  const wait = { prefer: 'wait=20' }

  t.strictSame(shapeOf((await call('GET', '/users/alice')).body), example('user'))
  t.strictSame(shapeOf((await call('GET', '/health/ready')).body), example('ready'))

  const queued = await call('POST', '/users/alice/reset', { body: { reason: 'phone lost' } })
  t.equal(queued.status, 202)
  t.strictSame(shapeOf(queued.body), example('resetQueued'))
  const succeeded = await call('GET', `/operations/${queued.body.id}`, { headers: wait })
  t.strictSame(shapeOf(succeeded.body), example('resetSucceeded'))
  const audit = await call('GET', `/audit?operationId=${queued.body.id}`)
  for (const { seq, ...event } of example('auditEvents').items) {
    const real = audit.body.items.find(
      ({ action, details }: Json) => action === event.action && details.step === event.details.step
    )
    t.strictSame({ ...shapeOf(real), seq }, { ...event, seq })
  }

  const mailed = await call('POST', '/users/alice/reset-mail', {
    body: { reason: 'asked by phone' },
    headers: wait
  })
  t.equal(mailed.status, 200)
  t.strictSame(shapeOf(mailed.body), example('resetMailSucceeded'))

  for (const _ of [1, 2]) await sandbox.openBrowserSession('alice')
  for (const name of ['Phone', 'Laptop', 'Thunderbird']) await sandbox.createAppPassword('alice', name)
  const stopped = await call('POST', '/users/alice/reset', { body: { reason: 'thief' }, headers: wait })
  t.strictSame({ ...shapeOf(stopped.body), reason: 'phone lost' }, example('resetNeedsAttention'))
  const retried = await call('POST', `/operations/${stopped.body.id}/retry`)
  t.equal(retried.status, 202)
  t.strictSame(
    retried.body.steps.map(({ state }: Json) => state),
    example('resetRetried').steps.map(({ state }: Json) => state)
  )
  await call('GET', `/operations/${stopped.body.id}`, { headers: wait })

  for (const [method, path, body] of [
    ['POST', '/users/carol/reset'],
    ['POST', '/users/dave/reset'],
    ['POST', '/users/erin/reset'],
    ['POST', '/users/frank/reset'],
    ['POST', '/users/nobody/reset'],
    ['POST', '/users/%20/reset'],
    ['POST', '/users/alice/reset', '{'],
    ['POST', '/users/alice/reset', { reason: 1 }],
    ['POST', `/operations/${mailed.body.id}/retry`],
    ['GET', '/operations/01a20925-a3e6-7000-811c-b7882fb98860'],
    ['GET', '/users?group=initech'],
    ['GET', '/problems/no-such-code']
  ] as const) {
    const { body: problem } = await call(method, path, { body })
    // Sentences may get better without the example; what programs read may not differ.
    const { detail, errors, ...members } = shapeOf(problem)
    t.match(example(problem.code), members, problem.code)
    t.strictSame(Object.keys(example(problem.code)).sort(), Object.keys(problem).sort(), problem.code)
  }
})

t.test('the examples of what ends and restores access are what the sandbox answers', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { sandbox: { seed: true } })
  const headers = { prefer: 'wait=20' }
  const same = async (name: string, kind: string, body: object) => {
    const example = document.components.examples[`${name}Succeeded`].value
    const reply = await call('POST', `/users/alice/${kind}`, { body, headers })
    // Without what differs from one user, or one moment, to the next.
    const shape = ({ operation, ...rest }: Json) => {
      const whole = shapeOf(rest)
      return JSON.parse(JSON.stringify({ ...whole, operation }).replaceAll(/\/operations\/[^"]*/g, '…'))
    }
    t.strictSame(shape(reply.body), shape(example), name)
  }
  sandbox.addShare('alice', { type: 3 })
  await same('disable', 'disable', { reason: 'on leave' })
  await same('enable', 'enable', { reason: 'back from leave' })
  for (const _ of [1, 2]) await sandbox.openBrowserSession('alice')
  for (const name of ['Phone', 'Laptop', 'Thunderbird']) await sandbox.createAppPassword('alice', name)
  await same('offboard', 'offboard', {
    reason: 'left the company',
    shares: 'delete',
    groups: 'all',
    deleteAfter: 'P30D'
  })
  await same('reinstate', 'reinstate', { reason: 'rehired' })
  await same('wipe', 'wipe', { reason: 'laptop stolen' })
})
