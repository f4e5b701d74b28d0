import type { Db, Pool } from '../db/pool.ts'

/** How many users Nextcloud let in when they were last counted; null: never counted. */
export async function findEnabledUsers(db: Db | Pool): Promise<number | null> {
  const { rows } = await db.query<{ users: number | null }>('SELECT enabled_users AS users FROM census')
  return rows[0]!.users
}

/** Whoever gets it counts; for an hour nobody else does. */
export async function beginCensus(db: Db | Pool, everyHours: number): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE census SET begun_at = locksmith_now()
      WHERE begun_at < locksmith_now() - interval '1 hour'
        AND (counted_at IS NULL OR counted_at < locksmith_now() - make_interval(hours => $1))`,
    [everyHours]
  )
  return rowCount === 1
}

export async function saveCensus(db: Db | Pool, enabledUsers: number): Promise<void> {
  await db.query('UPDATE census SET enabled_users = $1, counted_at = locksmith_now()', [enabledUsers])
}
