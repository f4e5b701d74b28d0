import type { Link } from '../campaigns/links.sql.ts'
import { type ParticipantState, participantSourcesOf } from '../campaigns/participant.ts'
import type { Db, Pool } from '../db/pool.ts'
import type { Colleague } from './contact.ts'

/** Who can still be answered for: by themselves, or by their contact. */
const answerable: ParticipantState[] = [
  ...new Set([...participantSourcesOf('confirmed'), ...participantSourcesOf('vouched')])
]

/** Time that is over is not told: the round is open still, and an answer counts. */
const deadline = `CASE WHEN isfinite(p.over_at) AND p.over_at > locksmith_now() THEN p.over_at END AS deadline`

export type Asked = {
  userId: string
  displayName: string
  language: string | null
  deadline: Date | null
  owner: string
}

/** Whom a link asks; undefined: whoever has nothing to answer. */
export async function findAsked(db: Db | Pool, link: Link & { place: string }): Promise<Asked | undefined> {
  const { rows } = await db.query<Asked>(
    `SELECT p.user_id AS "userId", p.display_name AS "displayName", p.language, ${deadline}, c.definition->>'owner' AS owner
       FROM participant p JOIN campaign c ON c.id = p.campaign_id
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.place = $3 AND p.state = ANY($4)`,
    [link.campaignId, link.round, link.place, answerable]
  )
  return rows[0]
}

export type ContactLink = Link & { contact: number }
export type KnownContact = { address: string; language: string | null; owner: string; total: number }

/** A contact, and for how many people nobody has answered. */
export async function findContact(db: Db | Pool, link: ContactLink): Promise<KnownContact | undefined> {
  const { rows } = await db.query<KnownContact>(
    `SELECT k.address, c.definition->'contacts'->(k.number::integer)->>'language' AS language,
            c.definition->>'owner' AS owner,
            (SELECT count(*) FROM participant p
              WHERE p.campaign_id = $1 AND p.round = $2 AND p.contact = $3 AND p.state = ANY($4)) AS total
       FROM contact k JOIN campaign c ON c.id = k.campaign_id
      WHERE k.campaign_id = $1 AND k.round = $2 AND k.number = $3`,
    [link.campaignId, link.round, link.contact, answerable]
  )
  return rows[0]
}

const colleague = `p.place, p.user_id AS "userId", p.display_name AS "displayName", p.address, ${deadline}`

/** By name. @param after of whom the page before told last, also if there is an answer for that one meanwhile */
export async function listColleagues(
  db: Db | Pool,
  { campaignId, round, contact }: ContactLink,
  after: string | undefined,
  limit: number
): Promise<Colleague[]> {
  const { rows } = await db.query<Colleague>(
    `SELECT ${colleague} FROM participant p
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.contact = $3 AND p.state = ANY($4)
        AND ($5::text IS NULL OR (lower(p.display_name), p.place) > (
              SELECT lower(l.display_name), l.place FROM participant l
               WHERE l.campaign_id = $1 AND l.round = $2 AND l.contact = $3 AND l.place = $5))
      ORDER BY lower(p.display_name), p.place LIMIT $6`,
    [campaignId, round, contact, answerable, after ?? null, limit]
  )
  return rows
}

/** One for whom this contact may answer; whether that is still needed, {@link recordAnswer} says. */
export async function findColleague(
  db: Db | Pool,
  { campaignId, round, contact }: ContactLink,
  place: string
): Promise<Colleague | undefined> {
  const { rows } = await db.query<Colleague>(
    `SELECT ${colleague} FROM participant p
      WHERE p.campaign_id = $1 AND p.round = $2 AND p.contact = $3 AND p.place = $4`,
    [campaignId, round, contact, place]
  )
  return rows[0]
}
