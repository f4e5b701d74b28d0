import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { installAccess } from '../../src/http/access.ts'
import { createFastify } from '../../src/http/fastify.ts'
import { installIdempotency } from '../../src/http/idempotency.ts'
import { deleteExpiredIdempotencyKeys } from '../../src/idempotency/idempotency.sql.ts'
import { cleanUp } from '../../src/operations/retention.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { createLog } from '../../src/world.ts'
import { anna, answerIn, count, heldRequest, isReplay, letPass, post } from '../support/keyed.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'
import { nobody } from '../support/nobody.ts'

t.test('the same request with the same key gets the first answer again, byte for byte', async (t) => {
  const locksmith = await startLocksmith(t)
  const { call, sandbox } = locksmith
  sandbox.createUser(anna)
  const first = await post(locksmith, 'a', { body: { reason: 'phone lost', mail: 'none' } })
  t.match(first, { status: 202, body: { state: 'queued' } })
  t.notOk(isReplay(first))
  await eventually(
    async () => (await call('GET', first.headers.get('location')!)).body.state,
    (state) => state === 'succeeded'
  )
  for (const body of [
    '{"mail":"none","reason":"phone lost"}',
    ' { "reason":"phone\\u0020lost","mail":"none" }'
  ]) {
    const again = await post(locksmith, 'a', { body, headers: { prefer: 'wait=20' } })
    t.strictSame(
      answerIn(again),
      answerIn(first),
      'whatever came of it, however it is written and waited for'
    )
    t.ok(isReplay(again))
  }
  const finished = await post(locksmith, 'b', { headers: { prefer: 'wait=20' } })
  t.match(finished, { status: 200, body: { state: 'succeeded' } })
  for (const options of [{}, { body: {} }, { body: '' }]) {
    const again = await post(locksmith, 'b', options)
    t.strictSame(answerIn(again), answerIn(finished), 'no body is an empty one')
    t.equal(again.headers.get('preference-applied'), 'wait=20')
  }
  t.equal(await count(locksmith, 'operation'), 2)
})

t.test(
  'a key stands for one request: another body or path is refused, another route or API key is its own',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { sandbox, world } = locksmith
    for (const id of ['anna', 'bert']) sandbox.createUser({ ...anna, id })
    t.equal((await post(locksmith, 'a')).status, 202)
    for (const other of [
      { body: { reason: 'other' } },
      { body: { mail: 'nextcloud' } },
      { path: '/users/anna/reset?dryRun=false' },
      { path: '/users/bert/reset' },
      { path: '/users/Anna/reset' }
    ])
      t.match(await post(locksmith, 'a', other), { status: 422, body: { code: 'idempotency-key-reused' } })
    t.equal((await post(locksmith, 'a', { path: '/users/bert/reset-mail' })).status, 202)

    const { id, key, hash } = makeKey()
    await insertKey(world.pool, { id, name: 'other', secretHash: hash, scopes: ['users:reset'] })
    t.match(await post(locksmith, 'a', { authorization: `Bearer ${key}` }), {
      status: 409,
      body: { code: 'operation-already-running' }
    })
    t.equal(await count(locksmith, 'operation'), 2)
  }
)

t.test('while the first request is at work the same one is told to come back', async (t) => {
  const locksmith = await startLocksmith(t)
  const { waiting, go } = await heldRequest(locksmith, 'a')
  const second = await post(locksmith, 'a')
  t.match(second, { status: 409, body: { code: 'idempotency-key-in-flight' } })
  t.equal(second.headers.get('retry-after'), '1')
  t.match(await post(locksmith, 'a', { body: { mail: 'none' } }), { status: 422 }, 'another one for good')
  await letPass(locksmith, { seconds: 110 })
  t.equal((await post(locksmith, 'a')).status, 409, 'for as long as a request can last')
  go()
  const first = await waiting
  t.match(first, { status: 200, body: { state: 'succeeded' } })
  t.strictSame(answerIn(await post(locksmith, 'a')), answerIn(first))
})

