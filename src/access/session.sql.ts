import type { Actor } from '../audit/event.ts'
import type { Db, Pool } from '../db/pool.ts'
import type { Caller } from './scope.ts'

/** What a session stands for: one of three. */
export type Stand =
  | { keyId: string }
  /** Of `LOCKSMITH_API_KEY`. */
  | { firstProof: Buffer }
  /** What the access token of an identity provider allowed. */
  | { issuer: string; caller: Caller }

export type SessionRow = {
  keyId: string | null
  firstProof: Buffer | null
  issuer: string | null
  caller: (Omit<Caller, 'since'> & { since?: string }) | null
  expiresAt: Date
}

/** Without a sign of its person for so long it is over. */
const idleMinutes = 30
/** However busy: then its person signs in again. */
const mostHours = 8

const isInUse = `used_at > locksmith_now() - interval '${idleMinutes} minutes'`

/** @param until it lasts no longer than this. @returns when it ends */
export async function insertSession(
  tx: Db,
  hash: Buffer,
  actor: Actor,
  stand: Stand,
  until: Date | undefined
): Promise<Date> {
  const { rows } = await tx.query<{ expiresAt: Date }>(
    `INSERT INTO console_session (hash, actor, key_id, first_proof, issuer, caller, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, least(locksmith_now() + interval '${mostHours} hours', $7::timestamptz))
     RETURNING expires_at AS "expiresAt"`,
    [
      hash,
      actor,
      'keyId' in stand ? stand.keyId : null,
      'firstProof' in stand ? stand.firstProof : null,
      'issuer' in stand ? stand.issuer : null,
      'issuer' in stand ? stand.caller : null,
      until ?? null
    ]
  )
  return rows[0]!.expiresAt
}

/** @returns undefined for one that is over, or never was */
export async function findSession(db: Db | Pool, hash: Buffer): Promise<SessionRow | undefined> {
  const { rows } = await db.query<SessionRow>(
    `SELECT key_id AS "keyId", first_proof AS "firstProof", issuer, caller, expires_at AS "expiresAt"
       FROM console_session
      WHERE hash = $1 AND expires_at > locksmith_now() AND ${isInUse}`,
    [hash]
  )
  return rows[0]
}

/** Its person did something; written down once in half a minute. What is over stays so. */
export async function touchSession(db: Db | Pool, hash: Buffer): Promise<void> {
  await db.query(
    `UPDATE console_session SET used_at = locksmith_now()
      WHERE hash = $1 AND used_at < locksmith_now() - interval '30 seconds'
        AND ${isInUse}`,
    [hash]
  )
}

/** @returns whether there was one */
export async function deleteSession(tx: Db, hash: Buffer): Promise<boolean> {
  const { rowCount } = await tx.query('DELETE FROM console_session WHERE hash = $1', [hash])
  return rowCount === 1
}

/** That are over. */
export async function deleteOldSessions(tx: Db): Promise<void> {
  await tx.query(`DELETE FROM console_session WHERE expires_at <= locksmith_now() OR NOT (${isInUse})`)
}
