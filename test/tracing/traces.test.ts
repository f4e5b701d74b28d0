import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { off } from '../../src/tracing/tracing.ts'
import { assertNowhere } from '../support/canaries.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'
import { keptLog } from '../support/log.ts'
import { spawnWorker } from '../support/spawn-worker.ts'
import { startCollector, type Told } from './collector.ts'

const password = 'Old-Password-4711'
const given = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' }
const callers = `00-${given.traceId}-${given.spanId}-01`

/** Kinds of spans, as OTLP counts them. */
const [server, client, consumer] = [2, 3, 5]

const one = (spans: Told[], name: string) => {
  const found = spans.filter((span) => span.name === name)
  if (found.length !== 1)
    throw new Error(`${found.length} spans "${name}" of ${spans.map(({ name }) => name)}`)
  return found[0]!
}

t.test(
  "a caller's trace has the request, the operation that another process did, its steps and its calls; and nobody is in it",
  async (t) => {
    const collector = await startCollector(t)
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=a%20b',
      OTEL_SERVICE_NAME: 'locksmith-tried',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=try-out'
    }
    const locksmith = await startLocksmith(t, { worker: false, env })
    const { call, sandbox, world } = locksmith
    const worker = await spawnWorker(t, locksmith, { env })
    const canaries = {
      'user id': 'canary-user-4711',
      'mail address': 'canary-mail-4711@canary.example',
      'display name': 'Canary Display 4711',
      reason: 'canary reason 4711',
      'request id': 'canary-request-4711',
      'name of a group': 'canary-group-4711',
      'word that is looked for': 'canary-search-4711',
      'path that is none': 'canary-path-4711',
      'state of the caller': 'canary-state-4711',
      baggage: 'canary-baggage-4711',
      'old password': password,
      'admin password': sandbox.admin.password,
      'API key': firstKey
    }
    sandbox.createUser({
      id: canaries['user id'],
      password,
      email: canaries['mail address'],
      displayName: canaries['display name']
    })
    sandbox.createAppPassword(canaries['user id'], 'Phone')
    const headers = {
      traceparent: callers,
      tracestate: `vendor=${canaries['state of the caller']}`,
      baggage: `user=${canaries.baggage}`,
      'x-request-id': canaries['request id'],
      prefer: 'wait=20'
    }
    const { body } = await call('POST', `/users/${canaries['user id']}/reset`, {
      headers,
      body: { reason: canaries.reason }
    })
    t.equal(body.state, 'succeeded')
    for (const path of [
      `/users/${canaries['user id']}`,
      `/users?search=${canaries['word that is looked for']}&group=${canaries['name of a group']}`,
      `/${canaries['path that is none']}`,
      `/users/${canaries['path that is none']}`,
      '/metrics',
      '/health/ready'
    ])
      await call('GET', path)
    // What fails: the sentences of such errors name the user.
    sandbox.updateUser(canaries['user id'], { enabled: false })
    await call('POST', `/users/${canaries['user id']}/reset`, { headers: { prefer: 'wait=20' } })
    worker.child.kill('SIGTERM')
    await worker.ended
    await world.tracing.stop()

    const spans = collector.spans()
    const ofCaller = spans.filter(({ traceId }) => traceId === given.traceId)
    const request = one(ofCaller, 'POST /users/:userId/reset')
    t.match(request, {
      kind: server,
      parentSpanId: given.spanId,
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/users/:userId/reset',
        'http.response.status_code': 200,
        'locksmith.operation.id': body.id
      },
      resource: { 'service.name': 'locksmith-tried', 'deployment.environment.name': 'try-out' }
    })
    const operation = one(ofCaller, 'operation reset')
    t.match(operation, {
      kind: consumer,
      parentSpanId: request.spanId,
      attributes: {
        'locksmith.operation.id': body.id,
        'locksmith.operation.kind': 'reset',
        'locksmith.operation.state': 'succeeded'
      }
    })
    t.not(
      operation.resource['service.instance.id'],
      request.resource['service.instance.id'],
      'another process'
    )
    for (const { name, state } of body.steps) {
      const step = one(ofCaller, `step ${name}`)
      t.match(step, {
        parentSpanId: operation.spanId,
        attributes: { 'locksmith.step.name': name, 'locksmith.step.result': state }
      })
    }
    const put = one(ofCaller, 'PUT set password')
    t.match(put, {
      kind: client,
      parentSpanId: one(ofCaller, 'step replace-password').spanId,
      attributes: {
        'http.request.method': 'PUT',
        'http.response.status_code': 200,
        'server.address': '127.0.0.1',
        'server.port': Number(new URL(sandbox.url).port)
      }
    })
    t.ok(
      ofCaller.some(({ name, parentSpanId }) => name === 'GET get user' && parentSpanId === request.spanId),
      'the request asks, too'
    )
    t.ok(
      spans.some(({ name }) => name === 'GET'),
      'what is no route has no path'
    )
    const names = new Set(spans.map(({ attributes }) => attributes['http.route']))
    for (const route of ['/metrics', '/health/ready']) t.notOk(names.has(route), `${route} is not traced`)
    t.match(collector.requests[0], { path: 'POST /v1/traces', headers: { 'x-tenant': 'a b' } })

    const random = sandbox.users().find(({ id }) => id === canaries['user id'])!.password!
    t.not(random, password)
    assertNowhere(t, { ...canaries, 'random password': random }, { span: collector.text() })
    for (const { name, status, events } of spans) {
      t.equal(status?.message ?? '', '', `${name}: no sentence`)
      t.same(events ?? [], [], `${name}: nothing that was thrown`)
    }
  }
)

