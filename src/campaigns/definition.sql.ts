import type { Pool } from '../db/pool.ts'

/** Whether each of these ISO 8601 durations is longer than the one before. */
export async function isRising(pool: Pool, durations: string[]): Promise<boolean> {
  const { rows } = await pool.query<{ rising: boolean }>(
    `SELECT coalesce(bool_and(at > before), true) AS rising
       FROM (SELECT d::interval AS at, lag(d::interval) OVER (ORDER BY n) AS before
               FROM unnest($1::text[]) WITH ORDINALITY AS durations (d, n)) AS pairs
      WHERE before IS NOT NULL`,
    [durations]
  )
  return rows[0]!.rising
}
