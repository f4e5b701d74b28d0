import { canonicalJson } from '../canonical.ts'
import type { Db } from '../db/pool.ts'
import { webhookOf } from '../integrations/webhooks/event.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import { type Content, contentText, joinDetails, type Personal, partsOf } from './entry.ts'
import type { Actor, AuditEvent, EventOutcome } from './event.ts'
import { auditActions, outcomeOfAction } from './event.ts'
import { addressOf } from './origin.ts'

/**
 * Writes events in the caller's transaction: no event, no change. They are in the tree a moment after its
 * commit, and webhooks tell of them from the same transaction on.
 * @param tx of a pool that marks what it writes: others can write no event
 */
export async function appendAudit(tx: Db, ...events: AuditEvent[]): Promise<void> {
  const { mark } = tx
  if (!mark) throw new Error('This pool cannot write to the audit')
  await insertEvents(
    tx,
    events.map((event) => {
      const { content, personal, salt } = partsOf(withOrigin(event))
      return { content, personal, salt, mac: mark(contentText(content)) }
    })
  )
  await announce(tx, ...events.flatMap((event) => webhookOf(event) ?? []))
}

/** @property at, seq left out: now, and the next one */
export type NewRow = {
  content: Content
  personal: Personal
  salt: Buffer
  mac: Buffer
  seq?: number
  /** With every digit that the database knows. */
  at?: string
}

export async function insertEvents(tx: Db, rows: NewRow[]): Promise<void> {
  const column = <T>(read: (row: NewRow) => T) => rows.map(read)
  await tx.query(
    `WITH given AS (
       SELECT coalesce(given_seq, nextval('audit_seq')) AS seq, coalesce(given_at, locksmith_now()) AS at, each.*
         FROM (SELECT * FROM unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[], $7::bytea[],
                                    $8::bytea[], $9::bytea[], $10::text[], $11::text[], $12::text[], $13::text[], $14::jsonb[],
                                    $15::bigint[], $16::timestamptz[])
                 WITH ORDINALITY AS row(action, actor, operation_id, campaign_id, request_id, details, personal, mac,
                                        salt, full_actor, user_id, place, source_address, personal_details,
                                        given_seq, given_at, n)
                ORDER BY n) each),
     event AS (
       INSERT INTO audit_event (seq, at, action, actor, operation_id, campaign_id, request_id, details, personal, mac)
       SELECT seq, at, action, actor, operation_id, campaign_id, request_id, details, personal, mac FROM given),
     personal AS (
       INSERT INTO audit_personal (seq, salt, actor, user_id, place, source_address, details)
       SELECT seq, salt, full_actor, user_id, place, source_address, personal_details FROM given)
     INSERT INTO audit_tail (seq) SELECT seq FROM given`,
    [
      column(({ content }) => content.action),
      column(({ content }) => content.actor),
      column(({ content }) => content.operationId),
      column(({ content }) => content.campaignId),
      column(({ content }) => content.requestId),
      column(({ content }) => canonicalJson(content.details)),
      column(({ content }) => Buffer.from(content.personal, 'hex')),
      column(({ mac }) => mac),
      column(({ salt }) => salt),
      column(({ personal }) => personal.actor ?? null),
      column(({ personal }) => personal.userId ?? null),
      column(({ personal }) => personal.userId?.toLowerCase() ?? null),
      column(({ personal }) => personal.sourceAddress ?? null),
      column(({ personal }) => (personal.details ? canonicalJson(personal.details) : null)),
      column(({ seq }) => seq ?? null),
      column(({ at }) => at ?? null)
    ]
  )
}

function withOrigin(event: AuditEvent): AuditEvent {
  const address = event.sourceAddress ?? addressOf(event.requestId)
  return address === undefined ? event : { ...event, sourceAddress: address }
}

