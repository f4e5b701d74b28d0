import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { plantCampaign } from '../support/planted-campaign.ts'
import { keyIn, keyOf, rowOf } from './caller.ts'

t.test('a key is shown once, and no answer after that holds its secret', async (t) => {
  const { call, world } = await startLocksmith(t, { worker: false })
  const made = await call('POST', '/keys', {
    body: { name: 'helpdesk', scopes: ['users:read'], owner: 'anna' }
  })
  t.match(made, {
    status: 201,
    body: { name: 'helpdesk', owner: 'anna', createdBy: 'key:first', vouchers: ['host'] }
  })
  const { id, key, authorization } = keyIn(made)
  t.equal(made.headers.get('location'), `/keys/${id}`)
  t.equal((await call('GET', '/operations', { authorization })).status, 200)
  t.equal((await call('GET', '/audit', { authorization })).status, 403)
  const answers = [
    await call('GET', '/keys'),
    await call('GET', `/keys/${id}`),
    await call('GET', '/audit?action=key.created'),
    await call('DELETE', `/keys/${id}`)
  ]
  const secret = key.slice(17)
  for (const { text, status } of answers) {
    t.equal(status, 200)
    t.notMatch(text, secret)
    t.match(text, id)
  }
  const { rows } = await world.pool.query('SELECT to_json(k)::text AS text FROM api_key k')
  t.notMatch(JSON.stringify(rows), secret)
})

t.test('the list of keys goes by pages, newest first', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const ids: string[] = []
  for (let i = 0; i < 5; i++) ids.unshift((await keyOf(locksmith, ['users:read'])).id)
  const seen: string[] = []
  for (let path: string | undefined = '/keys?limit=2'; path; ) {
    const { body, headers } = await locksmith.call('GET', path)
    seen.push(...body.items.map((each: { id: string }) => each.id))
    path = /<(.*)>; rel="next"/.exec(headers.get('link') ?? '')?.[1]
  }
  t.strictSame(seen, ids)
})

t.test('a revoked key opens nothing within a second, in every process', async (t) => {
  const one = await startLocksmith(t, { worker: false })
  const other = await startLocksmith(t, { worker: false, databaseUrl: one.databaseUrl, sandbox: one.sandbox })
  const { id, authorization } = await keyOf(one, ['users:read'])
  const ask = async () => [
    (await one.call('GET', '/operations', { authorization })).status,
    (await other.call('GET', '/operations', { authorization })).status
  ]
  t.strictSame(await ask(), [200, 200])
  const begun = performance.now()
  t.match(await one.call('DELETE', `/keys/${id}`), { status: 200, body: { revokedAt: /Z$/ } })
  await eventually(ask, ([a, b]) => a === 401 && b === 401, 2)
  t.ok(performance.now() - begun < 1_000)
  const again = await one.call('DELETE', `/keys/${id}`)
  t.equal(again.status, 200, 'twice is fine')
  t.equal((await one.call('GET', '/audit?action=key.revoked')).body.items.length, 1, 'and told once')
})

t.test('a key that is revoked while the body is on its way does nothing any more', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox, url, world } = locksmith
  sandbox.createUser({ id: 'ann' })
  const { id, authorization } = await keyOf(locksmith, ['users:offboard'])
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  t.teardown(() => socket.destroy())
  let said = ''
  socket.on('data', (data) => {
    said += data
  })
  socket.write(
    `POST /users/ann/disable HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{`
  )
  await eventually(
    () => world.pool.query('SELECT FROM api_key WHERE id = $1 AND last_used_at IS NOT NULL', [id]),
    ({ rowCount }) => rowCount === 1
  )
  t.equal((await call('DELETE', `/keys/${id}`)).status, 200)
  await sleep(1_000)
  socket.write('}')
  await eventually(
    () => said,
    (text) => text.includes('\r\n\r\n')
  )
  t.match(said, /^HTTP\/1\.1 401 /)
  t.same((await call('GET', '/operations')).body.items, [])
})

