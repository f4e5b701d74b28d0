import type { Db, Pool } from '../db/pool.ts'

/**
 * A campaign opens, or goes on: time begins to count, unless it does already for another one. A transaction that
 * moves a campaign to `open` calls it before it does. @returns whether it begins with this one
 */
export async function beginWatch(tx: Db): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE confirm_watch SET seen_at = locksmith_now()
      WHERE NOT EXISTS (SELECT FROM campaign WHERE state = 'open')`
  )
  return rowCount === 1
}

/** Seconds since the page was seen, by the database's clock; locked until `tx` ends. */
export async function lockWatch(tx: Db): Promise<number | null> {
  const { rows } = await tx.query<{ seconds: number | null }>(
    'SELECT extract(epoch FROM locksmith_now() - seen_at)::float8 AS seconds FROM confirm_watch FOR UPDATE'
  )
  return rows[0]!.seconds
}

export async function renewWatch(tx: Db): Promise<void> {
  await tx.query('UPDATE confirm_watch SET seen_at = locksmith_now()')
}

/** Whether the page was seen no longer ago than that; nothing is sent, and nothing closes, while it was not. */
export async function isSeen(db: Db | Pool, toleranceSeconds: number): Promise<boolean> {
  const { rows } = await db.query<{ seen: boolean }>(
    `SELECT coalesce(seen_at > locksmith_now() - make_interval(secs => $1), false) AS seen FROM confirm_watch`,
    [toleranceSeconds]
  )
  return rows[0]!.seen
}

/**
 * Everybody who is asked gets that time more, in one campaign or in all that are open; what was due meanwhile is due
 * later by as much. @returns the campaigns
 */
export async function giveBack(
  tx: Db,
  seconds: number,
  campaignId?: string
): Promise<{ id: string; round: number }[]> {
  const { rows } = await tx.query<{ id: string; round: number }>(
    `SELECT id, round FROM campaign WHERE CASE WHEN $1::uuid IS NULL THEN state = 'open' ELSE id = $1 END
      ORDER BY id FOR UPDATE`,
    [campaignId ?? null]
  )
  for (const { id, round } of rows) {
    await tx.query(
      `UPDATE participant SET due_at = due_at + make_interval(secs => $3), over_at = over_at + make_interval(secs => $3)
        WHERE campaign_id = $1 AND round = $2 AND state IN ('waiting', 'asked', 'bounced')`,
      [id, round, seconds]
    )
    await tx.query(
      'UPDATE contact SET due_at = due_at + make_interval(secs => $3) WHERE campaign_id = $1 AND round = $2',
      [id, round, seconds]
    )
  }
  return rows
}

/** Open campaigns whose owner was not told that the page is away since then. */
export async function findUntold(tx: Db): Promise<{ id: string; round: number; since: Date }[]> {
  const { rows } = await tx.query<{ id: string; round: number; since: Date }>(
    `SELECT c.id, c.round, w.seen_at AS since FROM campaign c, confirm_watch w
      WHERE c.state = 'open'
        AND NOT EXISTS (SELECT FROM campaign_notice n
                         WHERE n.campaign_id = c.id AND n.kind = 'page-away' AND n.due_at > w.seen_at)`
  )
  return rows
}