t.test(
  'what goes on after a wait is a trace of its own, of the same operation; errors are codes',
  async (t) => {
    const collector = await startCollector(t)
    const { log, lines } = keptLog()
    const { call, sandbox, world } = await startLocksmith(t, {
      log,
      env: { OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${collector.url}/elsewhere` }
    })
    sandbox.createUser({ id: 'anna', password, email: 'anna@example.org' })
    sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: 'reset-after' })
    const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
    t.equal(body.state, 'succeeded')
    await world.tracing.stop()
    const spans = collector.spans()
    const [first, second, ...more] = spans.filter(({ name }) => name === 'operation reset')
    t.same(more, [])
    t.match(first!.attributes, {
      'locksmith.operation.id': body.id,
      'locksmith.operation.state': 'waiting',
      'locksmith.problem': 'effect-unknown'
    })
    t.match(second!.attributes, {
      'locksmith.operation.id': body.id,
      'locksmith.operation.state': 'succeeded'
    })
    t.not(second!.traceId, first!.traceId)
    t.equal(second!.parentSpanId ?? '', '')
    const failed = spans.filter(({ status }) => status?.code === 2)
    t.match(
      failed.map(({ name, attributes }) => [name, attributes['error.type']]),
      [
        ['PUT set password', 'effect-unknown'],
        ['step replace-password', 'effect-unknown']
      ]
    )
    const [recorded] = lines().filter(({ msg }) => msg === 'operation recorded')
    t.equal(JSON.parse(recorded!.text).trace_id, first!.traceId, 'the log names the trace')
    t.equal(collector.requests[0]!.path, 'POST /elsewhere', 'the endpoint for traces is taken as it is')
  }
)

t.test('a caller that does not sample is heeded, and a ratio is for those who do not say', async (t) => {
  const collector = await startCollector(t)
  const { call, world } = await startLocksmith(t, {
    worker: false,
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '0'
    }
  })
  await call('GET', '/operations', { headers: { traceparent: callers.replace(/01$/, '00') } })
  await call('GET', '/operations')
  await call('GET', '/operations', { headers: { traceparent: `${callers} nonsense` } })
  await call('GET', '/operations', { headers: { traceparent: callers } })
  await world.tracing.stop()
  t.same(
    collector.spans().map(({ traceId, name }) => [traceId, name]),
    [[given.traceId, 'GET /operations']]
  )
})

t.test('where nobody takes traces all goes on, and it is said once', async (t) => {
  // Read by the exporter itself.
  process.env.OTEL_EXPORTER_OTLP_TIMEOUT = '200'
  t.teardown(() => {
    delete process.env.OTEL_EXPORTER_OTLP_TIMEOUT
  })
  const { log, lines } = keptLog()
  const { call, sandbox, world } = await startLocksmith(t, {
    log,
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' }
  })
  sandbox.createUser({ id: 'anna', password, email: 'anna@example.org' })
  const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
  t.equal(body.state, 'succeeded')
  const began = performance.now()
  await world.tracing.stop()
  t.ok(performance.now() - began < 4_000, 'the end of the process does not wait for it')
  await eventually(
    () => lines().filter(({ msg }) => msg.startsWith('traces are not taken')).length,
    (count) => count === 1
  )
})

t.test('where none are wanted nothing of them is loaded', async (t) => {
  const serve = fileURLToPath(new URL('../../src/cli/serve.ts', import.meta.url))
  const script = `
    import { registerHooks } from 'node:module'
    const seen = []
    registerHooks({ resolve(name, context, next) { const found = next(name, context); seen.push(found.url); return found } })
    await import(${JSON.stringify(serve)})
    console.log(JSON.stringify(seen.filter((url) => url.includes('@opentelemetry/'))))`
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
  const packages = (JSON.parse(loaded) as string[]).map((url) => /@opentelemetry\/([\w-]+)/.exec(url)![1])
  t.same([...new Set(packages)], ['api'], 'the interface alone, which other libraries load anyway')
  for (const env of [
    {},
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' }
  ] as Record<string, string>[]) {
    const { world } = await startLocksmith(t, { worker: false, env })
    t.equal(world.tracing, off)
  }
})
