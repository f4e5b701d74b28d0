import type { Db, Pool } from '../db/pool.ts'
import type { Scope } from './scope.ts'

export type KeyRow = {
  id: string
  name: string
  secretHash: Buffer
  scopes: Scope[]
  requireIdempotencyKey: boolean
  owner: string
  /** The owners of those who made it. */
  vouchers: string[]
  /** The actor that made it. */
  createdBy: string
  createdAt: Date
  since: Date
  expiresAt: Date | null
  lastUsedAt: Date | null
  revokedAt: Date | null
  /** null: from anywhere. */
  allowedCidrs: string[] | null
  /** null: all users. */
  allowedGroups: string[] | null
  /** Ids of the keys whose place it took, oldest first. */
  lineage: string[]
  /** The key that took its place. */
  rotatedTo: string | null
}
type Given = 'id' | 'name' | 'secretHash' | 'scopes'
type Settled = 'createdAt' | 'lastUsedAt' | 'revokedAt' | 'rotatedTo'
export type NewKeyRow = Pick<KeyRow, Given> & Partial<Omit<KeyRow, Given | Settled>>

const columns = `id, name, secret_hash AS "secretHash", scopes, require_idempotency_key AS "requireIdempotencyKey",
  owner, vouchers, created_by AS "createdBy", created_at AS "createdAt", since, expires_at AS "expiresAt",
  last_used_at AS "lastUsedAt", revoked_at AS "revokedAt", allowed_cidrs AS "allowedCidrs",
  allowed_groups AS "allowedGroups", lineage, rotated_to AS "rotatedTo"`

/** Who has no owner answers for itself. `since` is now unless it is given. */
export async function insertKey(tx: Db, key: NewKeyRow): Promise<KeyRow> {
  const { rows } = await tx.query<KeyRow>(
    `WITH at AS MATERIALIZED (SELECT locksmith_now() AS now)
     INSERT INTO api_key (id, name, secret_hash, scopes, require_idempotency_key, owner, vouchers, created_by, created_at,
                          since, expires_at, allowed_cidrs, allowed_groups, lineage)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, at.now, coalesce($9::timestamptz, at.now), $10, $11, $12, $13 FROM at
     RETURNING ${columns}`,
    [
      key.id,
      key.name,
      key.secretHash,
      key.scopes,
      key.requireIdempotencyKey ?? false,
      key.owner ?? `key:${key.id}`,
      key.vouchers ?? [],
      key.createdBy ?? 'host',
      key.since ?? null,
      key.expiresAt ?? null,
      key.allowedCidrs ?? null,
      key.allowedGroups ?? null,
      key.lineage ?? []
    ]
  )
  return rows[0]!
}

const isValid = 'revoked_at IS NULL AND (expires_at IS NULL OR expires_at > locksmith_now())'

/** @returns undefined for a key that is unknown, revoked or expired */
export async function findValidKey(db: Db | Pool, id: string): Promise<KeyRow | undefined> {
  const { rows } = await db.query<KeyRow>(`SELECT ${columns} FROM api_key WHERE id = $1 AND ${isValid}`, [id])
  return rows[0]
}

/** Until the transaction ends; always in the same order, so that nobody waits for each other. */
export async function lockKeys(tx: Db, ids: string[]): Promise<void> {
  await tx.query('SELECT FROM api_key WHERE id = ANY($1) ORDER BY id FOR UPDATE', [ids])
}

export async function findKey(
  db: Db | Pool,
  id: string
): Promise<(KeyRow & { isValid: boolean }) | undefined> {
  const { rows } = await db.query<KeyRow & { isValid: boolean }>(
    `SELECT ${columns}, ${isValid} AS "isValid" FROM api_key WHERE id = $1`,
    [id]
  )
  return rows[0]
}

/** A page of keys, newest first. @param before id of the last key of the page before */
export async function listKeys(db: Db | Pool, limit: number, before?: string): Promise<KeyRow[]> {
  const { rows } = await db.query<KeyRow>(
    `SELECT ${columns} FROM api_key k
      WHERE $2::text IS NULL OR (k.created_at, k.id) < (SELECT b.created_at, b.id FROM api_key b WHERE b.id = $2)
      ORDER BY k.created_at DESC, k.id DESC LIMIT $1`,
    [limit, before ?? null]
  )
  return rows
}

/** @returns false where it was revoked before */
export async function revokeKey(tx: Db, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'UPDATE api_key SET revoked_at = locksmith_now() WHERE id = $1 AND revoked_at IS NULL',
    [id]
  )
  return rowCount === 1
}

/** Another key takes its place; it goes on for the overlap, or for as long as it had. @param overlap ISO 8601 duration */
export async function replaceKey(tx: Db, id: string, by: string, overlap: string): Promise<void> {
  await tx.query(
    `UPDATE api_key SET rotated_to = $2, expires_at = least(expires_at, locksmith_now() + $3::interval) WHERE id = $1`,
    [id, by, overlap]
  )
}

/**
 * What follows from durations, by the database's clock and calendar.
 * @param overlap, lifetime ISO 8601 durations
 * @returns when `lifetime` from now is over, and whether `overlap` is longer than 30 days
 */
export async function reckon(
  db: Db | Pool,
  { overlap, lifetime }: { overlap?: string | undefined; lifetime?: string | undefined }
): Promise<{ now: Date; ends: Date | null; isLong: boolean | null }> {
  const { rows } = await db.query(
    `SELECT locksmith_now() AS now, locksmith_now() + $2::interval AS ends, $1::interval > interval '30 days' AS "isLong"`,
    [overlap ?? null, lifetime ?? null]
  )
  return rows[0]
}

/** Once a minute is enough, however many processes see it used. */
export async function noteUse(db: Db | Pool, id: string): Promise<void> {
  await db.query(
    `UPDATE api_key SET last_used_at = locksmith_now()
      WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < locksmith_now() - interval '1 minute')`,
    [id]
  )
}
