import type { Db } from '../db/pool.ts'
import { webhookOf } from '../integrations/webhooks/event.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import type { AuditEvent } from './event.ts'

/** Writes events in the caller's transaction: no event, no change. Webhooks tell of them from the same transaction on. */
export async function appendAudit(tx: Db, ...events: AuditEvent[]): Promise<void> {
  const column = <T>(read: (event: AuditEvent) => T) => events.map(read)
  await tx.query(
    `INSERT INTO audit_event (action, actor, user_id, place, operation_id, request_id, details)
     SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::jsonb[])`,
    [
      column((event) => event.action),
      column((event) => event.actor),
      column((event) => event.userId ?? null),
      column((event) => event.userId?.toLowerCase() ?? null),
      column((event) => event.operationId ?? null),
      column((event) => event.requestId ?? null),
      column((event) => JSON.stringify(event.details))
    ]
  )
  await announce(tx, ...events.flatMap((event) => webhookOf(event) ?? []))
}

export type AuditRow = {
  seq: number
  at: Date
  action: AuditEvent['action']
  actor: string
  userId: string | null
  operationId: string | null
  requestId: string | null
  details: Record<string, unknown>
}

export type AuditFilter = {
  userId?: string
  operationId?: string
  action?: string
  from?: Date
  to?: Date
  /** Only events older than this one. */
  before?: number
  limit: number
}

/** A page of events, newest first; `from` is included, `to` is not. */
export async function listAudit(db: Db, filter: AuditFilter): Promise<AuditRow[]> {
  const { rows } = await db.query<AuditRow>(
    `SELECT seq, at, action, actor, user_id AS "userId", operation_id AS "operationId",
            request_id AS "requestId", details
       FROM audit_event
      WHERE ($1::text IS NULL OR place = $1) AND ($2::uuid IS NULL OR operation_id = $2)
        AND ($3::text IS NULL OR action = $3) AND ($4::timestamptz IS NULL OR at >= $4)
        AND ($5::timestamptz IS NULL OR at < $5) AND ($6::bigint IS NULL OR seq < $6)
      ORDER BY seq DESC LIMIT $7`,
    [
      filter.userId?.toLowerCase() ?? null,
      filter.operationId ?? null,
      filter.action ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.before ?? null,
      filter.limit
    ]
  )
  return rows
}
