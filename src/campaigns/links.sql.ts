import type { Db, Pool } from '../db/pool.ts'

/** Whose link it is: of a participant, or of a customer's contact. */
export type Link = { campaignId: string; round: number } & (
  | { place: string; contact: null }
  | { place: null; contact: number }
)

/** SQL: whether answers count in the campaign `c`. While a person holds it, nothing but its mails stands still. */
export const takesAnswers = (c: string) =>
  `(${c}.state = 'open' OR (${c}.state = 'paused' AND ${c}.paused_from = 'open'))`

/**
 * What a live link belongs to. One statement, whether it was never there, is used, or its round is over, so the time
 * that it takes tells none of these from another.
 */
export async function findLink(db: Db | Pool, hash: Buffer): Promise<Link | undefined> {
  const { rows } = await db.query<Link>(
    `SELECT m.campaign_id AS "campaignId", m.round, m.place, m.contact
       FROM campaign_mail m
       JOIN campaign c ON c.id = m.campaign_id AND c.round = m.round AND ${takesAnswers('c')}
      WHERE m.link_hash = $1`,
    [hash]
  )
  return rows[0]
}
