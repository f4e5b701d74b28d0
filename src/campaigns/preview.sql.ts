import type { Pool } from '../db/pool.ts'
import type { Definition } from './campaign.ts'

/** Places of those who confirmed in this campaign no longer ago than it lets. */
export async function confirmedRecently(
  pool: Pool,
  { campaignId, definition }: { campaignId?: string; definition: Definition }
): Promise<string[]> {
  if (campaignId === undefined || definition.skipConfirmedWithin === undefined) return []
  const { rows } = await pool.query<{ place: string }>(
    `SELECT DISTINCT place FROM participant
      WHERE campaign_id = $1 AND answer IN ('confirmed', 'vouched') AND answered_at > locksmith_now() - $2::interval`,
    [campaignId, definition.skipConfirmedWithin]
  )
  return rows.map(({ place }) => place)
}

/** @param hours until the last first mail */
export async function endOf(
  pool: Pool,
  { mode, closesAfter }: Definition,
  hours: number
): Promise<{ lastMailAt: Date; closesAt: Date }> {
  const { rows } = await pool.query<{ lastMailAt: Date; closesAt: Date }>(
    `SELECT last AS "lastMailAt", last + CASE WHEN $1 = 'confirm' THEN $2::interval ELSE '0' END AS "closesAt"
       FROM (SELECT locksmith_now() + make_interval(secs => $3) AS last) AS it`,
    [mode, closesAfter, hours * 3_600]
  )
  return rows[0]!
}
