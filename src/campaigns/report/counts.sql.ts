import type { Db } from '../../db/pool.ts'
import type { MailRow } from './report.sql.ts'

export type GroupRow = {
  state: string
  answer: string | null
  because: string | null
  outBecause: string | null
  n: number
}

/** Participants by what is known of them. */
export async function countParticipants(db: Db, campaignId: string, round: number): Promise<GroupRow[]> {
  const { rows } = await db.query<GroupRow>(
    `SELECT state, answer, because, out_because AS "outBecause", count(*)::integer AS n
       FROM participant WHERE campaign_id = $1 AND round = $2 GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4`,
    [campaignId, round]
  )
  return rows
}

export type MailCount = Pick<MailRow, 'state' | 'bounce'> & {
  number: number
  first: Date
  last: Date
  n: number
}

/** Mails to participants, by which one it is and how it went; what came back after the end of the round does not count. */
export async function countMails(db: Db, campaignId: string, round: number): Promise<MailCount[]> {
  const { rows } = await db.query<MailCount>(
    `SELECT m.number, CASE WHEN m.ended_at <= r.until THEN m.state ELSE 'begun' END AS state,
            CASE WHEN m.bounced_at <= r.until THEN m.bounce END AS bounce,
            min(m.begun_at) AS first, max(m.begun_at) AS last, count(*)::integer AS n
       FROM campaign_mail m,
            (SELECT coalesce(ended_at, 'infinity') AS until FROM round WHERE campaign_id = $1 AND number = $2) AS r
      WHERE m.campaign_id = $1 AND m.round = $2 AND m.place IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    [campaignId, round]
  )
  return rows
}

export type AnswerCount = { bucket: number; answer: 'confirmed' | 'vouched' | 'left'; n: number }

/** @param times rising. @returns how many answers came before the first (0), the second (1) … and after the last */
export async function countAnswers(
  db: Db,
  campaignId: string,
  round: number,
  times: Date[]
): Promise<AnswerCount[]> {
  const { rows } = await db.query<AnswerCount>(
    `SELECT width_bucket(answered_at, $3::timestamptz[]) AS bucket, answer, count(*)::integer AS n
       FROM participant
      WHERE campaign_id = $1 AND round = $2 AND answer IN ('confirmed', 'vouched', 'left') AND answered_at IS NOT NULL
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [campaignId, round, times]
  )
  return rows
}

/** Of all that count for the report's curve. */
export async function findLastAnswer(db: Db, campaignId: string, round: number): Promise<Date | null> {
  const { rows } = await db.query<{ last: Date | null }>(
    `SELECT max(answered_at) AS last FROM participant
      WHERE campaign_id = $1 AND round = $2 AND answer IN ('confirmed', 'vouched', 'left')`,
    [campaignId, round]
  )
  return rows[0]!.last
}
