import type { Db } from '../db/pool.ts'

/** The head of the log becomes one of the checkpoints that are remembered. @returns undefined before the first event */
export async function keepCheckpoint(db: Db): Promise<{ size: number; note: string } | undefined> {
  const { rows } = await db.query<{ size: number; note: string }>(
    `WITH head AS (SELECT size, checkpoint AS note FROM audit_tree WHERE checkpoint IS NOT NULL),
          kept AS (INSERT INTO audit_checkpoint (size, note) SELECT size, note FROM head ON CONFLICT DO NOTHING)
     SELECT size, note FROM head`
  )
  return rows[0]
}
