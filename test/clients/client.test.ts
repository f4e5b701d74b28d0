import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createLocksmith, LocksmithError, LocksmithTimeout } from '../../clients/typescript/src/index.ts'
import { firstKey } from '../support/locksmith.ts'
import { anna, ofAnna, problemOf, startClient } from './stage.ts'

t.test('a reset is begun, waited for, and told with all its types', async (t) => {
  const { locksmith, sandbox } = await startClient(t)
  await sandbox.createAppPassword('anna', 'Phone')
  const { data, response } = await locksmith.POST('/users/{userId}/reset', {
    ...ofAnna,
    body: { reason: 'phone lost' }
  })
  t.equal(response.status, 202)
  const operation = await locksmith.waitForOperation(data)
  t.match(operation, {
    id: data.id,
    state: 'succeeded',
    outcome: { revoked: { appPasswords: 1 }, remaining: 0 }
  })
  t.same(await locksmith.waitForOperation(data.id), operation, 'also by its id, once it is over')
})

t.test('a refusal is thrown, with its code, its request and nothing of ours', async (t) => {
  const { locksmith, sandbox } = await startClient(t)
  const path = '/users/{userId}/reset'
  const unknown = await problemOf(locksmith.POST(path, { params: { path: { userId: 'nobody' } } }))
  t.match(unknown, {
    name: 'LocksmithProblem',
    code: 'unknown-user',
    status: 404,
    method: 'POST',
    path,
    requestId: /^[\da-f-]{36}$/,
    idempotencyKey: /^[\da-f-]{36}$/,
    problem: { type: '/problems/unknown-user' }
  })
  t.match(unknown.message, unknown.detail)
  const scim = { params: { path: { userId: 'nobody' } } }
  t.equal(
    (await problemOf(locksmith.GET('/scim/v2/Users/{userId}', scim))).code,
    'unknown-user',
    "in SCIM's form"
  )
  sandbox.createUser({ ...anna, id: 'a/..' })
  t.equal(
    (await problemOf(locksmith.GET('/users/{userId}', { params: { path: { userId: 'a/..' } } }))).status,
    400
  )
})

t.test(
  'an operation that goes on is not waited for longer than asked; one that a person holds is not at all',
  async (t) => {
    const { locksmith, sandbox } = await startClient(t, { env: { BRAKE_WIPES: '0' } })
    sandbox.addFault({ match: { method: 'PUT' }, do: 'hang-before' })
    const { data } = await locksmith.POST('/users/{userId}/reset', ofAnna)
    const begun = performance.now()
    const late = await locksmith.waitForOperation(data, { timeout: 1_200 }).catch((error) => error)
    t.ok(performance.now() - begun < 5_000)
    t.ok(late instanceof LocksmithTimeout)
    t.match(late, {
      name: 'LocksmithTimeout',
      operation: { id: data.id, state: /^(queued|running|waiting)$/ }
    })
    const reason = new Error('not needed any more')
    const signal = AbortSignal.timeout(300)
    await t.rejects(locksmith.waitForOperation(data, { signal }), { name: 'TimeoutError' })
    await t.rejects(locksmith.waitForOperation(data, { signal: AbortSignal.abort(reason) }), reason)
    sandbox.clearFaults()
    await locksmith.waitForOperation(data)
    const wiped = await locksmith.POST('/users/{userId}/wipe', ofAnna)
    t.equal((await locksmith.waitForOperation(wiped.data)).state, 'awaiting-approval')
  }
)

t.test('a dry run says what would be, and begins nothing', async (t) => {
  const { locksmith } = await startClient(t)
  const { data } = await locksmith.dryRun('POST', '/users/{userId}/offboard', ofAnna)
  t.match(data, { dryRun: true, would: 'queued', userId: 'anna' })
  t.same((await locksmith.GET('/operations')).data.items, [])
})

t.test('a list is read to its end, page after page, and no further than it is needed', async (t) => {
  const { locksmith, sandbox } = await startClient(t, { worker: false })
  for (let n = 0; n < 7; n++) {
    sandbox.createUser({ ...anna, id: `person-${n}` })
    await locksmith.POST('/users/{userId}/reset-mail', { params: { path: { userId: `person-${n}` } } })
  }
  const query = { kind: 'reset-mail' as const, limit: 3 }
  const ids: string[] = []
  for await (const { userId } of locksmith.all('/operations', { params: { query } })) ids.push(userId)
  t.same(
    ids.toReversed(),
    Array.from({ length: 7 }, (_, n) => `person-${n}`),
    'each once'
  )
  for await (const { userId } of locksmith.all('/operations', { params: { query: { userId: 'person-3' } } }))
    t.equal(userId, 'person-3', 'the filter goes with it')
  let asked = 0
  const counting = (request: Request) => {
    asked++
    return fetch(request)
  }
  const { locksmith: other } = await startClient(t, { worker: false }, { fetch: counting })
  for await (const _ of other.all('/users', { params: { query: { limit: 1 } } })) break
  t.equal(asked, 1)
})

t.test('text comes as text, and an answer that is not of Locksmith as an error', async (t) => {
  const { locksmith, url } = await startClient(t)
  t.match((await locksmith.GET('/metrics')).data, 'locksmith_')
  const page = (status: number) => async () =>
    new Response('<h1>Log in, please</h1>', { status, headers: { 'content-type': 'text/html' } })
  for (const status of [200, 403]) {
    const behind = createLocksmith({ url, apiKey: firstKey, fetch: page(status) })
    const error = await behind.GET('/operations').catch((thrown) => thrown)
    t.ok(error instanceof LocksmithError)
    t.match(error, { name: 'LocksmithError', status })
  }
})

t.test('no id leads to another route, and the key goes nowhere else', async (t) => {
  const { locksmith, call } = await startClient(t)
  await call('POST', '/stop')
  for (const campaignId of ['..', '.', ''])
    await t.rejects(
      locksmith.POST('/campaigns/{campaignId}/resume', { params: { path: { campaignId } } }),
      TypeError
    )
  t.equal((await locksmith.GET('/stop')).data.stopped, true, 'POST /resume was not what was asked for')
  const asked: string[] = []
  const recording = createLocksmith({
    url: 'https://locksmith.example',
    apiKey: firstKey,
    fetch: async ({ url }) => {
      asked.push(new URL(url).host)
      return Response.json({})
    }
  })
  for (const path of ['.evil.example/stop', ':8443/stop', 'stop'])
    await t.rejects(recording.GET(path as '/stop'), TypeError, path)
  t.same(asked, [])
  let called = 0
  const elsewhere = createServer((_, response) => {
    called++
    response.end('{}')
  }).listen(0, '127.0.0.1')
  const port = () => (elsewhere.address() as AddressInfo).port
  const redirecting = createServer((_, response) =>
    response.writeHead(307, { location: `http://127.0.0.1:${port()}/stop` }).end()
  ).listen(0, '127.0.0.1')
  t.teardown(() => [elsewhere, redirecting].map((server) => server.close()))
  await Promise.all([elsewhere, redirecting].map((server) => server.listening || once(server, 'listening')))
  const url = `http://127.0.0.1:${(redirecting.address() as AddressInfo).port}`
  const led = createLocksmith({ url, apiKey: firstKey, attempts: 1 })
  await t.rejects(led.GET('/stop'), { name: 'LocksmithError', message: 'GET /stop: no answer' })
  t.equal(called, 0)
})
