import { escapeLiteral, type PoolClient } from 'pg'
import type { Pool } from './pool.ts'

/** One moment of the database, seen by one connection that is not the pool's until it is closed. */
export type Snapshot = {
  db: PoolClient
  /** By which others see the same moment, as long as this one is open. */
  share(): Promise<string>
  /** Gives the connection back. May be called more than once. */
  close(): Promise<void>
}

/** Whoever reads slowly waits between two queries: for longer than the pool allows others to. */
const idleMs = 120_000

/**
 * All that is read through it is of one moment, however long that takes. It locks nothing and changes nothing.
 * @param shared the moment of another one, as that shares it
 */
export async function openSnapshot(pool: Pool, shared?: string): Promise<Snapshot> {
  const db = await pool.connect()
  let closed: Promise<void> | undefined
  const close = () =>
    (closed ??= db.query('ROLLBACK').then(
      () => db.release(),
      () => db.release(true)
    ))
  try {
    await db.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    if (shared !== undefined) await db.query(`SET TRANSACTION SNAPSHOT ${escapeLiteral(shared)}`)
    await db.query(`SET LOCAL idle_in_transaction_session_timeout = ${idleMs}`)
    const share = async () =>
      (await db.query<{ id: string }>('SELECT pg_export_snapshot() AS id')).rows[0]!.id
    return { db, share, close }
  } catch (error) {
    await close()
    throw error
  }
}
