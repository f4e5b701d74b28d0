import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
import t, { type Test } from 'tap'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { type Attempts, createAttempts } from '../../src/nextcloud/attempts.ts'
import { NextcloudError } from '../../src/nextcloud/errors.ts'
import { createRandom } from '../faults/harness/random.ts'
import { testMark } from '../support/audit-keys.ts'
import { bare } from '../support/bare.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/locksmith.ts'
import { startProxy } from '../support/proxy.ts'

/** First half of the advisory locks of the lanes. */
const lockClass = 0x10c6

/** Several processes' worth of attempts on one database. */
async function replicas(t: Test, count: number) {
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 10, testMark)
  const all = Array.from({ length: count }, () => createAttempts(databaseUrl, pool))
  t.teardown(async () => {
    await Promise.all(all.map((attempts) => attempts.stop()))
    await pool.end()
  })
  return { databaseUrl, pool, all, first: all[0]! }
}

const proven = { proven: () => true }
const unproven = { proven: () => false }
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** A call that sends a wrong password. */
const refused =
  (attempts: Attempts, onRun: () => void = () => {}) =>
  async () => {
    onRun()
    await pause(20)
    await attempts.failed('anna')
    throw new NextcloudError('wrong-password', 'refused')
  }

const variantOf = (work: Promise<unknown>) =>
  work.then(
    () => 'well',
    (error) => (error instanceof NextcloudError ? error.variant : String(error))
  )

/** A call that is under way until it is let go. */
async function hold(attempts: Attempts) {
  const began = Promise.withResolvers<void>()
  const end = Promise.withResolvers<void>()
  const held = attempts.within(unproven, () => {
    began.resolve()
    return end.promise
  })
  await began.promise
  return { release: end.resolve, held }
}

