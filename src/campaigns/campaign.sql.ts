import type { Db, Pool } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import { type Campaign, type CampaignState, campaignSourcesOf, type Round } from './campaign.ts'
import type { ParticipantState } from './participant.ts'

const columns = `c.id, c.name, c.definition, c.state, c.round, c.next_round_at AS "nextRoundAt", c.occurrence,
  c.paused_from AS "pausedFrom", c.paused_at AS "pausedAt", c.problem, c.retry_at AS "retryAt",
  c.requested_by AS "requestedBy", c.owner, c.vouchers, c.request_id AS "requestId",
  c.created_at AS "createdAt", c.ended_at AS "endedAt"`

export type NewCampaign = Pick<
  Campaign,
  'id' | 'name' | 'definition' | 'requestedBy' | 'owner' | 'vouchers' | 'nextRoundAt' | 'occurrence'
> & { requestId: string }

/** `scheduled` where it has a date, else `draft`. */
export async function insertCampaign(tx: Db, campaign: NewCampaign): Promise<Campaign> {
  const { id, name, definition, nextRoundAt, occurrence, requestedBy, owner, vouchers, requestId } = campaign
  await tx.query(
    `INSERT INTO campaign (id, name, definition, state, next_round_at, occurrence, requested_by, owner, vouchers, request_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
    [
      id,
      name,
      definition,
      nextRoundAt ? 'scheduled' : 'draft',
      nextRoundAt,
      occurrence,
      requestedBy,
      owner,
      vouchers,
      requestId
    ]
  )
  return (await findCampaign(tx, id))!
}

/** @param lock held until the transaction ends; whoever answers waits for it */
export async function findCampaign(
  db: Db | Pool,
  id: string,
  { lock = false } = {}
): Promise<Campaign | undefined> {
  const { rows } = await db.query<Campaign>(
    `SELECT ${columns} FROM campaign c WHERE c.id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [id]
  )
  return rows[0]
}

/** Newest first. */
export async function listCampaigns(
  db: Db | Pool,
  filter: { state?: CampaignState; before?: string; limit: number }
): Promise<Campaign[]> {
  const { rows } = await db.query<Campaign>(
    `SELECT ${columns} FROM campaign c
      WHERE ($1::text IS NULL OR c.state = $1) AND ($2::uuid IS NULL OR c.id < $2) ORDER BY c.id DESC LIMIT $3`,
    [filter.state ?? null, filter.before ?? null, filter.limit]
  )
  return rows
}

export async function findInState(
  db: Db | Pool,
  ...states: CampaignState[]
): Promise<Pick<Campaign, 'id' | 'state' | 'round' | 'definition'>[]> {
  const { rows } = await db.query<Pick<Campaign, 'id' | 'state' | 'round' | 'definition'>>(
    'SELECT id, state, round, definition FROM campaign WHERE state = ANY($1) AND (retry_at IS NULL OR retry_at <= locksmith_now()) ORDER BY id',
    [states]
  )
  return rows
}

/** Moves it where the table of transitions lets it. @returns false where it does not, and nothing was changed */
export async function moveCampaign(
  tx: Db,
  id: string,
  to: Exclude<CampaignState, 'paused'>,
  problem: Problem | null = null
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE campaign
        SET state = $2, problem = $3, retry_at = NULL, paused_from = NULL, paused_at = NULL,
            ended_at = CASE WHEN $2 IN ('ended', 'cancelled') THEN locksmith_now() END
      WHERE id = $1 AND state = ANY($4)`,
    [id, to, problem, campaignSourcesOf(to)]
  )
  return rowCount === 1
}

/** @returns false where it cannot be paused */
export async function pauseCampaign(tx: Db, id: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE campaign SET paused_from = state, paused_at = locksmith_now(), state = 'paused'
      WHERE id = $1 AND state = ANY($2)`,
    [id, campaignSourcesOf('paused')]
  )
  return rowCount === 1
}

/** It is tried again in so many seconds. */
export async function putOff(db: Db | Pool, id: string, problem: Problem, seconds: number): Promise<void> {
  await db.query(
    'UPDATE campaign SET problem = $2, retry_at = locksmith_now() + make_interval(secs => $3) WHERE id = $1',
    [id, problem, seconds]
  )
}

/** The next round begins: `planning`. @returns its number; undefined where the campaign is in another state */
export async function beginRound(tx: Db, id: string, anyway: boolean): Promise<number | undefined> {
  if (!(await moveCampaign(tx, id, 'planning'))) return undefined
  const { rows } = await tx.query<{ round: number }>(
    'UPDATE campaign SET round = round + 1, next_round_at = NULL WHERE id = $1 RETURNING round',
    [id]
  )
  const { round } = rows[0]!
  await tx.query('INSERT INTO round (campaign_id, number, anyway) VALUES ($1, $2, $3)', [id, round, anyway])
  return round
}

export async function setNextRound(
  tx: Db,
  id: string,
  next: { at: Date; occurrence: number } | null
): Promise<void> {
  await tx.query(
    'UPDATE campaign SET next_round_at = $2, occurrence = coalesce($3, occurrence) WHERE id = $1',
    [id, next?.at ?? null, next?.occurrence ?? null]
  )
}

/** Campaigns whose date has come; locked until `tx` ends. */
export async function findToBegin(tx: Db): Promise<{ id: string; requestedBy: string }[]> {
  const { rows } = await tx.query<{ id: string; requestedBy: string }>(
    `SELECT id, requested_by AS "requestedBy" FROM campaign
      WHERE state = 'scheduled' AND next_round_at <= locksmith_now() ORDER BY next_round_at LIMIT 10 FOR UPDATE SKIP LOCKED`
  )
  return rows
}

const roundColumns = `campaign_id AS "campaignId", number, began_at AS "beganAt", opened_at AS "openedAt",
  closed_at AS "closedAt", ended_at AS "endedAt", listed, matched, anyway, brakes, manifest`

export async function findRound(
  db: Db | Pool,
  campaignId: string,
  number: number
): Promise<Round | undefined> {
  const { rows } = await db.query<Round>(
    `SELECT ${roundColumns} FROM round WHERE campaign_id = $1 AND number = $2`,
    [campaignId, number]
  )
  return rows[0]
}

/** The one before it that was planned to its end. */
export async function findFormerRound(
  db: Db | Pool,
  campaignId: string,
  number: number
): Promise<Round | undefined> {
  const { rows } = await db.query<Round>(
    `SELECT ${roundColumns} FROM round
      WHERE campaign_id = $1 AND number < $2 AND opened_at IS NOT NULL ORDER BY number DESC LIMIT 1`,
    [campaignId, number]
  )
  return rows[0]
}

export type Counts = Partial<Record<ParticipantState, number>>

/** How many participants are in each state; kept by a trigger, so it costs the same for ten and for a million. */
export async function findCounts(db: Db | Pool, campaignId: string, round: number): Promise<Counts> {
  const { rows } = await db.query<{ state: ParticipantState; n: number }>(
    `SELECT state, sum(n)::integer AS n FROM participant_count
      WHERE campaign_id = $1 AND round = $2 GROUP BY state HAVING sum(n) > 0`,
    [campaignId, round]
  )
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}
