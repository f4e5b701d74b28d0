import type { PoolClient } from 'pg'
import type { Pool } from './pool.ts'

/** One moment of the database, seen by one connection that is not the pool's until it is closed. */
export type Snapshot = {
  db: PoolClient
  /** Gives the connection back. May be called more than once. */
  close(): Promise<void>
}

/** Whoever reads slowly waits between two queries: for longer than the pool allows others to. */
const idleMs = 120_000

/** All that is read through it is of one moment, however long that takes. It locks nothing and changes nothing. */
export async function openSnapshot(pool: Pool): Promise<Snapshot> {
  const db = await pool.connect()
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= db.query('ROLLBACK').then(
      () => db.release(),
      () => db.release(true)
    ))
  try {
    await db.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await db.query(`SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`)
    return { db, close }
  } catch (error) {
    await close()
    throw error
  }
}
