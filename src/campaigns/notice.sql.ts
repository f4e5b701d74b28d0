import type { Db, Pool } from '../db/pool.ts'
import { isGone } from '../jobs/presence.ts'
import type { Notice, NoticeOf } from './mails/notice.ts'

/** What the campaign's owner is to be told; it goes with others in one mail a few minutes later. */
export async function insertNotice<K extends Notice['kind']>(
  tx: Db,
  campaignId: string,
  round: number,
  kind: K,
  details: NoticeOf<K>
): Promise<void> {
  await tx.query('INSERT INTO campaign_notice (campaign_id, round, kind, details) VALUES ($1, $2, $3, $4)', [
    campaignId,
    round,
    kind,
    details
  ])
}

export type Taken = {
  ids: number[]
  campaign: { id: string; name: string }
  /** A mail address. */
  owner: string
  notices: Notice[]
}

/**
 * What is due for one campaign, and what came since.
 * @param key of this process, which sends none just now: what it had taken, and could not write down what became of, too
 */
export async function takeNotices(tx: Db, key: number): Promise<Taken | undefined> {
  const free = `sent_at IS NULL AND (claim IS NULL OR claim = $1 OR ${isGone('claim')})`
  const { rows } = await tx.query<{ campaignId: string }>(
    `SELECT campaign_id AS "campaignId" FROM campaign_notice WHERE due_at <= locksmith_now() AND ${free} ORDER BY due_at LIMIT 1`,
    [key]
  )
  if (!rows[0]) return undefined
  const { campaignId } = rows[0]
  const taken = await tx.query<Notice & { id: number }>(
    `UPDATE campaign_notice SET claim = $1
      WHERE id IN (SELECT id FROM campaign_notice WHERE campaign_id = $2 AND ${free} ORDER BY id LIMIT 1000
                      FOR UPDATE SKIP LOCKED)
      RETURNING id, kind, details`,
    [key, campaignId]
  )
  if (taken.rows.length === 0) return undefined
  const about = await tx.query<{ name: string; owner: string }>(
    `SELECT name, definition->>'owner' AS owner FROM campaign WHERE id = $1`,
    [campaignId]
  )
  const { name, owner } = about.rows[0]!
  const notices = taken.rows.sort((a, b) => a.id - b.id)
  return { ids: notices.map(({ id }) => id), campaign: { id: campaignId, name }, owner, notices }
}

/** @param againSeconds they are sent later */
export async function endNotices(
  db: Db | Pool,
  ids: number[],
  outcome: string,
  againSeconds: number | undefined
): Promise<void> {
  await db.query(
    `UPDATE campaign_notice
        SET claim = NULL, outcome = $2,
            sent_at = CASE WHEN $3::integer IS NULL THEN locksmith_now() END,
            due_at = CASE WHEN $3::integer IS NULL THEN due_at ELSE locksmith_now() + make_interval(secs => $3::integer) END
      WHERE id = ANY($1)`,
    [ids, outcome, againSeconds ?? null]
  )
}