t.test('a stream that was opened with a key ends when the key is revoked', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, url, world } = locksmith
  const { campaignId } = await plantCampaign(world.pool)
  const { id, authorization } = await keyOf(locksmith, ['campaigns:read'])
  const answer = await fetch(`${url}/campaigns/${campaignId}/events`, { headers: { authorization } })
  const reader = answer.body!.pipeThrough(new TextDecoderStream()).getReader()
  t.match((await reader.read()).value, /^event: campaign/)
  t.equal((await call('DELETE', `/keys/${id}`)).status, 200)
  await sleep(600)
  await world.pool.query(`UPDATE campaign SET name = 'changed' WHERE id = $1`, [campaignId])
  t.strictSame(await reader.read(), { value: undefined, done: true }, 'and nothing more is told')
})

t.test('a key that was revoked a moment ago leaves none behind', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, world } = locksmith
  const thief = await keyOf(locksmith, ['keys:manage'])
  const body = { name: 'x', scopes: ['keys:manage'] }
  t.equal((await call('POST', '/keys', { ...thief, body })).status, 201)
  // Past the memory of this process, in which it is still good.
  await world.pool.query('UPDATE api_key SET revoked_at = locksmith_now() WHERE id = $1', [thief.id])
  t.match(await call('POST', '/keys', { ...thief, body }), { status: 401, body: { detail: /meanwhile/ } })
  t.equal((await call('GET', '/keys')).body.items.length, 2)
})

