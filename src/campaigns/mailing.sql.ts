import type { Db, Pool } from '../db/pool.ts'
import { isGone } from '../jobs/presence.ts'
import type { Sent } from '../mail/smtp.ts'
import type { Definition } from './campaign.ts'
import type { MailState } from './participant.ts'

export type Due = {
  campaignId: string
  round: number
  place: string
  userId: string
  displayName: string
  address: string
  language: string | null
  /** 0: the invitation. */
  number: number
  /** This one included. */
  tries: number
  /** Until when there is time to answer, if nothing changes. */
  deadline: Date
  definition: Definition
}

/**
 * SQL: time from the mail of that number to `until`, both counted from the first mail to the participant `p`, as they
 * were promised: a month is shorter from February on than from the first of the year.
 */
const gap = (until: string, number: string) => {
  const first = `(coalesce(p.asked_at, locksmith_now()) AT TIME ZONE 'UTC')`
  return `((${first} + ${until}) - (${first} + CASE ${number} WHEN 0 THEN interval '0'
            ELSE (c.definition->'remindAfter'->>(${number} - 1))::interval END))`
}

/**
 * Participants whose next mail is due, where the campaign is open; locked until `tx` ends. Campaign by campaign: what is
 * due in one that a person holds is not even looked at.
 */
export async function findDueMails(tx: Db, most: number): Promise<Due[]> {
  const { rows } = await tx.query<Due>(
    `SELECT p.campaign_id AS "campaignId", p.round, p.place, p.user_id AS "userId", p.display_name AS "displayName",
            p.address, p.language, p.next_mail AS number, p.tries + 1 AS tries, c.definition,
            locksmith_now() + r.extra + ${gap("(c.definition->>'closesAfter')::interval", 'p.next_mail')} AS deadline
       FROM campaign c
       JOIN round r ON r.campaign_id = c.id AND r.number = c.round,
            LATERAL (SELECT * FROM participant
                      WHERE campaign_id = c.id AND round = c.round AND next_mail IS NOT NULL
                        AND state IN ('waiting', 'asked') AND due_at <= locksmith_now() AND mail_claim IS NULL
                      ORDER BY due_at LIMIT $1 FOR UPDATE SKIP LOCKED) p
      WHERE c.state = 'open' ORDER BY p.due_at LIMIT $1`,
    [most]
  )
  return rows
}

type ToBegin = Pick<Due, 'campaignId' | 'round' | 'place' | 'number' | 'address'> & {
  mailId: string
  hash: Buffer
}

