import t from 'tap'
import { letPass } from '../support/keyed.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { keyIn, keyOf, rowOf } from './caller.ts'

t.test('both keys work until the overlap is over, then the new one alone', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const old = await keyOf(locksmith, ['users:read'], {
    name: 'desk',
    owner: 'anna',
    allowedCidrs: ['127.0.0.1']
  })
  const made = await call('POST', `/keys/${old.id}/rotate`, { body: { overlap: 'PT1H' } })
  t.match(made, {
    status: 201,
    body: {
      name: 'desk',
      owner: 'anna',
      scopes: ['users:read'],
      allowedCidrs: ['127.0.0.1'],
      expiresAt: null
    }
  })
  const fresh = keyIn(made)
  const ask = async () => [
    (await call('GET', '/operations', old)).status,
    (await call('GET', '/operations', fresh)).status
  ]
  t.strictSame(await ask(), [200, 200])
  t.match((await call('GET', `/keys/${old.id}`)).body, { rotatedTo: fresh.id, expiresAt: /Z$/ })
  await letPass(locksmith, { minutes: 59 })
  t.strictSame(await ask(), [200, 200])
  await letPass(locksmith, { minutes: 61 })
  t.strictSame(await eventually(ask, ([before]) => before === 401, 1), [401, 200])
  t.match((await call('GET', '/audit?action=key.rotated')).body.items, [
    { actor: 'key:first', details: { keyId: old.id, to: fresh.id, overlap: 'PT1H' } }
  ])
})

t.test(
  'a key that rotates itself stays who it is; one that another rotates is new, and vouched for',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { call } = locksmith
    const old = await keyOf(locksmith, ['keys:manage'], { owner: 'anna', vouchers: ['zoe'] })
    await letPass(locksmith, { days: 3 })
    const itself = keyIn(await call('POST', `/keys/${old.id}/rotate`, old))
    const [before, after] = [await rowOf(locksmith, old.id), await rowOf(locksmith, itself.id)]
    t.strictSame(
      [after.since, after.owner, after.vouchers],
      [before.since, 'anna', ['zoe']],
      'since, owner and vouchers stay'
    )
    t.not(after.created_at.getTime(), after.since.getTime())

    const other = await keyOf(locksmith, ['keys:manage'], { owner: 'bert', vouchers: ['carla'] })
    const taken = await call('POST', `/keys/${itself.id}/rotate`, other)
    const row = await rowOf(locksmith, taken.body.id)
    t.equal(row.since.getTime(), row.created_at.getTime(), 'known since now')
    t.strictSame([row.owner, row.vouchers], ['anna', ['zoe', 'carla', 'bert']])
  }
)

t.test('rotating itself no key lives longer than it was made for', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const expiresAt = new Date(Date.now() + 3_600_000)
  const brief = await keyOf(locksmith, ['keys:manage'], { expiresAt })
  const itself = await call('POST', `/keys/${brief.id}/rotate`, brief)
  t.equal(itself.body.expiresAt, expiresAt.toISOString())
  await letPass(locksmith, { minutes: 30 })
  const renewed = await call('POST', `/keys/${itself.body.id}/rotate`)
  const more = Date.parse(renewed.body.expiresAt) - expiresAt.getTime()
  t.ok(more > 29 * 60_000, 'somebody without that limit makes it for as long again')
})

t.test('a key is rotated once: who still has the old one cannot go on with it', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const old = await keyOf(locksmith, ['keys:manage'])
  const [one, two] = await Promise.all([1, 2].map(() => call('POST', `/keys/${old.id}/rotate`, old)))
  t.strictSame([one!.status, two!.status].sort(), [201, 409])
  const refused = one!.status === 409 ? one! : two!
  t.match(refused.body, { code: 'key-not-rotatable', rotatedTo: /^\w{12}$/ })
  const made = await call('POST', '/keys', { ...old, body: { name: 'x', scopes: ['keys:manage'] } })
  t.ok(made.body.expiresAt, 'what it makes ends with it')

  const revoked = await keyOf(locksmith, ['users:read'])
  await call('DELETE', `/keys/${revoked.id}`)
  t.match(await call('POST', `/keys/${revoked.id}/rotate`), { status: 409 })
  t.match(await call('POST', '/keys/000000000000/rotate'), { status: 404, body: { code: 'unknown-key' } })
})

t.test('an overlap is a duration of 30 days at most', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const { id } = await keyOf(locksmith, ['users:read'])
  for (const overlap of ['P31D', 'P30DT1M', 'PT721H', 'P5W', 'P1Y', '24h', 'P', 'PT', '-P1D', "P1D'; --"])
    t.equal((await call('POST', `/keys/${id}/rotate`, { body: { overlap } })).status, 400, overlap)
  const at = await call('POST', `/keys/${id}/rotate`, { body: { overlap: 'P30D' } })
  t.equal(at.status, 201)
  const now = await call('POST', `/keys/${at.body.id}/rotate`, { body: { overlap: 'PT0S' } })
  t.equal(now.status, 201)
  const { authorization } = keyIn(at)
  t.equal((await call('GET', '/operations', { authorization })).status, 401, 'none at all')
})

t.test('a request that is sent again makes no second key, and shows no secret', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, world } = locksmith
  const old = await keyOf(locksmith, ['users:read'])
  for (const [path, body] of [
    ['/keys', { name: 'x', scopes: ['users:read'] }],
    [`/keys/${old.id}/rotate`, {}]
  ] as const) {
    const headers = { 'idempotency-key': 'same' }
    const first = await call('POST', path, { headers, body })
    const again = await call('POST', path, { headers, body })
    t.match(again, { status: 201, body: { id: first.body.id, key: undefined } })
    t.equal(again.headers.get('idempotency-replayed'), 'true')
    t.match(first.body.key, /^lsk_/)
    const { rows } = await world.pool.query(`SELECT convert_from(body, 'UTF8') AS text FROM idempotency_key`)
    for (const { text } of rows) t.notMatch(text, 'lsk_')
  }
  t.equal((await call('GET', '/keys')).body.items.length, 3)
})
