import type { Db, Pool } from '../db/pool.ts'

export async function findTime(db: Db | Pool): Promise<Date> {
  const { rows } = await db.query<{ now: Date }>('SELECT clock_timestamp() AS now')
  return rows[0]!.now
}