/** Said before done: the link works from here on, beside the one of the mail before. */
export async function beginMails(tx: Db, key: number, mails: ToBegin[]): Promise<void> {
  const column = <T>(read: (mail: ToBegin) => T) => mails.map(read)
  await tx.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, place, number, address, link_hash)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::integer[], $4::text[], $5::smallint[], $6::text[], $7::bytea[])`,
    [
      column((mail) => mail.mailId),
      column((mail) => mail.campaignId),
      column((mail) => mail.round),
      column((mail) => mail.place),
      column((mail) => mail.number),
      column((mail) => mail.address),
      column((mail) => mail.hash)
    ]
  )
  await tx.query(
    `UPDATE participant p SET mail_claim = $1, tries = tries + 1
       FROM unnest($2::uuid[], $3::integer[], $4::text[]) AS m (campaign_id, round, place)
      WHERE p.campaign_id = m.campaign_id AND p.round = m.round AND p.place = m.place`,
    [key, column((mail) => mail.campaignId), column((mail) => mail.round), column((mail) => mail.place)]
  )
}

type Sending = Pick<Due, 'campaignId' | 'round' | 'place' | 'number'> & { mailId: string }

/** @returns false where another process has settled this mail already */
export async function lockSending(tx: Db, { campaignId, round, place, mailId }: Sending): Promise<boolean> {
  await tx.query('SELECT FROM campaign WHERE id = $1 FOR SHARE', [campaignId])
  await tx.query('SELECT FROM participant WHERE campaign_id = $1 AND round = $2 AND place = $3 FOR UPDATE', [
    campaignId,
    round,
    place
  ])
  const { rowCount } = await tx.query(
    `SELECT FROM campaign_mail WHERE id = $1 AND state = 'begun' FOR UPDATE`,
    [mailId]
  )
  return rowCount === 1
}

/** A mail that surely did not go out opens nothing. What another process has settled stays so. */
export async function endMail(
  tx: Db,
  mailId: string,
  state: Exclude<MailState, 'begun'>,
  response: string
): Promise<void> {
  await tx.query(
    `UPDATE campaign_mail
        SET state = $2, response = $3, ended_at = locksmith_now(),
            link_hash = CASE WHEN $2 IN ('refused', 'not-sent') THEN NULL ELSE link_hash END
      WHERE id = $1 AND state = 'begun'`,
    [mailId, state, response]
  )
}

/**
 * To the next mail, or to the time in which no more comes. Gaps are counted from here, so that whatever the clock did,
 * nobody gets two mails in one moment, nor less time after the last one than was promised.
 */
export async function advance(
  tx: Db,
  { campaignId, round, place, number, mailId }: Sending,
  kind: Sent['kind']
): Promise<void> {
  const untilNext = gap(
    "coalesce(c.definition->'remindAfter'->>$4, c.definition->>'closesAfter')::interval",
    '$4'
  )
  // The newest link alone works, once its mail is known to be under way.
  if (kind === 'accepted')
    await tx.query(
      `UPDATE campaign_mail SET link_hash = NULL
        WHERE campaign_id = $1 AND round = $2 AND place = $3 AND id <> $4 AND link_hash IS NOT NULL`,
      [campaignId, round, place, mailId]
    )
  const { rowCount } = await tx.query(
    `UPDATE participant p
        SET mail_claim = NULL, tries = 0,
            state = CASE WHEN p.state = 'waiting' AND $5 IN ('accepted', 'unknown') THEN 'asked' ELSE p.state END,
            asked_at = CASE WHEN $5 IN ('accepted', 'unknown') THEN coalesce(p.asked_at, locksmith_now()) ELSE p.asked_at END,
            reached = $5 <> 'rejected' AND (p.reached OR ($5 = 'accepted' AND p.bounce IS NULL)),
            bounce = CASE WHEN $5 = 'rejected' THEN coalesce(p.bounce, 'soft') ELSE p.bounce END,
            next_mail = CASE WHEN t.more THEN $4::integer + 1 END,
            due_at = CASE WHEN t.more THEN locksmith_now() + ${untilNext} END,
            over_at = CASE WHEN t.more THEN 'infinity' ELSE locksmith_now() + ${untilNext} + r.extra END
       FROM campaign c, round r,
            LATERAL (SELECT jsonb_array_length(c.definition->'remindAfter') > $4 AS more) t
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.place = $3 AND p.state IN ('waiting', 'asked')
        AND c.id = p.campaign_id AND r.campaign_id = p.campaign_id AND r.number = p.round`,
    [campaignId, round, place, number, kind]
  )
  if (rowCount === 0) await free(tx, { campaignId, round, place })
}

/** Nothing is on its way to this one any more; whoever has answered meanwhile gets no more mails. */
export async function free(
  tx: Db,
  { campaignId, round, place }: Pick<Sending, 'campaignId' | 'round' | 'place'>
): Promise<void> {
  await tx.query(
    `UPDATE participant SET mail_claim = NULL
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND mail_claim IS NOT NULL`,
    [campaignId, round, place]
  )
}

/** The same mail again, later. */
export async function retryMail(
  tx: Db,
  { campaignId, round, place }: Sending,
  seconds: number
): Promise<void> {
  await tx.query(
    `UPDATE participant SET due_at = locksmith_now() + make_interval(secs => $4)
      WHERE campaign_id = $1 AND round = $2 AND place = $3 AND due_at IS NOT NULL`,
    [campaignId, round, place, seconds]
  )
  await free(tx, { campaignId, round, place })
}

export type Lost = Sending & Pick<Due, 'userId' | 'tries' | 'address'>

/**
 * Mails that nobody sends any more.
 * @param key of this process, which sends none just now: what it began without learning so (a COMMIT without an answer)
 * would else be taken for under way as long as it lives, and its round would never close
 */
export async function findLostMails(db: Db | Pool, key: number): Promise<Lost[]> {
  const { rows } = await db.query<Lost>(
    `SELECT p.campaign_id AS "campaignId", p.round, p.place, p.user_id AS "userId", p.tries, m.number, m.address, m.id AS "mailId"
       FROM participant p
       JOIN campaign_mail m ON m.campaign_id = p.campaign_id AND m.round = p.round AND m.place = p.place AND m.state = 'begun'
      WHERE p.mail_claim = $1 OR (p.mail_claim IS NOT NULL AND ${isGone('p.mail_claim')}) LIMIT 500`,
    [key]
  )
  return rows
}