t.test('a refusal is an answer too, also once its reason is gone', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { sandbox, world, call } = locksmith
  sandbox.createUser(anna)
  const { body } = await call('POST', '/users/anna/reset')
  const retry = `/operations/${body.id}/retry`
  const cases = [
    [404, 'unknown-operation', '/operations/01a20914-e240-7000-8574-df606ca606b4/retry'],
    [422, 'own-account', `/users/${sandbox.admin.user}/reset`],
    [409, 'operation-not-retryable', retry]
  ] as const
  const ask = () => Promise.all(cases.map(([, code, path]) => post(locksmith, code, { path })))
  const first = await ask()
  for (const [i, [status, code]] of cases.entries()) t.match(first[i], { status, body: { code } })
  await world.pool.query(`UPDATE operation SET state = 'needs-attention', finished_at = now()`)
  const again = await ask()
  t.strictSame(again.map(answerIn), first.map(answerIn))
  t.ok(again.every(isReplay))
  t.equal((await post(locksmith, 'fresh', { path: retry })).status, 202, 'a fresh key asks anew')
})

t.test(
  'what may be taken a moment later is not kept: another operation in the way, a failure of ours',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { sandbox, world, call } = locksmith
    sandbox.createUser(anna)
    await world.pool.query('ALTER TABLE operation RENAME TO hidden')
    t.equal((await post(locksmith, 'a')).status, 500)
    await world.pool.query('ALTER TABLE hidden RENAME TO operation')
    t.equal((await post(locksmith, 'a')).status, 202, 'after a failure')

    for (const _ of [1, 2])
      t.match(await post(locksmith, 'b'), { status: 409, body: { code: 'operation-already-running' } })
    const worker = await startWorker(world)
    t.teardown(() => worker.stop())
    const ask = () => post(locksmith, 'b', { headers: { prefer: 'wait=20' } })
    t.match(await eventually(ask, ({ status }) => status !== 409), { status: 200 }, 'once the other is over')

    const before = await count(locksmith, 'idempotency_key')
    const { id, key, hash } = makeKey()
    await insertKey(world.pool, { id, name: 'reader', secretHash: hash, scopes: ['users:read'] })
    t.equal((await post(locksmith, 'c', { authorization: `Bearer ${key}` })).status, 403)
    t.equal((await post(locksmith, 'c', { authorization: null })).status, 401)
    t.equal((await post(locksmith, 'c', { body: { revoke: 'some' } })).status, 400)
    t.equal((await post(locksmith, 'c', { body: '{' })).status, 400)
    t.equal((await call('GET', '/operations', { headers: { 'idempotency-key': 'c' } })).status, 200)
    t.equal(await count(locksmith, 'idempotency_key'), before, 'nor a request that no handler saw')
  }
)

t.test('a cancel that is sent again does not close what it stopped, as a second one would', async (t) => {
  const locksmith = await startLocksmith(t)
  const { call } = locksmith
  const { go } = await heldRequest(locksmith, 'a')
  const { id } = (await call('GET', '/operations')).body.items[0]
  const path = `/operations/${id}/cancel`
  const first = await post(locksmith, 'b', { path })
  t.match(first, { status: 202, body: { state: 'running' } })
  go()
  const state = async () => (await call('GET', `/operations/${id}`)).body.state
  await eventually(state, (now) => now === 'needs-attention')
  t.strictSame(answerIn(await post(locksmith, 'b', { path })), answerIn(first))
  t.equal(await state(), 'needs-attention')
  t.match(await post(locksmith, 'c', { path }), { status: 202, body: { state: 'cancelled' } })
})

t.test('both forms of a key are the same, and what cannot be one is refused', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { sandbox } = locksmith
  const longest = 'x'.repeat(255)
  const hostile = `');DROP/**/TABLE/**/operation;--`
  const pairs = [
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '"8e03978e-40d5-43dd-bc93-6894a57f9324"'],
    ['"a\\"b\\\\c"', 'a"b\\c'],
    [longest, `"${longest}"`],
    [hostile, `"${hostile}"`],
    ['__proto__', '"__proto__"'],
    ['\\u0000%00', '"\\\\u0000%00"']
  ] as const
  for (const [i, [one, other]] of pairs.entries()) {
    const path = `/users/user${i}/reset`
    sandbox.createUser({ ...anna, id: `user${i}` })
    const first = await post(locksmith, one, { path })
    t.equal(first.status, 202, one)
    t.strictSame(answerIn(await post(locksmith, other, { path })), answerIn(first), other)
  }
  const utf8 = Buffer.from('ключ').toString('latin1')
  for (const key of [
    '',
    `${longest}x`,
    `"${longest}x"`,
    '""',
    '"',
    '"a',
    '"a"b"',
    '"a";p=1',
    '"\\n"',
    'a, b',
    'a\tb',
    'é',
    utf8,
    "'; DROP TABLE operation; --"
  ])
    t.match(await post(locksmith, key), { status: 400, body: { code: 'idempotency-key-invalid' } }, key)
  for (const control of ['\0', '\x01', '\x7f', '\r'])
    t.match(await postRaw(locksmith.url, `a${control}b`), /^HTTP\/1.1 400 /, JSON.stringify(control))
  t.equal(await count(locksmith, 'operation'), pairs.length)
})

