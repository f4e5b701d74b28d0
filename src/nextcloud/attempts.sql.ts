import type { Db, Pool } from '../db/pool.ts'

/** Nextcloud counts failures of 30 minutes; a little more, since its clock is not ours. */
const window = `interval '30 minutes 30 seconds'`

/** Refused passwords that still count, and when the one leaves that keeps us from the next. */
export async function findFailures(
  db: Db | Pool,
  most: number
): Promise<{ count: number; freeAt: Date | null }> {
  const { rows } = await db.query<{ count: number; freeAt: Date | null }>(
    `SELECT count(*) AS count, (array_agg(at ORDER BY at DESC))[$1] + ${window} AS "freeAt"
       FROM failed_login WHERE at > locksmith_now() - ${window}`,
    [most]
  )
  return rows[0]!
}

export async function insertFailure(db: Db | Pool, account: string): Promise<void> {
  await db.query('INSERT INTO failed_login (account) VALUES ($1)', [account])
}

/** Ends the connection that holds the advisory lock, if its process has said nothing for so long: it was stopped, or its host is gone. */
export async function freeLane(
  db: Db | Pool,
  lockClass: number,
  number: number,
  silentSeconds: number
): Promise<void> {
  await db.query(
    `SELECT pg_terminate_backend(l.pid) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
      WHERE l.locktype = 'advisory' AND l.granted AND l.classid = $1 AND l.objid = $2
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND a.state_change < clock_timestamp() - make_interval(secs => $3)`,
    [lockClass, number, silentSeconds]
  )
}

export async function deleteOldFailures(db: Db): Promise<void> {
  await db.query(`DELETE FROM failed_login WHERE at < locksmith_now() - interval '1 day'`)
}
