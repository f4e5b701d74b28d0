import type { Db } from '../db/pool.ts'
import type { Place } from './places.ts'
import { timeText } from './time-text.ts'

/** The next so many numbers, in their order. */
export async function readPlaces(tx: Db, many: number): Promise<Place[]> {
  const { rows } = await tx.query<Place>(
    `SELECT nextval('audit_seq') AS seq, ${timeText('locksmith_now()')} AS at FROM generate_series(1, $1)`,
    [many]
  )
  return rows
}
