import t from 'tap'
import { makeKey } from '../../src/access/key.ts'
import { keyOf } from '../access/caller.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

t.test('each key has so many requests a minute, and every answer says how many are left', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false, env: { RATE_LIMIT_PER_MINUTE: '3' } })
  const { call } = locksmith
  const key = await keyOf(locksmith, ['users:read'])
  for (const left of [2, 1, 0]) {
    // Refused or not, it is a request.
    const { headers } = await call('GET', left === 1 ? '/audit' : '/operations', key)
    t.equal(headers.get('ratelimit-policy'), '"default";q=3;w=60')
    t.match(headers.get('ratelimit'), new RegExp(`^"default";r=${left};t=(60|5\\d)$`))
  }
  const over = await call('GET', '/operations', key)
  t.match(over, { status: 429, body: { code: 'rate-limited' } })
  t.match(over.headers.get('retry-after'), /^(60|5\d)$/)
  t.match(over.headers.get('ratelimit'), /^"default";r=0;t=/)
  t.equal((await call('GET', '/operations')).status, 200, 'another key is not concerned')
})

t.test('health, problems and documentation count for no key', async (t) => {
  const { call } = await startLocksmith(t, { worker: false, env: { RATE_LIMIT_PER_MINUTE: '1' } })
  for (let i = 0; i < 4; i++)
    for (const path of ['/health/live', '/health/ready', '/openapi.json', '/docs/', '/problems/unauthorized'])
      t.match(await call('GET', path), { status: 200 }, path)
  t.equal((await call('GET', '/operations')).status, 200)
  t.equal((await call('GET', '/operations')).status, 429)
})

t.test('who guesses keys is stopped before anything is looked up', async (t) => {
  const env = { RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3', TRUST_PROXY: '127.0.0.1' }
  const { call, world } = await startLocksmith(t, { worker: false, env })
  const queries: unknown[] = []
  const { query } = world.pool
  world.pool.query = ((...args: unknown[]) => {
    queries.push(args)
    return (query as (...args: unknown[]) => unknown).apply(world.pool, args)
  }) as never
  const guess = (address: string, authorization: string | null = `Bearer ${makeKey().key}`) =>
    call('GET', '/operations', { authorization, headers: { 'x-forwarded-for': address } })
  for (let i = 0; i < 3; i++) t.equal((await guess(`2001:db8::${i}`)).status, 401)
  queries.length = 0
  const stopped = await guess('2001:db8::ffff:1')
  t.match(stopped, { status: 429, body: { code: 'too-many-failed-logins' } })
  t.match(stopped.headers.get('retry-after'), /^\d+$/)
  t.match(
    await guess('2001:db8::9', 'Bearer test-key-with-every-scope'),
    { status: 429 },
    'not even a good one'
  )
  t.equal(queries.length, 0)
  t.equal((await guess('2001:db8:0:1::1')).status, 401, 'the next network')
  t.equal((await guess('192.0.2.7', null)).status, 401)
  for (let i = 0; i < 5; i++) t.equal((await guess('192.0.2.7', null)).status, 401, 'no key guesses nothing')
  for (let i = 0; i < 3; i++) await guess('192.0.2.7', 'Basic eDp5')
  t.equal((await guess('::ffff:192.0.2.7')).status, 429, 'one address, however it is written')
})

t.test('who stole a key uses up nothing from where it may not be used', async (t) => {
  const env = { RATE_LIMIT_PER_MINUTE: '2', TRUST_PROXY: '127.0.0.1' }
  const locksmith = await startLocksmith(t, { worker: false, env })
  const key = await keyOf(locksmith, ['users:read'], { allowedCidrs: ['192.0.2.0/24'] })
  const from = async (address: string) =>
    (await locksmith.call('GET', '/operations', { ...key, headers: { 'x-forwarded-for': address } })).status
  for (let i = 0; i < 5; i++) t.equal(await from('203.0.113.9'), 403)
  t.equal(await from('192.0.2.7'), 200)
})

t.test('whoever guesses behind the same address keeps no good key from working', async (t) => {
  const env = { RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3' }
  const locksmith = await startLocksmith(t, { worker: false, env })
  const good = await keyOf(locksmith, ['users:read'])
  const fresh = await keyOf(locksmith, ['users:read'])
  const ask = async (key: { authorization: string }) =>
    (await locksmith.call('GET', '/operations', key)).status
  t.equal(await ask(good), 200)
  for (let i = 0; i < 3; i++) t.equal(await ask({ authorization: `Bearer ${makeKey().key}` }), 401)
  t.equal(await ask({ authorization: `Bearer ${makeKey().key}` }), 429)
  t.equal(await ask(fresh), 429, 'one that was never seen there could be a guess')
  t.equal(await ask(good), 200)
  await locksmith.world.pool.query('UPDATE api_key SET revoked_at = now() WHERE id = $1', [good.id])
  await eventually(
    () => ask(good),
    (status) => status === 401
  )
  // The first refusal may be of a request whose key ended while it was under way: that was no guess.
  t.equal(
    await eventually(
      () => ask(good),
      (status) => status !== 401
    ),
    429,
    'and is good no more'
  )
})