/** As it is read. What was erased has a pseudonym in the person's place. */
export type AuditRow = {
  seq: number
  at: Date
  action: AuditEvent['action']
  actor: Actor
  userId: string | null
  operationId: string | null
  campaignId: string | null
  requestId: string | null
  sourceAddress: string | null
  details: Record<string, unknown>
  /** Its leaf in the tree; null: not sealed yet. */
  index: number | null
}

export type AuditFilter = {
  userId?: string
  actor?: string
  operationId?: string
  campaignId?: string
  action?: string
  outcome?: EventOutcome | 'none'
  /** Words that are in the reason, in whatever case. */
  reason?: string
  from?: Date
  to?: Date
  /** Of a leaf: that its event was not pruned, or taken away. */
  isThere?: true
}

export const rowColumns = `e.seq, e.at, e.action, coalesce(p.actor, e.actor) AS actor, p.user_id AS "userId",
  e.operation_id AS "operationId", e.campaign_id AS "campaignId", e.request_id AS "requestId",
  p.source_address AS "sourceAddress", e.details, p.details AS "personalDetails", l.index`

type Read = AuditRow & { personalDetails: Personal['details'] | null }

export const joined = ({ personalDetails, ...row }: Read): AuditRow => ({
  ...row,
  details: joinDetails(row.details, personalDetails)
})

/**
 * A page of events.
 * @param options `before`, `after`: only older, newer ones than this seq; `order` by seq
 */
export async function listAudit(
  db: Db,
  filter: AuditFilter,
  {
    before,
    after,
    order = 'DESC',
    limit
  }: { before?: number; after?: number; order?: 'ASC' | 'DESC'; limit: number }
): Promise<AuditRow[]> {
  const { where, values } = conditionsOf(filter)
  const { rows } = await db.query<Read>(
    `SELECT ${rowColumns}
       FROM audit_event e LEFT JOIN audit_personal p ON p.seq = e.seq LEFT JOIN audit_leaf l ON l.seq = e.seq
      WHERE ${[...where, `($${values.length + 1}::bigint IS NULL OR e.seq < $${values.length + 1})`, `e.seq > $${values.length + 2}`].join(' AND ')}
      ORDER BY e.seq ${order} LIMIT $${values.length + 3}`,
    [...values, before ?? null, after ?? 0, limit]
  )
  return rows.map(joined)
}

/** What was asked for alone: so each mix of filters is planned for what it is. */
export function conditionsOf(filter: AuditFilter): { where: string[]; values: unknown[] } {
  const where: string[] = []
  const values: unknown[] = []
  const add = (condition: (at: string) => string, value: unknown) => {
    if (value === undefined) return
    values.push(value)
    where.push(condition(`$${values.length}`))
  }
  add((at) => `p.place = ${at}::text`, filter.userId?.toLowerCase())
  add(
    (at) =>
      /^(user|contact|oidc):/.test(filter.actor ?? '') ? `p.actor = ${at}::text` : `e.actor = ${at}::text`,
    filter.actor
  )
  add((at) => `e.operation_id = ${at}::uuid`, filter.operationId)
  // What it did to people is told by their operations.
  add(
    (at) =>
      `(e.campaign_id = ${at}::uuid OR e.operation_id IN
         (SELECT operation_id FROM audit_event WHERE campaign_id = ${at}::uuid AND action = 'operation.requested'))`,
    filter.campaignId
  )
  add((at) => `e.action = ${at}::text`, filter.action)
  add((at) => `e.action = ANY(${at}::text[])`, filter.outcome && actionsWith(filter.outcome))
  add(
    (at) => `p.details ? 'reason' AND p.details->>'reason' ILIKE ${at}::text`,
    filter.reason && `%${filter.reason.replace(/[\\%_]/g, '\\$&')}%`
  )
  add((at) => `e.at >= ${at}::timestamptz`, filter.from)
  add((at) => `e.at < ${at}::timestamptz`, filter.to)
  if (filter.isThere) where.push('e.seq IS NOT NULL')
  return { where, values }
}

const actionsWith = (outcome: EventOutcome | 'none') =>
  auditActions.filter((action) => (outcomeOfAction[action] ?? 'none') === outcome)
