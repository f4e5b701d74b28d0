/** Campaigns as they stand in the database while people are asked: without the engine that plans and mails. */
import { randomUUID } from 'node:crypto'
import type { CampaignState, Definition } from '../../src/campaigns/campaign.ts'
import { newLink } from '../../src/campaigns/links.ts'
import type { ParticipantState } from '../../src/campaigns/participant.ts'
import type { Pool } from '../../src/db/pool.ts'

export const owner = 'operations@acme.example'

export const definition: Definition = {
  mode: 'confirm',
  audience: {},
  remindAfter: ['P7D'],
  closesAfter: 'P14D',
  onSilence: 'disable',
  onLeft: 'offboard',
  onBounce: 'hold',
  owner,
  minimumResponse: 50,
  pace: { usersPerHour: 100, resetsPerDomain: 5 },
  contacts: [],
  mails: {}
}

export type Planted = { campaignId: string; round: number }

/** An open campaign in its first round, or one in another state. */
export async function plantCampaign(
  pool: Pool,
  {
    state = 'open',
    pausedFrom,
    ...wanted
  }: Partial<Definition> & { state?: CampaignState; pausedFrom?: CampaignState } = {}
): Promise<Planted> {
  const campaignId = randomUUID()
  await pool.query(
    `INSERT INTO campaign (id, name, definition, state, round, paused_from, paused_at, requested_by, owner, vouchers)
     VALUES ($1, 'spring', $2, $3, 1, $4, CASE WHEN $4::text IS NOT NULL THEN now() END, 'key:first', 'host', '{}')`,
    [campaignId, { ...definition, ...wanted }, state, pausedFrom ?? null]
  )
  await pool.query('INSERT INTO round (campaign_id, number, opened_at) VALUES ($1, 1, now())', [campaignId])
  return { campaignId, round: 1 }
}

export type PersonSpec = {
  userId: string
  displayName?: string
  address?: string
  language?: string | null
  state?: ParticipantState
  contact?: number
  /** PostgreSQL's way to write a time. */
  overAt?: string
}

/** Participants, asked once, whose reminder is due in a week. */
export async function plantPeople(
  pool: Pool,
  { campaignId, round }: Planted,
  people: PersonSpec[]
): Promise<void> {
  const column = <T>(read: (person: PersonSpec) => T) => people.map(read)
  await pool.query(
    `INSERT INTO participant (campaign_id, round, place, user_id, display_name, address, domain, language, backend, state,
                              contact, next_mail, due_at, asked_at, over_at, reached)
     SELECT $1, $2, lower(u.id), u.id, u.name, u.address, 'acme.example', u.language, 'Database', u.state, u.contact, 1,
            now() + interval '7 days', now(), u.over_at::timestamptz, true
       FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::smallint[], $9::text[])
              AS u (id, name, address, language, state, contact, over_at)`,
    [
      campaignId,
      round,
      column(({ userId }) => userId),
      column(({ userId, displayName = userId }) => displayName),
      column(({ userId, address = `${userId}@acme.example` }) => address),
      column(({ language = null }) => language),
      column(({ state = 'asked' }) => state),
      column(({ contact }) => contact ?? null),
      column(({ overAt = 'infinity' }) => overAt)
    ]
  )
}

/** A mail with a live link, to a participant or a contact. @returns the link's token */
export async function plantLink(
  pool: Pool,
  { campaignId, round }: Planted,
  to: { userId: string } | { contact: number; address: string },
  number = 0
): Promise<string> {
  const { token, hash } = newLink()
  const contact = 'contact' in to ? to : undefined
  if (contact)
    await pool.query(
      'INSERT INTO contact (campaign_id, round, number, address) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING',
      [campaignId, round, contact.contact, contact.address]
    )
  await pool.query(
    `INSERT INTO campaign_mail (id, campaign_id, round, place, contact, number, address, state, link_hash)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'accepted', $8)`,
    [
      randomUUID(),
      campaignId,
      round,
      'userId' in to ? to.userId.toLowerCase() : null,
      contact?.contact ?? null,
      number,
      contact?.address ?? `${(to as { userId: string }).userId}@acme.example`,
      hash
    ]
  )
  return token.reveal()
}

/** All that answering could change, as text: equal before and after where nothing was changed. */
export async function stateOf(pool: Pool): Promise<string> {
  const tables = [
    'campaign',
    'round',
    'participant',
    'participant_count',
    'contact',
    'campaign_mail',
    'campaign_notice',
    'audit_event'
  ]
  const all = await Promise.all(
    tables.map(async (table) => (await pool.query(`SELECT t::text AS row FROM ${table} t ORDER BY 1`)).rows)
  )
  return JSON.stringify(all)
}
