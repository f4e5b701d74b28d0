import type { Db } from '../db/pool.ts'
import { actorOfCampaign, type Campaign } from './campaign.ts'
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
      WHERE campaign_id = $1 AND round = $2 AND state IN ('waiting', 'asked', 'bounced') AND over_at < 'infinity'`,
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
}

/**
 * What nobody has begun yet is not done: it waits for an approval, or for its turn. What took the place of one that
 * had changed something goes on, or its user would be stranded. Lists are locked before what is on them, as by whoever
 * decides. @param by who cancels
 */
export async function cancelUnbegun(
  tx: Db,
  { id, round }: Pick<Campaign, 'id' | 'round'>,
  by: string
): Promise<{ id: string; userId: string }[]> {
  await tx.query(
    `SELECT FROM approval WHERE requested_by = $1 AND state = 'pending' ORDER BY id FOR UPDATE`,
    [actorOfCampaign(id)]
  )
  const { rows: open } = await tx.query<{ id: string }>(
    `SELECT o.id FROM participant p JOIN operation o ON o.id = p.operation_id
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.state = 'acting'
        AND o.state IN ('awaiting-approval', 'queued', 'waiting')
      ORDER BY o.id FOR UPDATE OF o`,
    [id, round]
  )
  // A statement of its own: one that waits for a lock would not see the steps that were begun meanwhile.
  const { rows } = await tx.query<{ id: string; userId: string }>(
    `UPDATE operation o SET state = 'cancelled', cancelled_by = $2, resume_at = NULL, finished_at = locksmith_now()
      WHERE id = ANY($1) AND state IN ('awaiting-approval', 'queued', 'waiting')
        AND NOT EXISTS (SELECT FROM operation_step s WHERE s.operation_id = o.id AND s.attempts > 0)
        AND NOT EXISTS (SELECT FROM operation former WHERE former.superseded_by = o.id)
      RETURNING id, user_id AS "userId"`,
    [open.map(({ id }) => id), by]
  )
  return rows
}
