import type { Db, Pool } from '../db/pool.ts'
import { isGone } from '../jobs/presence.ts'
import type { Definition } from './campaign.ts'

export type Digest = {
  campaignId: string
  round: number
  /** Of the contact, as in the definition. */
  number: number
  address: string
  /** This try included. */
  tries: number
  /** When the first people's time is over; null: nobody's is known yet. */
  deadline: Date | null
  definition: Definition
}

/** A contact whose digest is due, where the campaign is open; locked until `tx` ends. */
export async function findDueDigest(tx: Db): Promise<Digest | undefined> {
  const { rows } = await tx.query<Digest>(
    `SELECT d.campaign_id AS "campaignId", d.round, d.number, d.address, d.tries + 1 AS tries, c.definition,
            (SELECT min(over_at) FROM participant p
              WHERE p.campaign_id = d.campaign_id AND p.round = d.round AND p.contact = d.number
                AND p.state = 'asked' AND p.over_at < 'infinity') AS deadline
       FROM contact d JOIN campaign c ON c.id = d.campaign_id AND c.round = d.round AND c.state = 'open'
      WHERE d.due_at <= locksmith_now() AND d.mail_claim IS NULL
      ORDER BY d.due_at LIMIT 1 FOR UPDATE OF d SKIP LOCKED`
  )
  return rows[0]
}

type Which = Pick<Digest, 'campaignId' | 'round' | 'number'>

/** Who has not answered, of this contact's people. */
const silent = `campaign_id = $1 AND round = $2 AND contact = $3 AND state IN ('waiting', 'asked', 'bounced')`

export async function countSilent(db: Db, { campaignId, round, number }: Which): Promise<number> {
  const { rows } = await db.query<{ n: number }>(
    `SELECT count(*)::integer AS n FROM participant WHERE ${silent}`,
    [campaignId, round, number]
  )
  return rows[0]!.n
}

export type Silent = { userId: string; displayName: string; address: string }

export async function findSilent(
  db: Db,
  { campaignId, round, number }: Which,
  most: number
): Promise<Silent[]> {
  const { rows } = await db.query<Silent>(
    `SELECT user_id AS "userId", display_name AS "displayName", address FROM participant WHERE ${silent}
      ORDER BY lower(display_name), place LIMIT $4`,
    [campaignId, round, number, most]
  )
  return rows
}

/** Said before done. */
export async function beginDigest(
  tx: Db,
  { campaignId, round, number, address }: Digest,
  key: number,
  mailId: string,
  hash: Buffer
): Promise<void> {
  await tx.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, contact, number, address, link_hash)
     VALUES ($1, $2, $3, $4, 0, $5, $6)`,
    [mailId, campaignId, round, number, address, hash]
  )
  await tx.query(
    `UPDATE contact SET mail_claim = $4, tries = tries + 1 WHERE campaign_id = $1 AND round = $2 AND number = $3`,
    [campaignId, round, number, key]
  )
}

/** @param againSeconds null: not again */
export async function endDigest(
  tx: Db,
  { campaignId, round, number }: Which,
  againSeconds: number | null
): Promise<void> {
  await tx.query(
    `UPDATE contact SET mail_claim = NULL, due_at = locksmith_now() + make_interval(secs => $4)
      WHERE campaign_id = $1 AND round = $2 AND number = $3`,
    [campaignId, round, number, againSeconds]
  )
}

/**
 * Whoever was sending it is gone: it may be under way, and is not sent twice.
 * @param key of this process, which sends none just now: see `findLostMails`
 */
export async function settleLostDigests(pool: Pool, key: number): Promise<void> {
  await pool.query(
    `WITH lost AS (
       UPDATE contact SET mail_claim = NULL, due_at = NULL
        WHERE mail_claim = $1 OR (mail_claim IS NOT NULL AND ${isGone('mail_claim')})
        RETURNING campaign_id, round, number)
     UPDATE campaign_mail m SET state = 'unknown', ended_at = locksmith_now()
       FROM lost WHERE m.campaign_id = lost.campaign_id AND m.round = lost.round AND m.contact = lost.number
        AND m.state = 'begun'`,
    [key]
  )
}
