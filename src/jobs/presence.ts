import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'

/** First half of every advisory lock of ours; the second is the process's key. */
export const presenceClass = 0x10c5

/** SQL: does the process live whose key stands in this column? */
export const isPresent = (column: string) => `EXISTS (
  SELECT FROM pg_locks
   WHERE locktype = 'advisory' AND granted AND classid = ${presenceClass} AND objid = ${column}::oid
     AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))`

/**
 * SQL: has the process ended whose key stands in this column? A PostgreSQL that has just started has no locks yet, and
 * who still lives takes its own again within 3 s: until then nobody is gone.
 */
export const isGone = (column: string) =>
  `(pg_postmaster_start_time() < clock_timestamp() - interval '3 seconds' AND NOT ${isPresent(column)})`

/** How often it is looked whether the server is still there. */
const pulseMs = 1_000

/** That this process lives: a lock which PostgreSQL drops the moment the process or its host is gone. */
export type Presence = {
  /** The key under which to claim work, the same for life; undefined while the connection is being restored. */
  key(): number | undefined
  stop(): Promise<void>
}

/**
 * Takes the lock on a connection of its own, and takes it anew whenever that breaks. Others may have taken work
 * over meanwhile: its claim tells, see `run.ts`.
 */
export async function announcePresence(connectionString: string, onLost: () => void): Promise<Presence> {
  const own = randomInt(1, 2 ** 31 - 1)
  let key: number | undefined
  let client: pg.Client | undefined
  let stopped = false

  async function announce() {
    const mine = new pg.Client({
      connectionString,
      application_name: 'locksmith-presence',
      connectionTimeoutMillis: 5_000,
      // A server that vanishes says no goodbye.
      query_timeout: 5_000,
      keepAlive: true
    })
    let lost = false
    let pulse: NodeJS.Timeout | undefined
    const lose = () => {
      if (lost) return
      lost = true
      clearInterval(pulse)
      mine.end().catch(() => {})
      if (key === undefined || stopped) return
      key = undefined
      onLost()
      void restore()
    }
    mine.on('error', lose)
    mine.on('end', lose)
    await mine.connect()
    // A host that vanishes says no goodbye: PostgreSQL notices within about 9 s and drops the lock.
    await mine.query(
      'SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3'
    )
    // The same again after a broken connection. Its former session may not be gone for the server yet.
    await mine.query('SELECT pg_advisory_lock($1, $2)', [presenceClass, own])
    client = mine
    key = own
    pulse = setInterval(() => mine.query('SELECT 1').catch(lose), pulseMs)
    pulse.unref()
  }

  async function restore() {
    while (!stopped) {
      try {
        return await announce()
      } catch {
        // Where a former session of ours is not gone yet, too.
        await sleep(500)
      }
    }
  }

  await announce()
  return {
    key: () => key,
    async stop() {
      stopped = true
      key = undefined
      await client?.end().catch(() => {})
    }
  }
}