t.test('a key that expires opens nothing from then on, by the clock of the database', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, world } = locksmith
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString()
  const made = await call('POST', '/keys', { body: { name: 'brief', scopes: ['users:read'], expiresAt } })
  t.equal(made.body.expiresAt, expiresAt)
  const { authorization } = keyIn(made)
  const ask = async () => (await call('GET', '/operations', { authorization })).status
  t.equal(await ask(), 200)
  await world.pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT clock_timestamp() + interval ''61 minutes'''`
  )
  await eventually(ask, (status) => status === 401, 1)
  t.match(await call('POST', '/keys', { body: { name: 'late', scopes: ['users:read'], expiresAt } }), {
    status: 400,
    body: { detail: /not in the future/ }
  })
})

t.test('when a key was used is known to the minute, and no request waits for it', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, world } = locksmith
  const { id, authorization } = await keyOf(locksmith, ['users:read'])
  t.equal((await call('GET', `/keys/${id}`)).body.lastUsedAt, null)
  const tx = await world.pool.connect()
  await tx.query('BEGIN')
  await tx.query('SELECT FROM api_key WHERE id = $1 FOR UPDATE', [id])
  t.equal((await call('GET', '/operations', { authorization })).status, 200, 'although the row is locked')
  await tx.query('COMMIT')
  tx.release()
  const used = async () => (await call('GET', `/keys/${id}`)).body.lastUsedAt
  const at = await eventually(used, (time) => time !== null)
  for (let i = 0; i < 20; i++) await call('GET', '/operations', { authorization })
  t.equal(await used(), at)
})

t.test('nobody hands out more than they have', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const soon = new Date(Date.now() + 3_600_000)
  const later = new Date(Date.now() + 7_200_000).toISOString()
  const manager = await keyOf(locksmith, ['keys:manage', 'users:read'], { owner: 'mallory' })
  const admin = await keyOf(locksmith, ['admin'], {
    owner: 'root',
    allowedCidrs: ['127.0.0.0/8', '2001:db8::/32'],
    expiresAt: soon,
    requireIdempotencyKey: false
  })
  const create = (authorization: string, body: object) =>
    call('POST', '/keys', { authorization, body: { name: 'x', scopes: ['users:read'], ...body } })
  for (const [{ authorization }, body, beyond] of [
    [manager, { scopes: ['users:read', 'users:wipe'] }, ['users:wipe']],
    [manager, { scopes: ['admin'] }, ['admin']],
    [admin, { allowedCidrs: ['10.0.0.0/8'] }, ['allowedCidrs']],
    [admin, { allowedCidrs: ['0.0.0.0/0'] }, ['allowedCidrs']],
    [admin, { allowedCidrs: ['127.0.0.1', '::/0'] }, ['allowedCidrs']],
    [admin, { expiresAt: later }, ['expiresAt']]
  ] as const)
    t.match(await create(authorization, body), { status: 403, body: { code: 'beyond-own-rights', beyond } })
  const narrow = await create(admin.authorization, {
    scopes: ['users:wipe'],
    allowedCidrs: ['127.0.0.1', '2001:db8:1::/48', '::ffff:127.0.0.2'],
    allowedGroups: ['acme']
  })
  t.match(narrow, { status: 201, body: { expiresAt: soon.toISOString(), vouchers: ['root'], owner: 'root' } })
  const asIs = await create(admin.authorization, {})
  t.strictSame(
    asIs.body.allowedCidrs,
    ['127.0.0.0/8', '2001:db8::/32'],
    'what is left out is as its maker has it'
  )

  const strict = await keyOf(locksmith, ['keys:manage'], { requireIdempotencyKey: true })
  const headers = { 'idempotency-key': 'one' }
  const body = { name: 'x', scopes: ['keys:manage'], requireIdempotencyKey: false }
  t.match(await call('POST', '/keys', { authorization: strict.authorization, headers, body }), {
    status: 403,
    body: { beyond: ['requireIdempotencyKey'] }
  })

  const strong = await keyOf(locksmith, ['users:wipe'])
  t.match(await call('POST', `/keys/${strong.id}/rotate`, { authorization: manager.authorization }), {
    status: 403,
    body: { code: 'beyond-own-rights', beyond: ['users:wipe'] }
  })
  t.equal((await rowOf(locksmith, strong.id)).rotated_to, null, 'and the key is as it was')
})

t.test('whoever makes a second key, by whatever name, is told by it', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call } = locksmith
  const anna = await keyOf(locksmith, ['keys:manage', 'users:reset'], { owner: 'anna' })
  t.strictSame((await rowOf(locksmith, anna.id)).vouchers, [], 'made on the host')
  const scopes = ['keys:manage', 'users:reset']
  const second = keyIn(
    await call('POST', '/keys', {
      authorization: anna.authorization,
      body: { name: 'b', scopes, owner: 'bert' }
    })
  )
  const third = await call('POST', '/keys', {
    authorization: second.authorization,
    body: { name: 'c', scopes, owner: 'carla' }
  })
  t.strictSame(third.body.vouchers, ['anna', 'bert'])
  const own = await call('POST', '/keys', { authorization: anna.authorization, body: { name: 'a', scopes } })
  t.equal(own.body.owner, 'anna', 'who names no owner is the owner')
})

t.test('a name, owner or network that is none is refused', async (t) => {
  const { call } = await startLocksmith(t, { worker: false })
  for (const body of [
    { name: 'x\n' },
    { name: 'x\u202e' },
    { name: '' },
    { owner: 'a\u0000' },
    { owner: '\ud800' },
    { owner: 'x'.repeat(401) },
    { scopes: [] },
    { scopes: ['everything'] },
    { allowedCidrs: [] },
    { allowedCidrs: ['10.0.0.0/33'] },
    { allowedCidrs: ['localhost'] },
    { allowedGroups: [] },
    { allowedGroups: ['a\u0000'] },
    { expiresAt: 'tomorrow' },
    { id: 'mine' },
    { vouchers: [] }
  ])
    t.match(
      await call('POST', '/keys', { body: { name: 'x', scopes: ['users:read'], ...body } }),
      { status: 400, body: { code: 'invalid-request' } },
      JSON.stringify(body)
    )
})
