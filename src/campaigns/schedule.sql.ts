import type { Db, Pool } from '../db/pool.ts'

export type Counted = { every: string; startsAt: string; timeZone: string }

/**
 * Dates `from`, `from` + 1 … of a schedule that is counted by the calendar, of which only those later than
 * `locksmith_now() - grace`. Each is reckoned from the beginning, so that months do not drift: January 31,
 * February 28, March 31. A local time that a spring leaves out becomes the one an hour later, and one that comes
 * twice in autumn the second.
 * @param from the beginning is date 0
 * @param grace ISO 8601
 */
export async function findDates(
  db: Db | Pool,
  { every, startsAt, timeZone }: Counted,
  { from, grace, limit }: { from: number; grace: string; limit: number }
): Promise<{ at: Date; occurrence: number }[]> {
  const { rows } = await db.query<{ at: Date; occurrence: number }>(
    // Which dates to look at is guessed widely: for PostgreSQL a month has 30 days in numbers, and 28 to 31 in dates.
    `WITH given AS MATERIALIZED (
       SELECT $1::timestamptz AS start, $2::interval AS every, locksmith_now() - $5::interval AS after),
     guess AS (
       SELECT *, greatest(0, extract(epoch FROM after - start) / extract(epoch FROM every)) AS passed FROM given),
     dates AS (
       SELECT n::int AS occurrence, after,
              -- The very beginning may be the first of two in autumn.
              CASE n WHEN 0 THEN start ELSE ((start AT TIME ZONE $3) + n * every) AT TIME ZONE $3 END AS at
         FROM guess, generate_series(greatest($4::bigint, floor(passed * 0.95)::bigint - 2),
                                     greatest($4::bigint, ceil(passed * 1.1)::bigint) + $6::bigint + 2) AS n)
     SELECT at, occurrence FROM dates WHERE at > after ORDER BY occurrence LIMIT $6`,
    [new Date(startsAt), every, timeZone, from, grace, limit]
  )
  return rows
}

/** @param grace ISO 8601: so much earlier than now */
export async function findNow(db: Db | Pool, grace: string): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>('SELECT locksmith_now() - $1::interval AS now', [grace])
  return rows[0]!.now
}
