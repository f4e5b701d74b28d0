import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import fc from 'fast-check'
import t from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { type Scope, scopes } from '../../src/access/scope.ts'
import { createApp } from '../../src/http/app.ts'
import { openapiDocument } from '../../src/http/document.ts'
import { makeSigningKey } from '../integrations/ssf/signing-key.ts'
import { undeclared } from '../support/declared.ts'
import { firstKey, looseBrakes, startLocksmith } from '../support/locksmith.ts'
import { fitting, hostileText, nearly, type Schema } from './arbitrary.ts'

type Media = { schema?: Schema }
type Answer = { $ref?: string; content?: Record<string, Media> }
type Parameter = { name: string; in: string; required?: boolean; schema: Schema }
type Operation = {
  parameters?: Parameter[]
  requestBody?: { content: Record<string, Media> }
  responses: Record<string, Answer>
}
type Document = {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Schema>; responses: Record<string, Answer> }
}

/** How many requests; FUZZ_REQUESTS and FUZZ_SEED play others. */
const requests = Number(process.env.FUZZ_REQUESTS ?? 2_500)
const seed = Number(process.env.FUZZ_SEED ?? 20_261_125)
const lanes = 4

/** Answers with these by design: nothing here can list tokens without a log-in. */
const byDesign = new Set(['get /users/{userId}/tokens 501'])

const document = (await openapiDocument()) as Document
const named = (ref: string): Schema => document.components.schemas[ref.split('/').at(-1)!]!

const ajv = new Ajv2020({ strict: false, allErrors: false })
formats.default(ajv)
ajv.addSchema(JSON.parse(JSON.stringify(document)), 'openapi')
const pointer = (...path: string[]) =>
  `openapi#/${path.map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/')}`

type Sent = {
  method: string
  template: string
  url: string
  headers: Record<string, string>
  payload?: string
}

/** Requests of every operation, some as they should be and most of them nearly so. */
function requestTo(
  template: string,
  method: string,
  { parameters = [], requestBody }: Operation,
  bearers: string[]
) {
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const inQuery = parameters.filter((parameter) => parameter.in === 'query')
  const people = fc.constantFrom(
    'alice',
    'ALICE',
    'bob',
    'carol',
    'dave',
    'erin',
    'frank',
    'grace',
    'heidi',
    'admin',
    'Admin'
  )
  const partOf = ({ name, schema }: Parameter) =>
    fc.oneof(
      { weight: 8, arbitrary: name === 'userId' ? people : fitting(schema, named) },
      { weight: 2, arbitrary: fc.oneof(hostileText, fc.string({ unit: 'grapheme', maxLength: 90 })) }
    )
  const body = requestBody?.content['application/json']?.schema
  return fc
    .record({
      path: fc.tuple(...inPath.map(partOf)),
      query: fc.tuple(
        ...inQuery.map((parameter) => fc.option(nearly(parameter.schema, named), { nil: undefined, freq: 1 }))
      ),
      stray: fc.option(fc.tuple(hostileText, hostileText), { nil: undefined, freq: 49 }),
      bearer: fc.oneof(
        { weight: 8, arbitrary: fc.constant(bearers[0]!) },
        { weight: 2, arbitrary: fc.constantFrom(...bearers) }
      ),
      body: body ? fc.option(nearly(body, named), { nil: undefined, freq: 6 }) : fc.constant(undefined),
      raw: fc.option(fc.oneof(hostileText, fc.constant('{"reason":'), fc.string()), {
        nil: undefined,
        freq: 29
      }),
      type: fc.oneof(
        { weight: 20, arbitrary: fc.constant('application/json') },
        {
          weight: 1,
          arbitrary: fc.constantFrom('text/plain', 'application/xml', 'application/json; charset=utf-16', 'x')
        }
      ),
      key: fc.option(fc.constantFrom('a', '"b"', 'c d', '', '"', 'ü', 'e'.repeat(300)), {
        nil: undefined,
        freq: 4
      })
    })
    .map(({ path, query, stray, bearer, body, raw, type, key }): Sent => {
      const url = inPath.reduce((url, { name }, i) => url.replace(`{${name}}`, escaped(path[i])), template)
      const search = new URLSearchParams()
      inQuery.forEach(({ name }, i) => {
        if (query[i] !== undefined) search.append(name, asText(query[i]))
      })
      if (stray) search.append(...stray)
      const payload = raw ?? (body === undefined ? undefined : JSON.stringify(body))
      return {
        method,
        template,
        url: search.size > 0 ? `${url}?${search}` : url,
        headers: {
          authorization: bearer,
          ...(payload !== undefined && { 'content-type': type }),
          ...(key !== undefined && { 'idempotency-key': Buffer.from(key).toString('latin1') })
        },
        ...(payload !== undefined && method !== 'get' && { payload })
      }
    })
}

