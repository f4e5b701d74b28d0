import type { Db, Pool } from '../db/pool.ts'
import { placeOf } from '../operations/operation.ts'
import type { Participant, ParticipantState } from './participant.ts'

const columns = `campaign_id AS "campaignId", round, user_id AS "userId", display_name AS "displayName", address, language,
  backend, last_login AS "lastLogin", state, out_because AS "outBecause", contact, next_mail AS "nextMail",
  due_at AS "dueAt", asked_at AS "askedAt",
  CASE WHEN state IN ('waiting', 'asked', 'bounced') AND over_at < 'infinity' THEN over_at END AS "overAt", reached, bounce,
  answer, answered_at AS "answeredAt", answered_by AS "answeredBy", answer_reason AS "answerReason", because,
  operation_id AS "operationId", problem, ended_at AS "endedAt"`

type Filter = {
  campaignId: string
  round: number
  state?: ParticipantState | undefined
  /** Of the mail address, in small letters. */
  domain?: string | undefined
  /** A place: only those that come after it. */
  after?: string | undefined
  limit: number
}

/** By id. */
export async function listParticipants(
  db: Db | Pool,
  { campaignId, round, state, domain, after, limit }: Filter
): Promise<(Participant & { place: string })[]> {
  // By state it is a statement of its own, which has an index of its own.
  const filters = [state, domain].filter((each) => each !== undefined)
  const domainAt = state ? 6 : 5
  const { rows } = await db.query<Participant & { place: string }>(
    `SELECT ${columns}, place FROM participant
      WHERE campaign_id = $1 AND round = $2 AND place > $3 ${state ? 'AND state = $5' : ''}
            ${domain ? `AND domain = $${domainAt}` : ''} ORDER BY place LIMIT $4`,
    [campaignId, round, after ?? '', limit, ...filters]
  )
  return rows
}

export async function findParticipant(
  db: Db | Pool,
  campaignId: string,
  round: number,
  userId: string
): Promise<Participant | undefined> {
  const { rows } = await db.query<Participant>(
    `SELECT ${columns} FROM participant WHERE campaign_id = $1 AND round = $2 AND place = $3`,
    [campaignId, round, placeOf(userId)]
  )
  return rows[0]
}
