import type { Db } from '../../db/pool.ts'

/** Of all replicas one gets it, once in so many seconds. */
export async function takeTurn(db: Db, seconds: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `INSERT INTO audit_cursor AS c (name, lease_until) VALUES ('publish', locksmith_now() + make_interval(secs => $1))
     ON CONFLICT (name) DO UPDATE SET lease_until = excluded.lease_until WHERE c.lease_until <= locksmith_now()`,
    [seconds]
  )
  return rowCount === 1
}

/** The head of the log becomes one of the checkpoints that are remembered. @returns undefined before anything was sealed */
export async function keepCheckpoint(db: Db): Promise<{ size: number; note: string } | undefined> {
  const { rows } = await db.query<{ size: number; note: string }>(
    `WITH head AS (SELECT size, checkpoint AS note FROM audit_tree WHERE checkpoint IS NOT NULL),
          kept AS (INSERT INTO audit_checkpoint (size, note) SELECT size, note FROM head ON CONFLICT DO NOTHING)
     SELECT size, note FROM head`
  )
  return rows[0]
}

/** @param error where it is not; null: it is everywhere */
export async function saveTurn(db: Db, size: number, error: string | null): Promise<void> {
  await db.query(
    `UPDATE audit_cursor
        SET next_index = $1, last_error = $2::text,
            failed_since = CASE WHEN $2::text IS NULL THEN NULL ELSE coalesce(failed_since, locksmith_now()) END
      WHERE name = 'publish'`,
    [size, error]
  )
}
