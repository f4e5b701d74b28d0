import type { AuditEvent, EventOutcome } from '../event.ts'

/** A sealed event of the audit, as it is sent to others. */
export type ForwardedEvent = {
  /** Its leaf in the tree: from 0, without gaps. What is forwarded is in this order. */
  index: number
  /** Its number in the table: from 1, with gaps. */
  seq: number
  /** `2026-11-29T17:00:00.123456Z`: in UTC, with up to six digits after the second. */
  at: string
  action: AuditEvent['action']
  /** See {@link AuditEvent}; or a pseudonym, once the person was forgotten. */
  actor: string
  userId: string | null
  /** Where the request came from: an IP address, where one is known. */
  sourceAddress: string | null
  operationId: string | null
  campaignId: string | null
  requestId: string | null
  details: Record<string, unknown>
  /** null: nothing came out yet, or there is nothing to come out. */
  outcome: EventOutcome | null
  /** The leaf hash, 64 hex digits: no two events have the same, since each has a salt of its own. */
  hash: string
}
