import t, { type Test } from 'tap'
import { lockRetention } from '../../src/operations/retention.sql.ts'
import { cleanUp } from '../../src/operations/retention.ts'
import { anna, count, isReplay, letPass, post } from '../support/keyed.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from '../support/locksmith.ts'

const quick = { headers: { prefer: 'wait=20' }, body: { mail: 'none' } }

async function begin(t: Test, options: Options = {}) {
  const locksmith = await startLocksmith(t, options)
  locksmith.sandbox.createUser(anna)
  return locksmith
}

const states = async ({ call }: Locksmith): Promise<string[]> =>
  (await call('GET', '/operations?limit=200')).body.items.map(({ state }: { state: string }) => state).sort()

t.test(
  'operations that are over go with their steps; what is open or needs a person stays, and the audit',
  async (t) => {
    const locksmith = await begin(t)
    const { call, sandbox, world } = locksmith
    await call('POST', '/users/anna/reset', quick)
    const cancelled = await call('POST', '/users/anna/reset', quick)
    const failed = await call('POST', '/users/anna/reset', quick)
    for (const [{ body }, state] of [
      [cancelled, 'cancelled'],
      [failed, 'failed']
    ] as const)
      await world.pool.query('UPDATE operation SET state = $2 WHERE id = $1', [body.id, state])
    sandbox.treatMail(anna.email, 'reject')
    await call('POST', '/users/anna/reset', { ...quick, body: { mail: 'smtp' } })
    sandbox.settings({ maintenance: true })
    await call('POST', '/users/anna/reset')
    await eventually(
      () => states(locksmith),
      (all) => all.includes('waiting')
    )
    const audited = await count(locksmith, 'audit_event')
    await letPass(locksmith, { days: 399 })
    await cleanUp(world)
    t.equal((await states(locksmith)).length, 5, 'kept for 400 days')
    await letPass(locksmith, { days: 401 })
    await cleanUp(world)
    const left = await states(locksmith)
    t.equal(left.length, 2)
    t.ok(left.includes('needs-attention'))
    t.equal(await count(locksmith, 'operation_step'), 8, 'of those that are left')
    t.ok((await count(locksmith, 'audit_event')) >= audited)
    t.equal(
      await count(
        locksmith,
        `audit_event WHERE operation_id = '${cancelled.body.id}' AND action = 'operation.requested'`
      ),
      1
    )
  }
)

t.test('KEEP_OPERATIONS_DAYS says for how long, from when an operation ended', async (t) => {
  const locksmith = await begin(t, { env: { KEEP_OPERATIONS_DAYS: '2' } })
  const { call, world } = locksmith
  const { body } = await call('POST', '/users/anna/reset', quick)
  await world.pool.query(`UPDATE operation SET created_at = created_at - interval '1 year'`)
  await letPass(locksmith, { days: 1, minutes: 1_439 })
  await cleanUp(world)
  t.equal((await call('GET', `/operations/${body.id}`)).status, 200)
  await letPass(locksmith, { days: 2, minutes: 1 })
  await cleanUp(world)
  t.equal((await call('GET', `/operations/${body.id}`)).status, 404)
})

t.test(
  'what an operation took over from stays as long as that needs a person: it owes its mail',
  async (t) => {
    // Tried again the first would not be waiting for that moment.
    const env = { RETRY_FIRST_SECONDS: '60', RETRY_MAX_SECONDS: '60' }
    const locksmith = await begin(t, { env })
    const { call, sandbox, world } = locksmith
    sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: '429-empty' })
    const { body: first } = await call('POST', '/users/anna/reset')
    await eventually(
      () => states(locksmith),
      (all) => all.includes('waiting')
    )
    sandbox.treatMail(anna.email, 'reject')
    const { body: second } = await call('POST', '/users/anna/reset', { ...quick, body: { mail: 'smtp' } })
    t.equal(second.state, 'needs-attention')
    await letPass(locksmith, { days: 500 })
    await cleanUp(world)
    t.equal((await call('GET', `/operations/${first.id}`)).body.state, 'cancelled')
    await call('POST', `/operations/${second.id}/cancel`)
    await letPass(locksmith, { days: 1_000 })
    await cleanUp(world)
    t.equal(await count(locksmith, 'operation'), 0)
  }
)

