import type { Db, Pool } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import type { Reasons } from '../operations/hold.ts'
import { placeOf } from '../operations/operation.ts'
import type { Campaign, Definition } from './campaign.ts'
import { type Because, type ParticipantState, participantSourcesOf } from './participant.ts'

/**
 * Why a second person is asked, as it was settled when the round was closed; undefined: it is not closed. `isLate`: that
 * was an hour ago, so the lists are not kept waiting for single users any longer.
 */
export async function findBrakes(
  db: Db | Pool,
  campaignId: string,
  round: number
): Promise<{ brakes: Reasons; isLate: boolean } | undefined> {
  const { rows } = await db.query<{ brakes: Reasons; isLate: boolean }>(
    `SELECT brakes, closed_at < locksmith_now() - interval '1 hour' AS "isLate" FROM round
      WHERE campaign_id = $1 AND number = $2 AND closed_at IS NOT NULL`,
    [campaignId, round]
  )
  return rows[0]
}

/** Another process was first. */
export class AlreadyActed extends Error {}

export type Target = { userId: string; address: string | null; afterSeconds: number }

/**
 * Who is in this state, each with its place in time where they are paced: so many an hour, and so many of one mail
 * domain in half an hour. The places count those as well that were recorded before, so that going on after a crash
 * crowds nobody.
 */
export async function findTargets(
  db: Db | Pool,
  { id, round }: Pick<Campaign, 'id' | 'round'>,
  state: ParticipantState,
  because: Because,
  { isPaced, usersPerHour, resetsPerDomain }: Definition['pace'] & { isPaced: boolean }
): Promise<Target[]> {
  if (!isPaced) {
    const { rows } = await db.query<Target>(
      `SELECT user_id AS "userId", address, 0 AS "afterSeconds" FROM participant
        WHERE campaign_id = $1 AND round = $2 AND state = $3 ORDER BY place`,
      [id, round, state]
    )
    return rows
  }
  const { rows } = await db.query<Target>(
    `WITH slots AS (
       SELECT user_id, address, place, state,
              (row_number() OVER (PARTITION BY domain ORDER BY place) - 1) / $6::integer AS slot
         FROM participant WHERE campaign_id = $1 AND round = $2 AND (state = $3 OR because = $4)),
     turns AS (SELECT *, row_number() OVER (ORDER BY slot, place) - 1 AS turn FROM slots)
     SELECT user_id AS "userId", address,
            greatest(turn * 3600.0 / $5::integer, slot * 1800)::float8 AS "afterSeconds"
       FROM turns WHERE state = $3 ORDER BY turn`,
    [id, round, state, because, usersPerHour, resetsPerDomain]
  )
  return rows
}

/** In the transaction that records the operation. @throws AlreadyActed where the participant is in another state by now */
export async function beginToAct(
  tx: Db,
  { id, round }: Pick<Campaign, 'id' | 'round'>,
  userId: string,
  because: Because,
  operationId: string
): Promise<void> {
  const { rowCount: open } = await tx.query(
    `SELECT FROM campaign WHERE id = $1 AND round = $2 AND state IN ('open', 'closing', 'acting') FOR SHARE`,
    [id, round]
  )
  const { rowCount } = await tx.query(
    `UPDATE participant SET state = 'acting', because = $4, operation_id = $5
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND state = ANY($6)`,
    [id, round, placeOf(userId), because, operationId, participantSourcesOf('acting')]
  )
  if (open !== 1 || rowCount !== 1) throw new AlreadyActed()
}

/** Nothing is done to this one. @returns false where the participant is in another state by now */
export async function spare(
  tx: Db,
  campaignId: string,
  round: number,
  userId: string,
  because: Because,
  problem: Problem | null
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE participant SET state = 'spared', because = $4, problem = $5, ended_at = locksmith_now()
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND state = ANY($6) AND state <> 'acting'`,
    [campaignId, round, placeOf(userId), because, problem, participantSourcesOf('spared')]
  )
  return rowCount === 1
}
