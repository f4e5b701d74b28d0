import type { AuditEvent } from '../../audit/event.ts'
import type { Db } from '../../db/pool.ts'
import {
  accountEventsOf,
  type Background,
  dataOf,
  mayTell,
  type StreamData,
  type StreamEvent
} from './event.ts'

/** @property seq by which what is about one person is put in order */
export type Told = { event: AuditEvent; seq: number }

/** In a query without FROM: whether anybody is to be told. Without streams nothing more is asked. */
export const hasStreams = `EXISTS (SELECT FROM webhook_endpoint WHERE form = 'set' AND disabled_at IS NULL)`

/** Puts SETs into the outbox of each stream that asked for them: in the transaction of what they tell of. */
export async function announceSets(tx: Db, told: Told[]): Promise<void> {
  const sets: { type: string; data: object; subject: string; cause: number }[] = []
  for (const { event, seq } of told) {
    if (!mayTell(event)) continue
    const background = await findBackground(tx, event.operationId)
    if (!background) continue
    const data = dataOf(event, background)
    for (const type of accountEventsOf(event, background))
      sets.push({ type, data, subject: event.userId.toLowerCase(), cause: seq })
  }
  if (sets.length > 0) await insertSets(tx, sets)
}

/** Of what an issuer of signals had done nothing is told again: two that tell each other of it would never come to an end. */
async function findBackground(tx: Db, operationId: string): Promise<Background | undefined> {
  const { rows } = await tx.query<Background>(
    `SELECT o.kind, o.input ? 'only' AS "isPart", o.input ? 'campaign' AS "isPolicy",
            (SELECT outcome->'user' FROM operation_step WHERE operation_id = o.id AND name = 'check-user') AS found,
            EXISTS (SELECT FROM operation_step WHERE operation_id = o.id AND name = 'replace-password'
                       AND outcome->>'passwordReplaced' = 'unknown') AS "isPasswordOpen"
       FROM operation o WHERE o.id = $1 AND o.requested_by NOT LIKE 'issuer:%'`,
    [operationId]
  )
  return rows[0]
}

/**
 * Each has an id of its own for each stream. What is older about the same person is due as well, and goes first: a
 * receiver that is back learns at once how things are.
 */
async function insertSets(
  tx: Db,
  sets: { type: string; data: object; subject: string; cause: number }[]
): Promise<void> {
  await tx.query(
    `WITH stream AS MATERIALIZED (
       SELECT id, events_requested FROM webhook_endpoint WHERE form = 'set' AND disabled_at IS NULL FOR KEY SHARE),
     sooner AS (
       UPDATE webhook_delivery SET next_at = locksmith_now() WHERE (endpoint_id, id) IN (
         SELECT endpoint_id, id FROM webhook_delivery
          WHERE endpoint_id IN (SELECT id FROM stream) AND subject = ANY($3::text[])
            AND state = 'pending' AND claim IS NULL AND next_at > locksmith_now() FOR UPDATE SKIP LOCKED))
     INSERT INTO webhook_delivery (endpoint_id, id, type, data, subject, cause)
     SELECT stream.id, gen_random_uuid(), s.type, s.data, s.subject, s.cause
       FROM unnest($1::text[], $2::json[], $3::text[], $4::bigint[]) AS s (type, data, subject, cause)
       JOIN stream ON stream.events_requested IS NULL OR s.type = ANY(stream.events_requested)`,
    [
      sets.map(({ type }) => type),
      sets.map(({ data }) => JSON.stringify(data)),
      sets.map(({ subject }) => subject),
      sets.map(({ cause }) => cause)
    ]
  )
}

/** About the stream itself, whatever it has asked for. */
export async function announceToStream(
  tx: Db,
  streamId: string,
  type: StreamEvent,
  data: StreamData
): Promise<void> {
  await tx.query(
    `INSERT INTO webhook_delivery (endpoint_id, id, type, data) VALUES ($1, gen_random_uuid(), $2, $3)`,
    [streamId, type, JSON.stringify(data)]
  )
}