const setAgo = (pool: Pool, minutes: number) =>
  pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT clock_timestamp() + interval ''${minutes} minutes'''`
  )

t.test('of 60 calls at once that all fail, over three replicas, two are made', async (t) => {
  for (const options of [proven, unproven]) {
    const { all } = await replicas(t, 3)
    let ran = 0
    const results = await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        variantOf(
          all[i % 3]!.within(
            options,
            refused(all[i % 3]!, () => ran++)
          )
        )
      )
    )
    t.equal(ran, 2)
    t.same(
      Object.entries(Object.groupBy(results, (one) => one))
        .map(([name, list]) => [name, list!.length])
        .sort(),
      [
        ['busy', 58],
        ['wrong-password', 2]
      ]
    )
  }
})

t.test(
  'whatever mixture of calls fails and whenever: refused and open ones are never more than two',
  async (t) => {
    const { next, below } = createRandom(7)
    for (let round = 0; round < 6; round++) {
      const { all } = await replicas(t, 3)
      let open = 0
      let failures = 0
      let most = 0
      const look = () => {
        most = Math.max(most, open + failures)
      }
      const odds = next() / 3
      await Promise.all(
        Array.from({ length: 40 }, async () => {
          await pause(next() * 300)
          const attempts = all[below(3)]!
          const fails = next() < odds
          const isProven = next() < 0.5
          const takes = next() * 30
          await attempts
            .within({ proven: () => isProven }, async () => {
              open++
              look()
              await pause(takes)
              if (fails) await attempts.failed('anna')
              open--
              if (fails) failures++
              look()
            })
            .catch(() => {})
        })
      )
      t.ok(most <= 2, `${most} in round ${round}`)
    }
  }
)

t.test(
  'while nothing failed two calls are open at once, the second only with a proven password',
  async (t) => {
    const { all } = await replicas(t, 2)
    const most = async (options: { proven(): boolean }) => {
      let open = 0
      let most = 0
      await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          all[i % 2]!.within(options, async () => {
            most = Math.max(most, ++open)
            await pause(30)
            open--
          })
        )
      )
      return most
    }
    t.equal(await most(proven), 2)
    t.equal(await most(unproven), 1)
  }
)

t.test('after one failure a single call is open at a time, over all replicas, proven or not', async (t) => {
  const { all, first } = await replicas(t, 3)
  t.equal(await variantOf(first.within(proven, refused(first))), 'wrong-password')
  let open = 0
  let most = 0
  await Promise.all(
    Array.from({ length: 30 }, (_, i) =>
      all[i % 3]!.within(proven, async () => {
        most = Math.max(most, ++open)
        await pause(5)
        open--
      })
    )
  )
  t.equal(most, 1)
})

t.test('after two failures everybody is told when it is possible again, and then it is', async (t) => {
  const { all, first, pool } = await replicas(t, 2)
  for (let i = 0; i < 2; i++) await variantOf(first.within(unproven, refused(first)))
  const { rows } = await pool.query('SELECT min(at) AS first FROM failed_login')
  const error = await all[1]!.within(unproven, async () => 'sent').catch((error) => error)
  t.match(error, { variant: 'busy', notSent: true })
  t.equal(error.at.getTime() - rows[0].first.getTime(), 30.5 * 60_000)
  await setAgo(pool, 29)
  t.equal(await variantOf(first.within(unproven, async () => {})), 'busy', 'not a minute sooner')
  await setAgo(pool, 31)
  t.equal(await first.within(unproven, async () => 'sent'), 'sent')
})

t.test('of three failures that were counted all the same the last two are waited for', async (t) => {
  const { first, pool } = await replicas(t, 1)
  for (const minutes of [0, 10, 20]) {
    await setAgo(pool, minutes)
    await first.failed('anna')
  }
  const { rows } = await pool.query('SELECT at FROM failed_login ORDER BY at OFFSET 1 LIMIT 1')
  const error = await first.within(unproven, async () => 'sent').catch((error) => error)
  t.equal(error.at.getTime() - rows[0].at.getTime(), 30.5 * 60_000)
})

t.test(
  'a process that is stopped in the middle of a call loses its lane within 10 s, others go on',
  async (t) => {
    const { databaseUrl, first, pool } = await replicas(t, 1)
    const holder = await spawnHolder(t, databaseUrl)
    holder.kill('SIGSTOP')
    const stopped = performance.now()
    await first.within(unproven, async () => {})
    const after = performance.now() - stopped
    t.ok(after > 3_000 && after < 12_000, `after ${Math.round(after)} ms`)
    holder.kill('SIGCONT')
    await eventually(
      async () =>
        (await pool.query(`SELECT FROM pg_locks WHERE classid = $1 AND granted`, [lockClass])).rowCount,
      (held) => held === 0
    )
  }
)

t.test(
  'after a failure a stopped process does not keep the second lane from whoever needs both',
  async (t) => {
    const { databaseUrl, first } = await replicas(t, 1)
    await variantOf(first.within(unproven, refused(first)))
    const silent = new pg.Client({ connectionString: databaseUrl })
    silent.on('error', () => {})
    await silent.connect()
    t.teardown(() => silent.end().catch(() => {}))
    await silent.query('SELECT pg_advisory_lock($1, 2)', [lockClass])
    const began = performance.now()
    await first.within(unproven, async () => {})
    t.ok(performance.now() - began < 12_000)
  }
)

t.test('a call that takes long keeps its lane as long as its process lives', async (t) => {
  const { all } = await replicas(t, 2)
  let done = false
  const slow = all[0]!.within(unproven, async () => {
    await pause(8_000)
    done = true
  })
  await pause(100)
  await all[1]!.within(unproven, async () => t.ok(done, 'the other waited'))
  await slow
})

t.test(
  'stopping ends at once, whoever waits is told that nothing was sent, and nobody is taken in any more',
  async (t) => {
    const { all } = await replicas(t, 2)
    let release = () => {}
    const held = all[0]!.within(unproven, () => new Promise<void>((resolve) => (release = resolve)))
    await pause(200)
    const waiting = [1, 2, 3].map(() => all[1]!.within(unproven, async () => 'sent').catch((error) => error))
    await pause(200)
    const began = performance.now()
    await all[1]!.stop()
    t.ok(performance.now() - began < 2_500)
    for (const one of await Promise.all(waiting))
      t.match(one, { variant: 'down', notSent: true, message: /not asked in time/ })
    t.match(await all[1]!.within(unproven, async () => 'sent').catch((error) => error), { notSent: true })
    release()
    await held
  }
)

t.test('one that is stopped while it connects leaves no connection behind', async (t) => {
  const { pool, all } = await replicas(t, 1)
  const waiting = all[0]!.within(unproven, async () => {}).catch(() => {})
  await all[0]!.stop()
  await waiting
  // By then it would be there.
  await pause(1_000)
  await eventually(
    async () =>
      (
        await pool.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'locksmith-attempts'`
        )
      ).rowCount,
    (connections) => connections === 0,
    5
  )
})

t.test('whoever gives up leaves the queue, and what it would have sent is not sent', async (t) => {
  const { first } = await replicas(t, 1)
  const { release, held } = await hold(first)
  const giveUp = new AbortController()
  let sent = false
  const waiting = first
    .within({ ...unproven, signal: giveUp.signal }, async () => {
      sent = true
    })
    .catch((error) => error)
  const next = first.within(unproven, async () => 'sent')
  giveUp.abort()
  t.match(await waiting, { variant: 'down', notSent: true })
  t.match(
    await first.within({ ...unproven, signal: giveUp.signal }, async () => {}).catch((error) => error),
    {
      notSent: true
    }
  )
  release()
  await held
  t.equal(await next, 'sent')
  t.notOk(sent)
})

t.test('whoever waits goes on where only the connection broke', async (t) => {
  const { all, pool } = await replicas(t, 2)
  for (const attempts of all) await attempts.within(unproven, async () => {})
  const { release, held } = await hold(all[0]!)
  const waiting = [all[0]!, all[1]!].map((attempts) => attempts.within(unproven, async () => 'sent'))
  await eventually(
    async () =>
      (await pool.query('SELECT FROM pg_locks WHERE classid = $1 AND NOT granted', [lockClass])).rowCount,
    (waiting) => waiting === 1
  )
  await pool.query(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'locksmith-attempts'`
  )
  release()
  await held
  t.same(await Promise.all(waiting), ['sent', 'sent'])
})

t.test('a database that is away is told to those who wait, and afterwards it works again', async (t) => {
  const databaseUrl = await testDatabase(t)
  const proxy = await startProxy(t, databaseUrl)
  const pool = createPool(databaseUrl, 10, testMark)
  const attempts = createAttempts(proxy.url, pool)
  t.teardown(async () => {
    await attempts.stop()
    await pool.end()
  })
  const { release, held } = await hold(attempts)
  const waiting = attempts.within(unproven, async () => 'sent').catch((error) => error)
  proxy.cut()
  release()
  await held
  t.match(await waiting, { variant: 'down', notSent: true, isOurs: true })
  t.equal(await variantOf(attempts.within(unproven, async () => {})), 'down')
  proxy.mend()
  t.equal(await attempts.within(unproven, async () => 'sent'), 'sent')
})

t.test('a refusal is counted though the database was away when it came', async (t) => {
  const { first, pool } = await replicas(t, 1)
  const insert = pool.query.bind(pool)
  let away = 3
  const query = t.capture(pool, 'query', (...args: unknown[]) =>
    away-- > 0
      ? Promise.reject(Object.assign(new Error('x'), { code: '57P03' }))
      : (insert as (...args: unknown[]) => unknown)(...args)
  )
  await first.failed('anna')
  t.equal(query().length, 4)
  query.restore()
  t.equal((await pool.query('SELECT FROM failed_login')).rowCount, 1)
  await t.rejects(first.failed(null as unknown as string), 'whatever else is wrong is told at once')
})

/** Another process, in the middle of a call. */
async function spawnHolder(t: Test, databaseUrl: string): Promise<ChildProcess> {
  const program = fileURLToPath(new URL('../support/holder.ts', import.meta.url))
  const child = spawn(process.execPath, [program], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...bare, DATABASE_URL: databaseUrl }
  })
  const ended = once(child, 'exit')
  t.teardown(async () => {
    child.kill('SIGKILL')
    await ended
  })
  await once(child.stdout!, 'data')
  return child
}
