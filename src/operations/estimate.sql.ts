import type { Db, Pool } from '../db/pool.ts'

/** How many open operations that were asked for earlier have this step still before them. */
export async function countAhead(
  db: Db | Pool,
  id: string,
  step: string,
  mail: string | null
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM operation o JOIN operation_step s ON s.operation_id = o.id
      WHERE o.state IN ('queued', 'running', 'waiting') AND o.id < $1
        AND s.name = $2 AND s.state NOT IN ('done', 'skipped')
        AND ($3::text IS NULL OR o.input->>'mail' = $3)`,
    [id, step, mail]
  )
  return rows[0]!.count
}
