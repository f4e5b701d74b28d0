import type { Db } from '../../db/pool.ts'
import { uuidv7 } from '../../uuid.ts'
import type { WebhookEvent } from './event.ts'

/**
 * Puts what is to be told into the outbox, one row for each endpoint that wants to know: in the transaction of the change
 * itself, so that neither is there without the other.
 *
 * An endpoint that is being deleted is waited for and then left out: the change must not fail for it.
 */
export async function announce(tx: Db, ...events: WebhookEvent[]): Promise<void> {
  if (events.length === 0) return
  const column = <T>(read: (event: WebhookEvent) => T) => events.map(read)
  await tx.query(
    `WITH endpoint AS MATERIALIZED (
       SELECT id, events FROM webhook_endpoint WHERE form = 'webhook' AND disabled_at IS NULL FOR KEY SHARE)
     INSERT INTO webhook_delivery (endpoint_id, id, type, data)
     SELECT endpoint.id, e.id, e.type,
            CASE WHEN o.kind IS NULL OR e.data::jsonb ? 'kind' THEN e.data
                 ELSE (json_build_object('kind', o.kind)::jsonb || e.data::jsonb)::json END
       FROM unnest($1::uuid[], $2::text[], $3::json[], $4::uuid[]) AS e (id, type, data, kind_of)
       JOIN endpoint ON endpoint.events IS NULL OR e.type = ANY(endpoint.events)
       LEFT JOIN operation o ON o.id = e.kind_of`,
    [
      column(() => uuidv7()),
      column(({ type }) => type),
      column(({ data }) => JSON.stringify(data)),
      column(({ kindOf }) => kindOf ?? null)
    ]
  )
}

/** For one endpoint, whatever it has subscribed to. @returns the id of the event */
export async function announceTo(tx: Db, endpointId: string, { type, data }: WebhookEvent): Promise<string> {
  const id = uuidv7()
  await tx.query('INSERT INTO webhook_delivery (endpoint_id, id, type, data) VALUES ($1, $2, $3, $4)', [
    endpointId,
    id,
    type,
    JSON.stringify(data)
  ])
  return id
}
