import { randomUUID } from 'node:crypto'
import type { Db } from '../../db/pool.ts'
import type { Cursor } from './forward.ts'

/** How far the audit is forwarded: one row for all replicas, of which one at a time holds a lease on it. */
const name = 'forward'

/** Nobody holds it, and it does not rest. */
const isFree = '(lease_until IS NULL OR lease_until <= locksmith_now())'

export type Lease = {
  id: string
  /** The index of the first event that is not known to be received. */
  next: number
  /** Whether what was sent last failed. */
  isFailing: boolean
}

export type CursorState = { next: number; failedSince: Date | null; lastError: string | null }

/** What {@link startForwarding} needs of these. */
export const cursorOf = (db: Db): Cursor => ({
  peek: () => peekCursor(db),
  take: (ms) => takeLease(db, ms),
  move: (lease, next, ms) => moveCursor(db, lease, next, ms),
  release: (lease) => releaseLease(db, lease),
  fail: (lease, error, retryAfterSeconds) => failLease(db, lease, error, retryAfterSeconds)
})

/** Where the forwarding stands, and why it does not go on: for whoever watches. */
export async function readCursor(db: Db): Promise<CursorState> {
  const { rows } = await db.query<CursorState>(
    `SELECT next_index AS next, failed_since AS "failedSince", last_error AS "lastError"
       FROM audit_cursor WHERE name = $1`,
    [name]
  )
  return rows[0] ?? { next: 0, failedSince: null, lastError: null }
}

/** @returns where it stands; undefined while somebody holds it, or it rests after a failure */
export async function peekCursor(db: Db): Promise<number | undefined> {
  const { rows } = await db.query<{ next: number; free: boolean }>(
    `SELECT next_index AS next, ${isFree} AS free FROM audit_cursor WHERE name = $1`,
    [name]
  )
  const row = rows[0] ?? { next: 0, free: true }
  return row.free ? row.next : undefined
}

/**
 * Takes the lease for so many ms. It ends when it is released, fails, or nobody moved the cursor for that long: only
 * then does another one get it, and whoever had it can move nothing any more.
 * @returns undefined where it is not to be had
 */
export async function takeLease(db: Db, ms: number): Promise<Lease | undefined> {
  const id = randomUUID()
  await db.query(
    `INSERT INTO audit_cursor (name, next_index, lease_until)
     SELECT $1, 0, locksmith_now() WHERE NOT EXISTS (SELECT FROM audit_cursor WHERE name = $1)
     ON CONFLICT DO NOTHING`,
    [name]
  )
  const { rows } = await db.query<Lease>(
    `UPDATE audit_cursor SET lease = $2, lease_until = locksmith_now() + make_interval(secs => $3)
      WHERE name = $1 AND ${isFree}
      RETURNING lease AS id, next_index AS next, failed_since IS NOT NULL AS "isFailing"`,
    [name, id, ms / 1_000]
  )
  return rows[0]
}

/**
 * All before `next` is received; the lease is good for so many ms again.
 * @returns false where the lease is another's by now, and nothing was moved
 */
export async function moveCursor(db: Db, lease: Lease, next: number, ms: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE audit_cursor
        SET next_index = $3, lease_until = locksmith_now() + make_interval(secs => $4),
            failed_since = NULL, last_error = NULL
      WHERE name = $1 AND lease = $2`,
    [name, lease.id, next, ms / 1_000]
  )
  return rowCount === 1
}

/** Others may go on at once. Does nothing where the lease is another's by now. */
export async function releaseLease(db: Db, lease: Lease): Promise<void> {
  await db.query(
    'UPDATE audit_cursor SET lease = NULL, lease_until = locksmith_now() WHERE name = $1 AND lease = $2',
    [name, lease.id]
  )
}

/**
 * Nothing was received: ends the lease, and nobody takes it for a while. That is as long as it has been failing, so
 * it doubles, from a second to a minute, less up to a quarter at random; or longer, where the receiver asked for it.
 * @param error in words of ours
 * @returns false where the lease is another's by now, and nothing was written
 */
export async function failLease(
  db: Db,
  lease: Lease,
  error: string,
  retryAfterSeconds = 0
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE audit_cursor
        SET lease = NULL, failed_since = coalesce(failed_since, locksmith_now()), last_error = $3,
            lease_until = locksmith_now() + make_interval(secs => greatest($4::float8,
              least(60, greatest(1, extract(epoch FROM locksmith_now() - failed_since)))::float8
                * (1 - random() / 4)))
      WHERE name = $1 AND lease = $2`,
    [name, lease.id, error, retryAfterSeconds]
  )
  return rowCount === 1
}
