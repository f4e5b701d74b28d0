import type { Db } from '../db/pool.ts'
import type { Place } from './places.ts'
import { timeText } from './time-text.ts'

/** The next so many numbers, in their order. By a list, not a series: of that PostgreSQL would make a plan each time. */
export async function readPlaces(tx: Db, many: number): Promise<Place[]> {
  const { rows } = await tx.query<Place>(
    `SELECT nextval('audit_seq') AS seq, ${timeText('locksmith_now()')} AS at FROM unnest($1::integer[])`,
    [Array.from({ length: many }, (_, n) => n)]
  )
  return rows
}
