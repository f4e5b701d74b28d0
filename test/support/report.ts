import type { Definition } from '../../src/campaigns/campaign.ts'
import type { Pool } from '../../src/db/pool.ts'
import { uuidv7 } from '../../src/uuid.ts'
import { definition as plain } from './planted-campaign.ts'

/** A round that everything happened in that a report can tell of; times are of November 2026. */
export type Told = { campaignId: string; end(): Promise<void>; pool: Pool }

const definition: Definition = {
  ...plain,
  audience: { groups: ['partners', 'suppliers'], exclude: { domains: ['example.org'] } },
  schedule: { every: 'P3M', startsAt: '2026-11-02T08:00:00Z', timeZone: 'Europe/Berlin' },
  remindAfter: ['P5D', 'P10D'],
  owner: 'it-security@example.org',
  minimumResponse: 40,
  pace: { usersPerHour: 500, resetsPerDomain: 10 },
  contacts: [{ address: 'chief@acme.example', domain: 'acme.example' }]
}

export const at = (day: number, time = '08:00:00.000') => `2026-11-${String(day).padStart(2, '0')}T${time}Z`

/** @param row columns of the table */
export async function insert(pool: Pool, table: string, row: Record<string, unknown>): Promise<void> {
  const names = Object.keys(row)
  await pool.query(
    `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map((_, n) => `$${n + 1}`).join(', ')})`,
    Object.values(row)
  )
}

export async function insertRound(pool: Pool, name = 'Partner access, autumn 2026'): Promise<string> {
  const campaignId = uuidv7()
  await insert(pool, 'campaign', {
    id: campaignId,
    name,
    definition,
    state: 'acting',
    round: 1,
    requested_by: 'key:4kT0bXr2LmQz',
    owner: 'it-security@example.org',
    vouchers: []
  })
  await insert(pool, 'round', {
    campaign_id: campaignId,
    number: 1,
    began_at: at(2, '07:59:30.000'),
    opened_at: at(2),
    closed_at: at(17, '08:30:00.000'),
    listed: 1412,
    matched: 9,
    brakes: JSON.stringify([{ brake: 'minimum-response', used: 40, most: 50, freeAt: null }])
  })
  await insert(pool, 'contact', {
    campaign_id: campaignId,
    round: 1,
    number: 0,
    address: 'chief@acme.example'
  })
  return campaignId
}

/** @param given columns of `participant` beside those that all have */
export const insertPerson = (
  pool: Pool,
  campaignId: string,
  userId: string,
  given: Record<string, unknown> = {}
) =>
  insert(pool, 'participant', {
    campaign_id: campaignId,
    round: 1,
    place: userId.toLowerCase(),
    user_id: userId,
    display_name: `${userId[0]!.toUpperCase()}${userId.slice(1)} of Acme`,
    address: `${userId}@acme.example`,
    domain: 'acme.example',
    backend: 'Database',
    last_login: at(1),
    state: 'asked',
    contact: 0,
    asked_at: at(2, '08:01:00.123'),
    ...given
  })

let mails = 0

export const insertMail = (
  pool: Pool,
  campaignId: string,
  place: string | null,
  given: Record<string, unknown> = {}
) =>
  insert(pool, 'campaign_mail', {
    id: `mail-${mails++}`,
    campaign_id: campaignId,
    round: 1,
    place,
    contact: place === null ? 0 : null,
    number: 0,
    address: place === null ? 'chief@acme.example' : `${place}@acme.example`,
    state: 'accepted',
    response: '250 2.0.0 Ok: queued as 4F1',
    begun_at: at(2, '08:01:00.000'),
    ended_at: at(2, '08:01:00.123'),
    ...given
  })

/** An operation that a campaign began, with the steps' outcomes. @returns its id */
export async function insertOperation(
  pool: Pool,
  userId: string,
  { outcomes = [], ...given }: { outcomes?: object[] } & Record<string, unknown> = {}
): Promise<string> {
  const id = uuidv7()
  await insert(pool, 'operation', {
    id,
    kind: 'disable',
    user_id: userId,
    place: userId.toLowerCase(),
    state: 'succeeded',
    input: { mail: 'none', revoke: 'all' },
    job: id,
    requested_by: 'system',
    created_at: at(18),
    finished_at: at(18, '09:12:44.120'),
    ...given
  })
  for (const [position, outcome] of outcomes.entries())
    await insert(pool, 'operation_step', {
      operation_id: id,
      position,
      name: `step-${position}`,
      state: 'done',
      outcome
    })
  return id
}

export async function insertApproval(pool: Pool): Promise<string> {
  const id = uuidv7()
  await insert(pool, 'approval', {
    id,
    state: 'approved',
    action: { kind: 'disable', input: {} },
    action_hash: 'a'.repeat(64),
    brakes: ['minimum-response'],
    requested_by: 'system',
    owner: 'it-security@example.org',
    vouchers: [],
    created_at: at(17),
    expires_at: at(20),
    decided_at: at(18, '08:59:01.000'),
    decided_by: 'key:3kPq9TzX1mLs',
    reason: 'list checked with the partner manager',
    hash: '5f0cde6ad1f5d16a8a2c6b8a8a1a5e7bb1c6ce0e3f9f1b6ad7d6cf0a6c1f2e3d'
  })
  return id
}
