import type { Pool } from '../db/pool.ts'

/** Whether each of these ISO 8601 durations is longer than the one before, from whatever day they are counted: P30D is not always less than P1M1D. */
export async function isRising(pool: Pool, durations: string[]): Promise<boolean> {
  const { rows } = await pool.query<{ rising: boolean }>(
    `SELECT coalesce(bool_and(day + at > day + before), true) AS rising
       FROM (SELECT d::interval AS at, lag(d::interval) OVER (ORDER BY n) AS before
               FROM unnest($1::text[]) WITH ORDINALITY AS durations (d, n)) AS pairs,
            generate_series('2027-01-01'::timestamp, '2030-12-31', '1 day') AS day
      WHERE before IS NOT NULL`,
    [durations]
  )
  return rows[0]!.rising
}
