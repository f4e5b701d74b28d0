import type { Db } from '../db/pool.ts'
import { takesAnswers } from './links.sql.ts'
import { type Answer, type Participant, participantSourcesOf } from './participant.ts'

/** One participant of one round. @property place the user's id, lower-cased */
export type Seat = { campaignId: string; round: number; place: string }

/** Waits for whoever closes the round, and keeps it from being closed until `tx` ends. @returns whether answers count */
export async function holdOpen(tx: Db, { campaignId, round }: Seat): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM campaign c WHERE c.id = $1 AND c.round = $2 AND ${takesAnswers('c')} FOR SHARE`,
    [campaignId, round]
  )
  return rowCount === 1
}

/** Who answered, once; undefined: in that state nobody can answer so (any more), and nothing was changed. */
export async function saveAnswer(
  tx: Db,
  { campaignId, round, place }: Seat,
  answer: Answer,
  by: string,
  reason: string | null
): Promise<Pick<Participant, 'userId' | 'displayName'> | undefined> {
  const { rows } = await tx.query<Pick<Participant, 'userId' | 'displayName'>>(
    `UPDATE participant
        SET state = $4, answer = $4, answered_at = locksmith_now(), answered_by = $5, answer_reason = $6,
            next_mail = NULL, due_at = NULL, ended_at = CASE WHEN $4 <> 'left' THEN locksmith_now() END
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND state = ANY($7)
      RETURNING user_id AS "userId", display_name AS "displayName"`,
    [campaignId, round, place, answer, by, reason, participantSourcesOf(answer)]
  )
  return rows[0]
}

/** Whoever has answered has no link any more. */
export async function killLinks(tx: Db, { campaignId, round, place }: Seat): Promise<void> {
  await tx.query(
    `UPDATE campaign_mail SET link_hash = NULL
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND link_hash IS NOT NULL`,
    [campaignId, round, place]
  )
}
