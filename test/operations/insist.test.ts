import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { anna } from '../support/keyed.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from '../support/locksmith.ts'
import { type Detour, startProxy } from '../support/proxy.ts'

const state = (pool: Pool) => async () =>
  (await pool.query('SELECT id, state FROM operation ORDER BY id DESC LIMIT 1')).rows[0]

/** What was written of the last operation: its state, each step, and the audit. */
async function written(pool: Pool) {
  const { rows: steps } = await pool.query(
    'SELECT name, state, attempts FROM operation_step ORDER BY position'
  )
  const { rows: audit } = await pool.query(
    `SELECT action, details->>'step' AS step FROM audit_event WHERE operation_id IS NOT NULL ORDER BY seq`
  )
  const { rows: operations } = await pool.query(`SELECT state, problem->>'code' AS problem FROM operation`)
  return { operations, steps, audit }
}

/**
 * From now on the COMMIT of a transaction that says `what` is done and its answer never comes: once, or each time but
 * where it is tried again.
 */
function loseAnswers(pool: Pool, what: string, { once = false } = {}) {
  const connect = pool.connect.bind(pool) as () => Promise<import('pg').PoolClient>
  const lost = { count: 0 }
  let again = false
  // biome-ignore lint/suspicious/noExplicitAny: pg's own overloads, all handed on
  pool.connect = (async (...args: any[]) => {
    if (args.length > 0) return (connect as (...args: unknown[]) => unknown)(...args)
    const client = await connect()
    const query = client.query.bind(client) as (...args: unknown[]) => Promise<unknown>
    const release = client.release.bind(client)
    let said = false
    client.query = (async (...args: unknown[]) => {
      if (String(args[0]).includes(what)) said = true
      const result = await query(...args)
      if (args[0] !== 'COMMIT' || !said || (once && lost.count > 0)) return result
      again = !again
      if (!again) return result
      lost.count++
      ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
      throw new Error('Connection terminated unexpectedly')
    }) as typeof client.query
    client.release = (error) => {
      client.query = query as typeof client.query
      client.release = release
      release(error)
    }
    return client
  }) as typeof pool.connect
  return lost
}

async function begin(t: Test, options: Options = {}) {
  const locksmith = await startLocksmith(t, options)
  locksmith.sandbox.createUser(anna)
  locksmith.sandbox.createAppPassword('anna', 'Phone')
  return locksmith
}

const resetMails = ({ sandbox }: Locksmith) =>
  sandbox.mails({ to: anna.email }).filter((mail) => sandbox.linkOf(mail)?.includes('/lostpassword/')).length

async function play(locksmith: Locksmith, until: string) {
  await locksmith.call('POST', '/users/anna/reset')
  await eventually(state(locksmith.world.pool), (operation) => operation?.state === until)
  return written(locksmith.world.pool)
}

t.test(
  'writes of a claim whose COMMIT got no answer are there once: no step and no audit row twice',
  async (t) => {
    const usual = await play(await begin(t), 'succeeded')
    const locksmith = await begin(t)
    const lost = loseAnswers(locksmith.world.pool, 'SET revision')
    t.same(await play(locksmith, 'succeeded'), usual)
    t.ok(lost.count >= 9, `${lost.count} answers were lost`)
    t.equal(resetMails(locksmith), 1)
    t.same(locksmith.sandbox.counters().putsByAdmin, { admin: 1 })
  }
)

t.test('nor where the write lets the operation wait, or ends it for a person', async (t) => {
  const env = { RETRY_FIRST_SECONDS: '60', RETRY_MAX_SECONDS: '60' }
  for (const [fault, until] of [
    ['429-empty', 'waiting'],
    ['reset-after', 'needs-attention']
  ] as const) {
    const stories = []
    for (const loses of [false, true]) {
      const locksmith = await begin(t, { env })
      locksmith.sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: fault })
      if (loses) loseAnswers(locksmith.world.pool, 'SET revision')
      stories.push(await play(locksmith, until))
    }
    t.same(stories[1], stories[0], until)
  }
})

