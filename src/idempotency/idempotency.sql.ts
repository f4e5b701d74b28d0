import type { Db } from '../db/pool.ts'
import { isPresent } from '../jobs/presence.ts'

/** Whose key, where, and for what; `keepDays`: how long it is remembered. */
export type KeyUse = {
  apiKey: string
  route: string
  key: string
  fingerprint: Buffer
  /** A fresh uuid: this request's right to the key. */
  claim: string
  /** Key of this process's presence; undefined while that is being restored. */
  processKey: number | undefined
  keepDays: number
}

export type StoredAnswer = {
  status: number
  headers: Record<string, number | string | string[]>
  body: Buffer
}

/** What is known of a key that was used before. */
export type Known = {
  /** Nobody works on it and nothing was answered: it can be taken over. */
  free: boolean
  /** Used for the same request. */
  same: boolean
  answer: StoredAnswer | null
}

/**
 * A request ends with its process. One whose process was just then without a lock ends within 30 s, so far as we
 * know, and no request lasts for 120: 60 of `Prefer`, and what the database may take. To be wrong here does no
 * harm, since whoever lost the claim begins nothing (`recordOperation`).
 */
const inFlight = `k.claim IS NOT NULL AND CASE
  WHEN k.claimed_by IS NULL THEN k.begun_at > locksmith_now() - interval '30 seconds'
  ELSE k.begun_at > locksmith_now() - interval '120 seconds' AND ${isPresent('k.claimed_by')} END`

/** With $4 the fingerprint and $5 the days. One that began nothing is forgotten, whatever it was used for. */
const free = `NOT (${inFlight}) AND (k.begun_at <= locksmith_now() - make_interval(days => $5)
  OR (k.status IS NULL AND (k.operation_id IS NULL OR k.fingerprint = $4)))`

const thisKey = 'k.api_key = $1 AND k.route = $2 AND k.key = $3'

/** @returns false where the key was used before */
export async function insertIdempotencyKey(db: Db, use: KeyUse): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO idempotency_key (api_key, route, key, fingerprint, claim, claimed_by)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
    [use.apiKey, use.route, use.key, use.fingerprint, use.claim, use.processKey ?? null]
  )
  return rowCount === 1
}

/** Locks nothing and waits for nobody. */
export async function findIdempotencyKey(db: Db, use: KeyUse): Promise<Known | undefined> {
  const { rows } = await db.query<Omit<Known, 'answer'> & StoredAnswer>(
    `SELECT ${free} AS free, k.fingerprint = $4 AS same, k.status, k.headers, k.body
       FROM idempotency_key k WHERE ${thisKey}`,
    [use.apiKey, use.route, use.key, use.fingerprint, use.keepDays]
  )
  return rows.map(({ free, same, ...answer }) => ({
    free,
    same,
    answer: answer.status === null ? null : answer
  }))[0]
}

/** @returns what the request before had begun, if anything; undefined where the key is free no more */
export async function takeOverIdempotencyKey(
  db: Db,
  use: KeyUse
): Promise<{ operationId: string | null } | undefined> {
  const { rows } = await db.query<{ operationId: string | null }>(
    `UPDATE idempotency_key k
        SET fingerprint = $4, claim = $6, claimed_by = $7, begun_at = locksmith_now(),
            operation_id = CASE WHEN k.begun_at > locksmith_now() - make_interval(days => $5) THEN k.operation_id END,
            status = NULL, headers = NULL, body = NULL
      WHERE ${thisKey} AND ${free} RETURNING k.operation_id AS "operationId"`,
    [use.apiKey, use.route, use.key, use.fingerprint, use.keepDays, use.claim, use.processKey ?? null]
  )
  return rows[0]
}

/**
 * In the transaction that begins the operation: either both are there afterwards or neither.
 * @returns false where the key was taken over: nothing may be begun
 */
export async function recordOperation(tx: Db, claim: string, operationId: string): Promise<boolean> {
  const { rowCount } = await tx.query('UPDATE idempotency_key SET operation_id = $2 WHERE claim = $1', [
    claim,
    operationId
  ])
  return rowCount === 1
}

/** Ends the claim with an answer. @returns false where it was taken over: then nothing happens */
export async function storeAnswer(
  db: Db,
  claim: string,
  { status, headers, body }: StoredAnswer
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE idempotency_key SET claim = NULL, claimed_by = NULL, status = $2, headers = $3, body = $4
      WHERE claim = $1`,
    [claim, status, headers, body]
  )
  return rowCount === 1
}

/**
 * Ends the claim without an answer. Two statements: the first waits for a commit whose outcome we were never
 * told, and the second then sees the operation, which must not be forgotten.
 */
export async function freeIdempotencyKey(db: Db, claim: string): Promise<void> {
  await db.query('DELETE FROM idempotency_key WHERE claim = $1 AND operation_id IS NULL', [claim])
  await db.query('UPDATE idempotency_key SET claim = NULL, claimed_by = NULL WHERE claim = $1', [claim])
}

/** @returns how many were deleted */
export async function deleteExpiredIdempotencyKeys(db: Db, days: number): Promise<number> {
  const { rowCount } = await db.query(
    'DELETE FROM idempotency_key WHERE begun_at <= locksmith_now() - make_interval(days => $1)',
    [days]
  )
  return rowCount ?? 0
}