const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const asText = (value: unknown) => (typeof value === 'object' ? JSON.stringify(value) : String(value))
const escaped = (value: unknown) => encodeURIComponent(asText(value).toWellFormed())

t.test(
  `${requests} requests made from the OpenAPI document: no 5xx, and each answer is as documented`,
  async (t) => {
    const { world } = await startLocksmith(t, {
      sandbox: { seed: true },
      env: {
        ...looseBrakes,
        BRAKE_LOCK_OUTS: '3',
        RATE_LIMIT_PER_MINUTE: '1000000',
        WEBHOOK_ENCRYPTION_KEY: Buffer.alloc(32, 1).toString('base64'),
        SSF_SIGNING_KEY: makeSigningKey(),
        PUBLIC_URL: 'https://locksmith.example.org'
      }
    })
    const app = await createApp(world, firstKey)
    t.teardown(() => app.close())
    const bearers = [`Bearer ${firstKey}`, 'Bearer x', '', `Bearer ${makeKey().key}`]
    for (const scope of [...scopes, undefined]) {
      const { id, key, hash } = makeKey()
      const row = {
        id,
        name: scope ?? 'cautious',
        owner: 'fuzz',
        secretHash: hash,
        scopes: [scope ?? 'admin'] as Scope[]
      }
      await insertKey(world.pool, { ...row, requireIdempotencyKey: scope === undefined })
      bearers.push(`Bearer ${key}`)
    }
    // The doctor asks Nextcloud some forty questions each time.
    const rare = new Set(['/doctor'])
    const request = fc.oneof(
      ...Object.entries(document.paths).flatMap(([template, operations]) =>
        Object.entries(operations).map(([method, operation]) => ({
          weight: rare.has(template) ? 1 : 20,
          arbitrary: requestTo(template, method, operation, bearers)
        }))
      )
    )
    const seen = new Map<string, number>()
    const check = async ({ method, template, ...sent }: Sent) => {
      const answer = await app.inject({ method: method.toUpperCase() as 'GET', ...sent })
      const { statusCode } = answer
      const at = `${method} ${template} ${statusCode}`
      seen.set(at, (seen.get(at) ?? 0) + 1)
      // What cannot be routed is answered for all of Locksmith, as a problem; `/..` leads to another route.
      const unrouted =
        sent.url.includes('/..') ||
        (statusCode === 404 &&
          (answer.json().code === 'not-found' || /is nothing that SCIM knows/.test(answer.body)))
      const said = `${sent.url.slice(0, 200)} ${sent.payload?.slice(0, 300) ?? ''} → ${statusCode} ${answer.body.slice(0, 300)}`
      // Somebody among all these stopped it: that is an answer, and what they asked for.
      const isStopped = statusCode === 503 && /"code":"stopped"/.test(answer.body)
      if (statusCode >= 500 && !byDesign.has(at) && !isStopped) throw new Error(said)
      const documented = document.paths[template]![method]!.responses[statusCode]
      if (unrouted) return
      if (!documented) throw new Error(`not documented: ${said}`)
      const undocumented = undeclared(method, sent.url, { status: statusCode, body: bodyOf(answer.body) })
      if (undocumented) throw new Error(`${undocumented}: ${said}`)
      if (statusCode === 204) return
      const type = String(answer.headers['content-type']).split(';')[0]!
      const ref = documented.$ref?.split('/').at(-1)
      const place = ref
        ? pointer('components', 'responses', ref)
        : pointer('paths', template, method, 'responses', String(statusCode))
      const content = ref ? document.components.responses[ref]!.content : documented.content
      if (!content?.[type]) throw new Error(`not documented as ${type}: ${said}`)
      if (!type.includes('json')) return
      const validate = ajv.getSchema(
        `${place}/content/${encodeURIComponent(type.replaceAll('/', '~1'))}/schema`
      )
      if (!validate) throw new Error(`no schema at ${place}`)
      if (!validate(answer.json())) throw new Error(`${ajv.errorsText(validate.errors)}: ${said}`)
    }
    const runs = Math.ceil(requests / lanes)
    await Promise.all(
      Array.from({ length: lanes }, (_, lane) =>
        fc.assert(fc.asyncProperty(request, check), { seed: seed + lane, numRuns: runs, endOnFailure: true })
      )
    )
    const count = (of: (at: string) => boolean) =>
      [...seen].filter(([at]) => of(at)).reduce((sum, [, n]) => sum + n, 0)
    t.equal(
      count(() => true),
      runs * lanes
    )
    const routes = Object.entries(document.paths).flatMap(([path, all]) =>
      Object.keys(all).map((each) => `${each} ${path}`)
    )
    for (const route of routes) t.ok(count((at) => at.startsWith(`${route} `)) > 0, `${route} was asked`)
    t.comment(
      `2xx ${count((at) => / 2\d\d$/.test(at))}, 4xx ${count((at) => / 4\d\d$/.test(at))}, by design ${count((at) => byDesign.has(at))}`
    )
  }
)