t.test(
  'a claim whose COMMIT got no answer is taken anew with the job, and nothing is done twice',
  async (t) => {
    const usual = await play(await begin(t), 'succeeded')
    const locksmith = await begin(t)
    const lost = loseAnswers(locksmith.world.pool, `SET state = 'running'`, { once: true })
    const { audit, ...rest } = await play(locksmith, 'succeeded')
    t.equal(lost.count, 1)
    t.same(rest, { operations: usual.operations, steps: usual.steps })
    t.same(
      audit.filter(({ action }) => action !== 'operation.taken-over'),
      usual.audit
    )
    t.equal(resetMails(locksmith), 1)
  }
)

/** A Locksmith behind a proxy: what happens at that point of a step is up to the test. */
async function behindProxy(t: Test, at: string, happens: (proxy: Detour, pool: Pool) => Promise<void>) {
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 10, testMark)
  t.teardown(() => pool.end())
  const proxy = await startProxy(t, databaseUrl)
  let once = false
  const locksmith = await begin(t, {
    databaseUrl: proxy.url,
    checkpoint: async (point, step) => {
      if (`${step} ${point}` !== at || once) return
      once = true
      await happens(proxy, pool)
    }
  })
  return { ...locksmith, pool, proxy }
}

for (const at of [
  'check-user effect',
  'replace-password effect',
  'revoke-tokens effect',
  'send-reset-mail begun',
  'send-reset-mail effect'
]) {
  t.test(`the database is away for 3 s (${at}): what was done is recorded, and not done again`, async (t) => {
    let mending: Promise<void> | undefined
    const locksmith = await behindProxy(t, at, async (proxy) => {
      proxy.cut()
      mending = sleep(3_000).then(proxy.mend)
    })
    const { call, pool, sandbox } = locksmith
    await call('POST', '/users/anna/reset')
    const end = await eventually(
      state(pool),
      ({ state }) => ['succeeded', 'failed', 'needs-attention'].includes(state),
      30
    )
    await mending
    t.equal(end.state, 'succeeded')
    t.equal(resetMails(locksmith), 1, 'one mail')
    t.same(sandbox.counters().putsByAdmin, { admin: 1 }, 'one PUT')
    const { rows } = await pool.query(
      `SELECT outcome->'mail'->>'delivery' AS delivery FROM operation_step WHERE position = 3`
    )
    t.same(rows, [{ delivery: 'requested' }], 'not reported unknown')
    const { rows: taken } = await pool.query(`SELECT FROM audit_event WHERE action = 'operation.taken-over'`)
    t.equal(taken.length, 0, 'it was never given up')
  })
}

t.test(
  'the database goes away while Nextcloud is sending the mail: it is known to be requested, and sent once',
  async (t) => {
    const locksmith = await behindProxy(t, '', async () => {})
    const { sandbox, pool, proxy, call } = locksmith
    sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: 'hang-after', times: 1 })
    await call('POST', '/users/anna/reset')
    await eventually(
      () => resetMails(locksmith),
      (mails) => mails === 1
    )
    proxy.cut()
    sandbox.releaseFaults()
    await sleep(2_500)
    proxy.mend()
    await eventually(state(pool), ({ state }) => state === 'succeeded', 30)
    t.equal(resetMails(locksmith), 1)
  }
)

for (const [at, call] of [
  ['replace-password intended', 'PUT'],
  ['revoke-tokens intended', 'POST'],
  ['send-reset-mail begun', 'POST']
] as const) {
  t.test(
    `whose claim is taken away (${at}) sends nothing that changes anything, and writes nothing`,
    async (t) => {
      const there = Promise.withResolvers<void>()
      const go = Promise.withResolvers<void>()
      const locksmith = await begin(t, {
        checkpoint: async (point, step) => {
          if (`${step} ${point}` !== at) return
          there.resolve()
          await go.promise
        }
      })
      const { world, sandbox } = locksmith
      await locksmith.call('POST', '/users/anna/reset')
      await there.promise
      // By a process that lives: nobody takes it over in turn.
      await world.pool.query('UPDATE operation SET claim = gen_random_uuid(), job = gen_random_uuid()')
      const before = await written(world.pool)
      const calls = sandbox.calls().length
      // A claim is counted on for a second after it was last seen to stand.
      await sleep(1_100)
      go.resolve()
      await eventually(
        async () => (await world.pool.query(`SELECT FROM jobs.job WHERE state = 'active'`)).rowCount,
        (active) => active === 1
      )
      await sleep(500)
      t.same(
        sandbox
          .calls()
          .slice(calls)
          .filter(({ method }) => method === call),
        []
      )
      t.same(await written(world.pool), before)
    }
  )
}
