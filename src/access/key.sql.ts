import type { Db, Pool } from '../db/pool.ts'
import type { Scope } from './scope.ts'

export type KeyRow = {
  id: string
  name: string
  secretHash: Buffer
  scopes: Scope[]
  requireIdempotencyKey: boolean
}
type NewKeyRow = Omit<KeyRow, 'requireIdempotencyKey'> & Partial<KeyRow>

export async function insertKey(
  tx: Db,
  { id, name, secretHash, scopes, requireIdempotencyKey = false }: NewKeyRow
): Promise<void> {
  await tx.query(
    `INSERT INTO api_key (id, name, secret_hash, scopes, require_idempotency_key) VALUES ($1, $2, $3, $4, $5)`,
    [id, name, secretHash, scopes, requireIdempotencyKey]
  )
}

/** @returns undefined for an unknown or revoked key */
export async function findKey(db: Db | Pool, id: string): Promise<KeyRow | undefined> {
  const { rows } = await db.query<KeyRow>(
    `SELECT id, name, secret_hash AS "secretHash", scopes, require_idempotency_key AS "requireIdempotencyKey"
       FROM api_key WHERE id = $1 AND revoked_at IS NULL`,
    [id]
  )
  return rows[0]
}
