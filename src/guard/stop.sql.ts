import type { Db, Pool } from '../db/pool.ts'

/** Nothing is to be done to anybody, since when, by whose wish, and why. */
export type Stop = { since: Date; by: string; reason: string | null }

/** Class and number of the advisory lock by which whoever stops waits for those that are about to begin. */
const stopLock = [0x10d1, 0]

/** As it is right now; undefined: not stopped. */
export async function findStop(db: Db | Pool): Promise<Stop | undefined> {
  const { rows } = await db.query<Stop>('SELECT since, by, reason FROM stop WHERE since IS NOT NULL', [])
  return rows[0]
}

/**
 * The same, and it stays so until `tx` ends: who begins something in this transaction has begun it before anyone is
 * told that all is stopped.
 */
export async function holdStop(tx: Db): Promise<Stop | undefined> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1, $2)', stopLock)
  // A statement of its own: one that waits for the lock would see what was before.
  return findStop(tx)
}

/** Waits for those that are about to begin. @returns false where it was stopped already, which stays as it is */
export async function insertStop(tx: Db, by: string, reason: string | null): Promise<boolean> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', stopLock)
  const { rowCount } = await tx.query(
    'UPDATE stop SET since = locksmith_now(), by = $1, reason = $2 WHERE since IS NULL',
    [by, reason]
  )
  return rowCount === 1
}

/** @returns false where it was not stopped */
export async function deleteStop(tx: Db): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE stop SET since = NULL, by = NULL, reason = NULL WHERE since IS NOT NULL',
    []
  )
  return rowCount === 1
}
