import type { Db } from '../db/pool.ts'
import { announceSets, hasStreams } from '../integrations/ssf/outbox.sql.ts'
import { webhookOf } from '../integrations/webhooks/event.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import { type Entry, entryText, joinDetails, type Personal, partsOf, personIn } from './entry.ts'
import type { Actor, AuditEvent, EventOutcome } from './event.ts'
import { auditActions, outcomeOfAction } from './event.ts'
import { addressOf } from './origin.ts'
import { type Place, takePlaces } from './places.ts'
import { numbersEnd } from './tree.ts'

/**
 * Writes events in the caller's transaction: no event, no change. They are in the tree a moment after its
 * commit, and webhooks and streams tell of them from the same transaction on.
 * @param tx of a pool that marks what it writes: others can write no event
 */
export async function appendAudit(tx: Db, ...events: AuditEvent[]): Promise<void> {
  if (events.length === 0) return
  // What is marked has its number and its time, so that neither can be changed until it is sealed.
  const places = await takePlaces(tx, events.length)
  const { isHeard } = await insertEvents(tx, markedAs(tx, places, events.map(withOrigin)))
  await announce(tx, ...events.flatMap((event) => webhookOf(event) ?? []))
  if (isHeard)
    await announceSets(
      tx,
      events.map((event, n) => ({ event, seq: places[n]!.seq }))
    )
}

type NewRow = { entry: Entry; personal: Personal; salt: Buffer; mac: Buffer }

/** @throws where the pool cannot mark, and so cannot write to the audit */
export function markedAs({ mark }: Db, places: Place[], events: AuditEvent[]): NewRow[] {
  if (!mark) throw new Error('This pool cannot write to the audit')
  return events.map((event, n) => {
    const { content, personal, salt } = partsOf(event)
    const { seq, at } = places[n]!
    const entry = { ...content, seq, at }
    return { entry, personal, salt, mac: mark(entryText(entry)) }
  })
}

/**
 * As one JSON text: sixteen arrays, a member each, would cost this process half as much again. Whether any stream listens is
 * asked along with it: where there is none it costs nothing.
 */
export async function insertEvents(tx: Db, given: NewRow[]): Promise<{ isHeard: boolean }> {
  const { rows } = await tx.query<{ isHeard: boolean }>(
    `WITH given AS (
       SELECT * FROM json_to_recordset($1)
         AS row(seq bigint, at timestamptz, action text, actor text, "operationId" uuid, "campaignId" uuid, "requestId" text,
                details jsonb, personal bytea, mac bytea, salt bytea, "fullActor" text, "userId" text, place text,
                "sourceAddress" text, "personalDetails" jsonb)),
     event AS (
       INSERT INTO audit_event (seq, at, action, actor, operation_id, campaign_id, request_id, details, personal, mac)
       SELECT seq, at, action, actor, "operationId", "campaignId", "requestId", details, personal, mac FROM given),
     personal AS (
       INSERT INTO audit_personal (seq, salt, actor, user_id, place, source_address, details)
       SELECT seq, salt, "fullActor", "userId", place, "sourceAddress", "personalDetails" FROM given),
     tail AS (INSERT INTO audit_tail (seq) SELECT seq FROM given)
     SELECT ${hasStreams} AS "isHeard"`,
    [
      JSON.stringify(
        given.map(({ entry, personal, salt, mac }) => ({
          ...entry,
          personal: `\\x${entry.personal}`,
          mac: bytea(mac),
          salt: bytea(salt),
          fullActor: personal.actor,
          userId: personal.userId,
          place: personal.userId?.toLowerCase(),
          sourceAddress: personal.sourceAddress,
          personalDetails: personal.details
        }))
      )
    ]
  )
  return rows[0]!
}

const bytea = (bytes: Buffer) => `\\x${bytes.toString('hex')}`

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
    before = numbersEnd,
    after = 0,
    order = 'DESC',
    limit
  }: { before?: number; after?: number; order?: 'ASC' | 'DESC'; limit: number }
): Promise<AuditRow[]> {
  const { where, values } = conditionsOf(filter)
  const { rows } = await db.query<Read>(
    `SELECT ${rowColumns}
       FROM audit_event e LEFT JOIN ${rowOf('audit_personal p', 'e.seq', where)}
       LEFT JOIN ${rowOf('audit_leaf l', 'e.seq', where)}
      WHERE ${[...where, `e.seq < $${values.length + 1}`, `e.seq > $${values.length + 2}`].join(' AND ')}
      ORDER BY e.seq ${order} LIMIT $${values.length + 3}`,
    [...values, before, after, limit]
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
    (at) => (personIn(filter.actor ?? '').kind ? `p.actor = ${at}::text` : `e.actor = ${at}::text`),
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
  return { where, values }
}

/**
 * The row of a table that has this seq, to be joined: looked up for each where nothing is asked of it. PostgreSQL would
 * merge the tables as a whole, for each page anew, since a bound of one side of an outer join is none of the other.
 * @param table with its short name, as conditions have it
 */
export function rowOf(table: `audit_${string} ${'e' | 'p' | 'l'}`, seq: string, where: string[]): string {
  const [name, short] = table.split(' ')
  return where.some((each) => new RegExp(`\\b${short}\\.`).test(each))
    ? `${table} ON ${short}.seq = ${seq}`
    : `LATERAL (SELECT * FROM ${name} WHERE seq = ${seq} LIMIT 1) ${short} ON true`
}

const actionsWith = (outcome: EventOutcome | 'none') =>
  auditActions.filter((action) => (outcomeOfAction[action] ?? 'none') === outcome)
