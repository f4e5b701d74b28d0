import type { Db, Pool } from '../../db/pool.ts'

/** Every secret as it is stored, one a row. */
export async function findSealed(db: Db | Pool): Promise<{ id: string; sealed: Buffer }[]> {
  const { rows } = await db.query<{ id: string; sealed: Buffer }>(
    `SELECT id, sealed FROM webhook_endpoint, unnest(ARRAY[secret, former_secret]) AS sealed WHERE sealed IS NOT NULL`,
    []
  )
  return rows
}

/** @returns false where it was rotated meanwhile, and is there no more */
export async function replaceSealed(
  db: Db | Pool,
  id: string,
  former: Buffer,
  sealed: Buffer
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE webhook_endpoint
        SET secret = CASE WHEN secret = $2 THEN $3 ELSE secret END,
            former_secret = CASE WHEN former_secret = $2 THEN $3 ELSE former_secret END
      WHERE id = $1 AND $2 IN (secret, former_secret)`,
    [id, former, sealed]
  )
  return rowCount === 1
}
