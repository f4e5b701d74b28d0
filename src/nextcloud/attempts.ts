import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { isDatabaseFailure } from '../db/failure.ts'
import type { Pool } from '../db/pool.ts'
import { findFailures, freeLane, insertFailure } from './attempts.sql.ts'
import { databaseAway, NextcloudError } from './errors.ts'

/**
 * Every call that sends a password may be refused, and each refusal counts against our address (fact 7).
 * Of refusals and calls whose outcome is open there are never more than two together, over all replicas.
 */
export type Attempts = {
  /**
   * Runs `work`, which sends a password, when that cannot make one failure too many.
   * @param proven whether this password was taken a moment ago: only then a second call may be under way
   * @throws NextcloudError busy, with the time at which it is possible again
   */
  within<T>(
    options: { signal?: AbortSignal | undefined; proven(): boolean },
    work: () => Promise<T>
  ): Promise<T>
  /** Nextcloud refused a password. Told from within `work`, so that it is known before the next call. */
  failed(account: string): Promise<void>
  stop(): Promise<void>
}

/** Ten block us for half an hour; other things behind our address may fail as well. */
const mostFailures = 2

/** First half of the advisory locks, one for each call that may be open; the second is its number. */
const lockClass = 0x10c6

/** How long a process may keep a lane while others wait for it. */
const turnMs = 100

/** How often whoever holds a lane says that it lives, and after what silence it loses the lane. */
const pulseMs = 1_000
const silentSeconds = 5

/** SQLSTATE: others had the lane all the time. */
const lockNotAvailable = '55P03'

/** How long a lane rests that may not be used while there was a failure. */
const restMs = 500

type Waiting = { proven(): boolean; run(): Promise<void>; fail(error: unknown): void }

export function createAttempts(connectionString: string, pool: Pool): Attempts {
  const queue: Waiting[] = []
  const lanes = [createLane(1), createLane(2)]
  let stopped = false

  function createLane(number: 1 | 2) {
    let client: pg.Client | undefined
    let busy = false
    let resting: NodeJS.Timeout | undefined

    async function connect(): Promise<pg.Client> {
      if (client) return client
      const fresh = new pg.Client({
        connectionString,
        application_name: 'locksmith-attempts',
        connectionTimeoutMillis: 5_000,
        keepAlive: true
      })
      const drop = () => {
        if (client === fresh) client = undefined
      }
      fresh.on('error', drop)
      fresh.on('end', drop)
      await fresh.connect()
      if (stopped) {
        await fresh.end()
        throw tooLate()
      }
      // Who waits for another process's call looks up now and then: one of the two may have stopped.
      await fresh.query(`SET lock_timeout = '1s'`)
      client = fresh
      return fresh
    }

    // The second lane is for what is proven: an idle process, whose password changed meanwhile, fails once.
    const takesNext = () => queue.length > 0 && (number === 1 || queue[0]!.proven())

    async function serve(): Promise<void> {
      if (busy || stopped || resting || !takesNext()) return
      busy = true
      const known = client
      try {
        const db = await connect()
        await db.query('SELECT pg_advisory_lock($1, $2)', [lockClass, number])
        try {
          await work(db)
        } finally {
          await db.query('SELECT pg_advisory_unlock_all()')
        }
      } catch (error) {
        if ((error as { code?: string }).code === lockNotAvailable) {
          await freeLane(pool, lockClass, number, silentSeconds).catch(() => {})
          return
        }
        client?.end().catch(() => {})
        client = undefined
        // The connection broke, and another may do. Where it does not: whoever waits is told, and nothing was sent.
        if (number === 1 && !known) for (const waiting of queue.splice(0)) waiting.fail(databaseAway(error))
        // Not again at once: the database may be starting.
        rest()
      } finally {
        busy = false
        if (takesNext() && !stopped) setImmediate(serve)
      }
    }

    async function work(db: pg.Client): Promise<void> {
      const ends = performance.now() + turnMs
      do {
        const failures = await findFailures(db, mostFailures)
        if (failures.count >= mostFailures) {
          for (const waiting of queue.splice(0)) waiting.fail(tooManyFailures(failures.freeAt!))
          return
        }
        if (failures.count > 0 && number === 2) return rest()
        // After a failure nobody else may have a call open: the other lane is held as well, and asked again.
        if (failures.count > 0 && !(await isAlone(db))) continue
        if (takesNext()) {
          const next = queue.shift()!
          for (const lane of lanes) if (queue.length > 0) void lane.serve()
          await alive(db, () => next.run())
        }
        if (failures.count > 0) await db.query('SELECT pg_advisory_unlock($1, 2)', [lockClass])
      } while (takesNext() && performance.now() < ends)
    }

    /** Says now and then that this process lives: one that was stopped must not keep the others waiting. */
    async function alive(db: pg.Client, run: () => Promise<void>): Promise<void> {
      const pulse = setInterval(() => void db.query('SELECT 1').catch(() => {}), pulseMs)
      await run()
      clearInterval(pulse)
    }

    /** Holds the second lane too, once whoever has a call open in it is done. @returns whether nothing failed meanwhile */
    async function isAlone(db: pg.Client): Promise<boolean> {
      try {
        await db.query('SELECT pg_advisory_lock($1, 2)', [lockClass])
      } catch (error) {
        if ((error as { code?: string }).code !== lockNotAvailable) throw error
        await freeLane(pool, lockClass, 2, silentSeconds)
        return false
      }
      if ((await findFailures(db, mostFailures)).count < mostFailures) return true
      await db.query('SELECT pg_advisory_unlock($1, 2)', [lockClass])
      return false
    }

    function rest(): void {
      resting = setTimeout(() => {
        resting = undefined
        void serve()
      }, restMs)
      resting.unref()
    }

    return {
      serve,
      async stop() {
        clearTimeout(resting)
        await client?.end().catch(() => {})
      }
    }
  }

  return {
    within({ signal, proven }, work) {
      return new Promise((resolve, reject) => {
        const waiting: Waiting = {
          proven,
          run: async () => {
            signal?.removeEventListener('abort', giveUp)
            await work().then(resolve, reject)
          },
          fail(error) {
            signal?.removeEventListener('abort', giveUp)
            reject(error)
          }
        }
        const giveUp = () => {
          const at = queue.indexOf(waiting)
          if (at !== -1) queue.splice(at, 1)
          reject(tooLate())
        }
        if (signal?.aborted || stopped) return reject(tooLate())
        signal?.addEventListener('abort', giveUp, { once: true })
        queue.push(waiting)
        for (const lane of lanes) void lane.serve()
      })
    },
    async failed(account) {
      // It must be known before the next password is sent, here or elsewhere: the lane is held until it is.
      while (!(await insertFailure(pool, account).then(isDone, isLost))) {
        if (stopped) return
        await sleep(200)
      }
    },
    async stop() {
      stopped = true
      for (const waiting of queue.splice(0)) waiting.fail(tooLate())
      await Promise.all(lanes.map((lane) => lane.stop()))
    }
  }
}

const isDone = () => true
function isLost(error: unknown): false {
  if (!isDatabaseFailure(error)) throw error
  return false
}

const tooLate = () =>
  new NextcloudError('down', 'Nextcloud was not asked in time: too much else was under way.', {
    notSent: true
  })

const tooManyFailures = (freeAt: Date) =>
  new NextcloudError(
    'busy',
    `Nextcloud refused ${mostFailures} passwords within half an hour, and some more would block our address: no password is sent before ${freeAt.toISOString()}. See the audit (\`nextcloud.credentials-refused\`) and operations with the problem login-refused.`,
    { at: freeAt, notSent: true }
  )
