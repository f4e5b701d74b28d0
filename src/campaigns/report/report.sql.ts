import type { Db } from '../../db/pool.ts'
import type { Definition } from '../campaign.ts'

/** Everything is read up to the end of the round: a mail that comes back later changes no report. */
const until = `(SELECT coalesce(ended_at, 'infinity') FROM round WHERE campaign_id = $1 AND number = $2)`

export type SubjectRow = {
  id: string
  name: string
  definition: Definition
  requestedBy: string
  owner: string
  number: number | null
  beganAt: Date
  openedAt: Date | null
  closedAt: Date | null
  endedAt: Date | null
  extraSeconds: number
  listed: number | null
  matched: number | null
  anyway: boolean
  brakes: string[]
  manifest: Record<string, string> | null
  asOf: Date
}

/** @param round left out: the last. A campaign without that round has `number` null. */
export async function findSubject(
  db: Db,
  campaignId: string,
  round: number | undefined
): Promise<SubjectRow | undefined> {
  const { rows } = await db.query<SubjectRow>(
    `SELECT c.id, c.name, c.definition, c.requested_by AS "requestedBy", c.owner, r.number, r.began_at AS "beganAt",
            r.opened_at AS "openedAt", r.closed_at AS "closedAt", r.ended_at AS "endedAt",
            extract(epoch FROM r.extra)::float8 AS "extraSeconds", r.listed, r.matched, r.anyway,
            ARRAY(SELECT brake->>'brake' FROM jsonb_array_elements(r.brakes) AS brake) AS brakes, r.manifest,
            coalesce(r.ended_at, locksmith_now()) AS "asOf"
       FROM campaign c LEFT JOIN round r ON r.campaign_id = c.id AND r.number = coalesce($2, c.round)
      WHERE c.id = $1`,
    [campaignId, round ?? null]
  )
  return rows[0]
}

const mailJson = `json_build_object('number', m.number, 'address', m.address, 'at', m.begun_at,
  'state', CASE WHEN m.ended_at <= ${until} THEN m.state ELSE 'begun' END,
  'response', CASE WHEN m.ended_at <= ${until} THEN m.response END,
  'bounce', CASE WHEN m.bounced_at <= ${until} THEN m.bounce END, 'bouncedAt', m.bounced_at, 'bounceSaid', m.bounce_said)
  ORDER BY m.number, m.begun_at, m.id`

export type MailRow = {
  number: number
  address: string
  at: string
  state: 'begun' | 'accepted' | 'refused' | 'not-sent' | 'unknown'
  response: string | null
  bounce: 'soft' | 'hard' | null
  bouncedAt: string | null
  bounceSaid: string | null
}

/** What becomes of `participant.result`. @param operation SQL of its id */
const resultOf = (operation: string) => `(SELECT jsonb_build_object('kind', o.kind, 'state', o.state,
    'requestedBy', o.requested_by, 'createdAt', o.created_at, 'finishedAt', o.finished_at, 'problem', o.problem,
    'steps', (SELECT jsonb_agg(jsonb_build_object('outcome', s.outcome - 'user', 'windows', s.progress->'windows')
                               ORDER BY s.position)
                FROM operation_step s WHERE s.operation_id = o.id),
    'approval', (SELECT jsonb_build_object('id', a.id, 'state', a.state, 'decidedBy', a.decided_by,
                          'decidedAt', a.decided_at, 'reason', a.reason, 'hash', a.hash, 'brakes', a.brakes)
                   FROM approval a WHERE a.id = o.approval_id))
   FROM operation o WHERE o.id = ${operation})`

export type ParticipantRow = {
  place: string
  userId: string
  displayName: string
  address: string | null
  backend: string
  lastLogin: Date | null
  state: string
  outBecause: string | null
  askedAt: Date | null
  contact: string | null
  answer: string | null
  answeredAt: Date | null
  answeredBy: string | null
  answerReason: string | null
  because: string | null
  operationId: string | null
  problem: unknown
  endedAt: Date | null
  result: unknown
  mails: MailRow[] | null
}

/** A page of participants, each with mails and what became of the operation. @param after place of the one before it */
export async function findParticipants(
  db: Db,
  campaignId: string,
  round: number,
  after: string,
  most: number
): Promise<ParticipantRow[]> {
  const { rows } = await db.query<ParticipantRow>(
    `WITH page AS MATERIALIZED (SELECT * FROM participant
             WHERE campaign_id = $1 AND round = $2 AND place > $3 ORDER BY place LIMIT $4)
     SELECT p.place, p.user_id AS "userId", p.display_name AS "displayName", p.address, p.backend,
            p.last_login AS "lastLogin", p.state, p.out_because AS "outBecause", p.asked_at AS "askedAt",
            (SELECT c.address FROM contact c
              WHERE c.campaign_id = $1 AND c.round = $2 AND c.number = p.contact) AS contact,
            p.answer, p.answered_at AS "answeredAt", p.answered_by AS "answeredBy", p.answer_reason AS "answerReason",
            p.because, p.operation_id AS "operationId", p.problem, p.ended_at AS "endedAt",
            -- Of a round that is over only what was written down: the operation may have gone on since, or be gone.
            CASE WHEN p.result IS NULL AND ${until} = 'infinity' THEN ${resultOf('p.operation_id')} ELSE p.result END AS result,
            (SELECT json_agg(${mailJson}) FROM campaign_mail m
              WHERE m.campaign_id = $1 AND m.round = $2 AND m.place = p.place) AS mails
       FROM page p ORDER BY p.place`,
    [campaignId, round, after, most]
  )
  return rows
}

/**
 * Writes down what became of operations, for reports of all time: operations are deleted after a while, and one that
 * needs attention may be retried. To be called before the round's `ended_at` is set, until it returns 0.
 * @returns how many participants, at most `most`
 */
export async function keepResults(db: Db, campaignId: string, round: number, most = 1_000): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE participant p SET result = coalesce(${resultOf('p.operation_id')}, '{}')
      WHERE p.campaign_id = $1 AND p.round = $2
        AND p.place = ANY(ARRAY(SELECT place FROM participant
                                 WHERE campaign_id = $1 AND round = $2 AND operation_id IS NOT NULL
                                   AND result IS NULL AND state <> 'acting' LIMIT $3))`,
    [campaignId, round, most]
  )
  return rowCount ?? 0
}

/** The digests to contacts. */
export async function findContacts(
  db: Db,
  campaignId: string,
  round: number
): Promise<{ address: string; mails: MailRow[] | null }[]> {
  const { rows } = await db.query<{ address: string; mails: MailRow[] | null }>(
    `SELECT c.address, (SELECT json_agg(${mailJson}) FROM campaign_mail m
                         WHERE m.campaign_id = $1 AND m.round = $2 AND m.contact = c.number) AS mails
       FROM contact c WHERE c.campaign_id = $1 AND c.round = $2 ORDER BY c.number`,
    [campaignId, round]
  )
  return rows
}