t.test('a strict API key changes nothing without an Idempotency-Key, and reads as ever', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { sandbox, world, call } = locksmith
  sandbox.createUser(anna)
  const { id, key, hash } = makeKey()
  const scopes = ['admin' as const]
  await insertKey(world.pool, { id, name: 'strict', secretHash: hash, scopes, requireIdempotencyKey: true })
  const authorization = `Bearer ${key}`
  for (const path of [
    '/users/anna/reset',
    '/users/anna/reset-mail',
    '/operations/01a20914-e240-7000-8574-df606ca606b4/retry',
    '/operations/01a20914-e240-7000-8574-df606ca606b4/cancel'
  ])
    t.match(await call('POST', path, { authorization }), {
      status: 400,
      body: { code: 'idempotency-key-missing' }
    })
  t.equal((await call('GET', '/operations', { authorization })).status, 200)
  t.equal((await post(locksmith, 'a', { authorization })).status, 202)
  t.equal(await count(locksmith, 'operation'), 1)
})

t.test('after its days a key is forgotten, by the clock of the database', async (t) => {
  const locksmith = await startLocksmith(t)
  const { sandbox, world } = locksmith
  sandbox.createUser(anna)
  const first = await post(locksmith, 'a', { headers: { prefer: 'wait=20' } })
  await letPass(locksmith, { days: 7, minutes: -1 })
  t.strictSame(answerIn(await post(locksmith, 'a')), answerIn(first), 'not sooner')
  t.equal(await deleteExpiredIdempotencyKeys(world.pool, 7), 0)
  await letPass(locksmith, { days: 7 })
  const later = await post(locksmith, 'a', { body: { mail: 'none' }, headers: { prefer: 'wait=20' } })
  t.match(later, { status: 200, body: { mail: 'none' } }, 'also for another request')
  t.notOk(isReplay(later))
  t.ok(isReplay(await post(locksmith, 'a', { body: { mail: 'none' } })), 'which is remembered in its turn')
  t.equal(await count(locksmith, 'operation'), 2)
  await letPass(locksmith, { days: 14, minutes: 1 })
  await cleanUp(world)
  t.equal(await count(locksmith, 'idempotency_key'), 0)
})

t.test('nothing of the request is kept but a hash', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const path = `/users/${locksmith.sandbox.admin.user}/reset`
  t.equal((await post(locksmith, 'a', { path, body: { reason: 'told-in-confidence' } })).status, 422)
  const { rows } = await locksmith.world.pool.query(
    `SELECT k::text, convert_from(body, 'UTF8') AS body FROM idempotency_key k`
  )
  t.match(rows, [{ body: /own-account/ }])
  t.notMatch(JSON.stringify(rows), 'told-in-confidence')
})

t.test('a route that changes something and says nothing of Idempotency-Key fails at start', async (t) => {
  const app = createFastify(createLog('silent'))
  installAccess(app as never, nobody)
  installIdempotency(app as never, {} as never)
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
    const add = (idempotency?: 'key' | { none: string }) => () =>
      app.route({
        method,
        url: `/${typeof idempotency}`,
        config: { access: 'any-key', ...(idempotency && { idempotency }) },
        handler: async () => ({})
      })
    t.throws(add(), /does not declare whether it honours Idempotency-Key/, method)
    t.doesNotThrow(add('key'))
    t.doesNotThrow(add({ none: 'it only computes' }))
  }
  t.doesNotThrow(() => app.get('/read', { config: { access: 'public' } }, async () => ({})))
  t.throws(
    () => app.post('/p', { config: { access: 'public', idempotency: 'key' } }, async () => ({})),
    /a key has an owner/
  )
})

/** Sends what no client library would: a key with control characters in it. @returns the whole answer */
async function postRaw(url: string, key: string): Promise<string> {
  const { hostname, port } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.end(
    `POST /users/anna/reset HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${firstKey}\r\nIdempotency-Key: ${key}\r\nConnection: close\r\n\r\n`
  )
  return text(socket)
}