t.test('one replica at a time cleans up, the others do not wait for it', async (t) => {
  const locksmith = await begin(t, { env: { KEEP_OPERATIONS_DAYS: '1' } })
  const { call, world } = locksmith
  await call('POST', '/users/anna/reset', quick)
  await letPass(locksmith, { days: 2 })
  const other = await world.pool.connect()
  await other.query('BEGIN')
  t.ok(await lockRetention(other))
  await cleanUp(world)
  t.equal(await count(locksmith, 'operation'), 1)
  await other.query('COMMIT')
  other.release()
  await cleanUp(world)
  t.equal(await count(locksmith, 'operation'), 0)
})

t.test('however many there are, all that are old enough go', async (t) => {
  const locksmith = await begin(t, { worker: false })
  const { world } = locksmith
  await world.pool.query(
    `INSERT INTO operation (id, kind, user_id, place, state, input, job, requested_by, finished_at)
     SELECT gen_random_uuid(), 'reset', 'u', 'u', 'succeeded', '{}', gen_random_uuid(), 'key:first',
            locksmith_now() - make_interval(days => CASE WHEN n <= 2345 THEN 500 ELSE 1 END)
       FROM generate_series(1, 2400) n`
  )
  await cleanUp(world)
  t.equal(await count(locksmith, 'operation'), 55)
})

t.test('expired idempotency keys go, younger ones are still answered', async (t) => {
  const locksmith = await begin(t, { worker: false, env: { KEEP_IDEMPOTENCY_KEYS_DAYS: '3' } })
  await post(locksmith, 'old')
  await letPass(locksmith, { days: 2 })
  const { body } = await post(locksmith, 'young', { path: '/users/anna/reset-mail' })
  t.equal(body.code, 'operation-already-running')
  await locksmith.world.pool.query(`UPDATE operation SET state = 'cancelled', finished_at = locksmith_now()`)
  const young = await post(locksmith, 'young')
  t.equal(young.status, 202)
  await letPass(locksmith, { days: 3, minutes: 1 })
  await cleanUp(locksmith.world)
  t.equal(await count(locksmith, 'idempotency_key'), 1)
  const again = await post(locksmith, 'young')
  t.equal(again.text, young.text)
  t.ok(isReplay(again))
})

t.test('what no limit counts any longer goes, and refused passwords of yesterday', async (t) => {
  const locksmith = await begin(t)
  const { call, world } = locksmith
  await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
  await world.pool.query(`INSERT INTO failed_login (account) VALUES ('anna')`)
  const rest = async () => ({
    uses: await count(locksmith, 'limit_use'),
    budgets: await count(locksmith, 'limit_state'),
    failures: await count(locksmith, 'failed_login')
  })
  await letPass(locksmith, { minutes: 23 * 60 })
  await cleanUp(world)
  t.same(await rest(), { uses: 3, budgets: 3, failures: 1 })
  await letPass(locksmith, { minutes: 25 * 60 })
  await world.pool.query(`INSERT INTO failed_login (account) VALUES ('anna')`)
  await cleanUp(world)
  t.same(await rest(), { uses: 0, budgets: 0, failures: 1 })
})

t.test('a worker cleans up when it starts', async (t) => {
  const locksmith = await begin(t)
  const { call, sandbox, databaseUrl } = locksmith
  const { body } = await call('POST', '/users/anna/reset', quick)
  await letPass(locksmith, { days: 500 })
  t.equal((await call('GET', `/operations/${body.id}`)).status, 200)
  await startLocksmith(t, { sandbox, databaseUrl })
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).status,
    (status) => status === 404
  )
})
