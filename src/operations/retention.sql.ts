import type { Db } from '../db/pool.ts'

/**
 * Deletes operations that are over, with their steps; what needs attention is not over, nor what it took over from.
 * @param most of them at one time: no long transaction
 * @returns how many
 */
export async function deleteOldOperations(db: Db, days: number, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `DELETE FROM operation WHERE id IN (
       SELECT id FROM operation o
        WHERE state IN ('succeeded', 'failed', 'cancelled')
          AND finished_at < locksmith_now() - make_interval(days => $1)
          AND NOT EXISTS (SELECT FROM operation newer WHERE newer.id = o.superseded_by
            AND newer.state NOT IN ('succeeded', 'failed', 'cancelled'))
        ORDER BY finished_at LIMIT $2)`,
    [days, most]
  )
  return rowCount ?? 0
}

/** Held by whoever cleans up, of all replicas; until `tx` ends. @returns false: somebody else does */
export async function lockRetention(tx: Db): Promise<boolean> {
  const { rows } = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1, 0) AS mine', [
    retentionClass
  ])
  return rows[0]!.mine
}

const retentionClass = 0x10c7
