import type { Db, Pool } from '../db/pool.ts'
import type { Campaign } from './campaign.ts'
import { participantSourcesOf } from './participant.ts'

export async function secondsSince(tx: Db, since: Date): Promise<number> {
  const { rows } = await tx.query<{ seconds: number }>(
    'SELECT greatest(0, extract(epoch FROM locksmith_now() - $1::timestamptz))::float8 AS seconds',
    [since]
  )
  return rows[0]!.seconds
}

/** @param duration ISO 8601; for those whose last mail is still to come it is added then */
export async function extendRound(
  tx: Db,
  campaignId: string,
  round: number,
  duration: string
): Promise<void> {
  await tx.query('UPDATE round SET extra = extra + $3::interval WHERE campaign_id = $1 AND number = $2', [
    campaignId,
    round,
    duration
  ])
  await tx.query(
    `UPDATE participant SET over_at = greatest(over_at, locksmith_now()) + $3::interval
      WHERE campaign_id = $1 AND round = $2 AND state IN ('waiting', 'asked') AND over_at < 'infinity'`,
    [campaignId, round, duration]
  )
}

/** Nothing follows for anybody to whom nothing was done yet. */
export async function cancelRound(tx: Db, campaignId: string, round: number): Promise<void> {
  await tx.query(
    `UPDATE participant SET state = 'spared', next_mail = NULL, due_at = NULL, ended_at = locksmith_now()
      WHERE campaign_id = $1 AND round = $2 AND state = ANY($3) AND state <> 'acting'`,
    [campaignId, round, participantSourcesOf('spared')]
  )
  await tx.query(
    'UPDATE round SET ended_at = locksmith_now() WHERE campaign_id = $1 AND number = $2 AND ended_at IS NULL',
    [campaignId, round]
  )
  // Nobody approves what is about to be taken off the list, though the process that does it may die before the end.
  await tx.query(`UPDATE approval SET gathering = true WHERE requested_by = $1 AND state = 'pending'`, [
    `campaign:${campaignId}`
  ])
}

/** Cancelled campaigns whose lists nobody has emptied: whoever cancelled would have long ago. */
export async function findHalfCancelled(
  db: Db | Pool
): Promise<Pick<Campaign, 'id' | 'round' | 'requestId'>[]> {
  const { rows } = await db.query<Pick<Campaign, 'id' | 'round' | 'requestId'>>(
    `SELECT DISTINCT c.id, c.round, c.request_id AS "requestId"
       FROM approval a JOIN campaign c ON a.requested_by = 'campaign:' || c.id
      WHERE a.state = 'pending' AND a.gathering AND c.state = 'cancelled'
        AND c.ended_at < locksmith_now() - interval '1 minute'`
  )
  return rows
}

/** Operations that a second person has not approved. */
export async function findHeld(db: Db | Pool, campaignId: string, round: number): Promise<string[]> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT o.id FROM participant p JOIN operation o ON o.id = p.operation_id
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.state = 'acting' AND o.state = 'awaiting-approval'`,
    [campaignId, round]
  )
  return rows.map(({ id }) => id)
}
