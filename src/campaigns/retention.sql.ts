import type { Pool } from '../db/pool.ts'

/** Rounds that were over so long ago, and campaigns of which nothing is left; the audit keeps what happened. */
export async function deleteOldRounds(pool: Pool, days: number): Promise<void> {
  await pool.query('DELETE FROM round WHERE ended_at < locksmith_now() - make_interval(days => $1)', [days])
  await pool.query(
    `DELETE FROM campaign c
      WHERE ended_at < locksmith_now() - make_interval(days => $1)
        AND NOT EXISTS (SELECT FROM round r WHERE r.campaign_id = c.id)`,
    [days]
  )
}
