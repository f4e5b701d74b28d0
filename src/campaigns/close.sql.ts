import type { Db } from '../db/pool.ts'
import type { Reasons } from '../operations/hold.ts'
import { participantSourcesOf } from './participant.ts'

/** Whether anybody still has time to answer, or a mail to come; whoever has most time is looked at first. */
export async function hasOpen(tx: Db, campaignId: string, round: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM participant
      WHERE campaign_id = $1 AND round = $2 AND state IN ('waiting', 'asked', 'bounced')
        AND (over_at > locksmith_now() OR next_mail IS NOT NULL OR mail_claim IS NOT NULL)
      ORDER BY over_at DESC LIMIT 1`,
    [campaignId, round]
  )
  return rowCount === 1
}

/** Who did not answer was silent only where a mail is known to have arrived, as far as that can be known. */
export async function closeParticipants(tx: Db, campaignId: string, round: number): Promise<void> {
  await tx.query(
    `UPDATE participant SET state = CASE WHEN state = 'asked' AND reached THEN 'silent' ELSE 'undelivered' END
      WHERE campaign_id = $1 AND round = $2 AND state = ANY($3)`,
    [campaignId, round, participantSourcesOf('undelivered')]
  )
}

export async function closeLinks(tx: Db, campaignId: string, round: number): Promise<void> {
  await tx.query(
    'UPDATE campaign_mail SET link_hash = NULL WHERE campaign_id = $1 AND round = $2 AND link_hash IS NOT NULL',
    [campaignId, round]
  )
  await tx.query('UPDATE contact SET due_at = NULL WHERE campaign_id = $1 AND round = $2', [
    campaignId,
    round
  ])
}

export async function closeRound(tx: Db, campaignId: string, round: number, brakes: Reasons): Promise<void> {
  await tx.query(
    'UPDATE round SET closed_at = locksmith_now(), brakes = $3 WHERE campaign_id = $1 AND number = $2',
    [campaignId, round, JSON.stringify(brakes)]
  )
}

/** Percent of those who could answer and did; 100 where nobody could. */
export async function findResponse(tx: Db, campaignId: string, round: number): Promise<number> {
  const { rows } = await tx.query<{ percent: number }>(
    `SELECT coalesce(100.0 * count(*) FILTER (WHERE answer IN ('confirmed', 'vouched', 'left')) / nullif(count(*), 0),
                     100)::float8 AS percent
       FROM participant
      WHERE campaign_id = $1 AND round = $2
        AND (answer IN ('confirmed', 'vouched', 'left') OR state = 'silent' OR because = 'silent')`,
    [campaignId, round]
  )
  return rows[0]!.percent
}
