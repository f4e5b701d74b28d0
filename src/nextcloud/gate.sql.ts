import { appendAudit } from '../audit/audit.sql.ts'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'

export type RefusedCredential = { salt: Buffer; fingerprint: Buffer; refusedAt: Date }

export async function findRefusedCredential(
  db: Db | Pool,
  adminUser: string
): Promise<RefusedCredential | undefined> {
  const { rows } = await db.query<RefusedCredential>(
    'SELECT salt, fingerprint, refused_at AS "refusedAt" FROM refused_credential WHERE admin_user = $1',
    [adminUser]
  )
  return rows[0]
}

/** @returns false where it was known already */
export async function rememberRefusedCredential(
  pool: Pool,
  adminUser: string,
  salt: Buffer,
  fingerprint: Buffer
): Promise<boolean> {
  return inTransaction(pool, async (tx) => {
    const { rowCount } = await tx.query(
      `INSERT INTO refused_credential (admin_user, salt, fingerprint) VALUES ($1, $2, $3)
       ON CONFLICT (admin_user) DO NOTHING`,
      [adminUser, salt, fingerprint]
    )
    if (!rowCount) return false
    await appendAudit(tx, {
      action: 'nextcloud.credentials-refused',
      actor: 'system',
      details: { adminUser }
    })
    return true
  })
}

/** @returns false where there was nothing to forget */
export async function forgetRefusedCredential(db: Db | Pool, adminUser: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM refused_credential WHERE admin_user = $1', [adminUser])
  return rowCount === 1
}
