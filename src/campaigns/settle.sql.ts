import type { Db, Pool } from '../db/pool.ts'
import { finalStates } from '../operations/operation.ts'

/** Participants whose operation is over. @returns how many, `most` at most */
export async function settleParticipants(db: Db | Pool, most: number): Promise<number> {
  const { rowCount } = await db.query(
    `WITH over AS (
       SELECT p.campaign_id, p.round, p.place, o.state, o.problem, o.finished_at
         FROM participant p JOIN operation o ON o.id = p.operation_id
        WHERE p.state = 'acting' AND o.state = ANY($1) LIMIT $2 FOR UPDATE OF p SKIP LOCKED)
     UPDATE participant p
        SET state = CASE over.state WHEN 'succeeded' THEN 'acted' WHEN 'cancelled' THEN 'spared' ELSE 'failed' END,
            problem = over.problem, ended_at = over.finished_at
       FROM over WHERE p.campaign_id = over.campaign_id AND p.round = over.round AND p.place = over.place`,
    [finalStates, most]
  )
  return rowCount ?? 0
}

export async function endRound(tx: Db, campaignId: string, round: number): Promise<void> {
  await tx.query('UPDATE round SET ended_at = locksmith_now() WHERE campaign_id = $1 AND number = $2', [
    campaignId,
    round
  ])
}

export async function saveManifest(
  tx: Db,
  campaignId: string,
  round: number,
  manifest: Record<string, string>
): Promise<void> {
  await tx.query('UPDATE round SET manifest = $3 WHERE campaign_id = $1 AND number = $2', [
    campaignId,
    round,
    manifest
  ])
}
