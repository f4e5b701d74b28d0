import { appendAudit } from '../audit/audit.sql.ts'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'

export type RefusedCredential = { salt: Buffer; fingerprint: Buffer; refusedAt: Date }

export async function findRefusedCredentials(db: Db | Pool, adminUser: string): Promise<RefusedCredential[]> {
  const { rows } = await db.query<RefusedCredential>(
    'SELECT salt, fingerprint, refused_at AS "refusedAt" FROM refused_credential WHERE admin_user = $1',
    [adminUser]
  )
  return rows
}

export async function rememberRefusedCredential(
  pool: Pool,
  adminUser: string,
  salt: Buffer,
  fingerprint: Buffer
): Promise<void> {
  await inTransaction(pool, async (tx) => {
    await tx.query('INSERT INTO refused_credential (admin_user, salt, fingerprint) VALUES ($1, $2, $3)', [
      adminUser,
      salt,
      fingerprint
    ])
    // Each costs a slow hash to compare; nobody changes a password that often.
    await tx.query(
      `DELETE FROM refused_credential WHERE admin_user = $1 AND salt NOT IN (
         SELECT salt FROM refused_credential WHERE admin_user = $1 ORDER BY refused_at DESC LIMIT 5)`,
      [adminUser]
    )
    await appendAudit(tx, {
      action: 'nextcloud.credentials-refused',
      actor: 'system',
      details: { adminUser }
    })
  })
}

/** @returns false where there was nothing to forget */
export async function forgetRefusedCredential(db: Db | Pool, adminUser: string): Promise<boolean> {
  const { rowCount } = await db.query('DELETE FROM refused_credential WHERE admin_user = $1', [adminUser])
  return (rowCount ?? 0) > 0
}
