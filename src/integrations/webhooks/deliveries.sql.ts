import type { Db, Pool } from '../../db/pool.ts'
import { waitsForOlder } from './delivery.sql.ts'
import type { DeliveryState } from './delivery.ts'
import type { WebhookData, WebhookType } from './event.ts'

/** For people to look at. */
export type Delivery = {
  id: string
  type: WebhookType
  data: WebhookData
  at: Date
  state: DeliveryState
  attempts: number
  nextAt: Date | null
  triedAt: Date | null
  result: string | null
  endedAt: Date | null
}

const columns = `id, type, data, at, state, attempts, next_at AS "nextAt", tried_at AS "triedAt", result,
  ended_at AS "endedAt"`

/** A page of what an endpoint was told or is to be told, newest first. @param before id of the last of the page before */
export async function listDeliveries(
  db: Db | Pool,
  endpointId: string,
  { limit, before, state }: { limit: number; before?: string | undefined; state?: DeliveryState | undefined }
): Promise<Delivery[]> {
  const { rows } = await db.query<Delivery>(
    `SELECT ${columns} FROM webhook_delivery
      WHERE endpoint_id = $1 AND ($2::uuid IS NULL OR id < $2) AND ($3::text IS NULL OR state = $3)
      ORDER BY id DESC LIMIT $4`,
    [endpointId, before ?? null, state ?? null, limit]
  )
  return rows
}

export async function findDelivery(
  db: Db | Pool,
  endpointId: string,
  id: string
): Promise<Delivery | undefined> {
  const { rows } = await db.query<Delivery>(
    `SELECT ${columns} FROM webhook_delivery WHERE endpoint_id = $1 AND id = $2`,
    [endpointId, id]
  )
  return rows[0]
}

/** It is due at once, with all its tries before it; one that is under way stays as it is. */
export async function replayDelivery(tx: Db, endpointId: string, id: string): Promise<void> {
  await tx.query(
    `UPDATE webhook_delivery SET state = 'pending', attempts = 0, next_at = locksmith_now(), ended_at = NULL
      WHERE endpoint_id = $1 AND id = $2 AND claim IS NULL`,
    [endpointId, id]
  )
}

/** What ended so many days ago, and what waited so long for an endpoint that rests; secrets whose time is over, too. */
export async function deleteOldDeliveries(db: Db | Pool, days: number): Promise<void> {
  await db.query(
    `DELETE FROM webhook_delivery WHERE state <> 'pending' AND ended_at < locksmith_now() - make_interval(days => $1)`,
    [days]
  )
  await db.query(
    `DELETE FROM webhook_delivery d USING webhook_endpoint e
      WHERE e.id = d.endpoint_id AND coalesce(e.disabled_at, e.paused_at) IS NOT NULL
        AND d.state = 'pending' AND d.claim IS NULL
        AND d.at < locksmith_now() - make_interval(days => $1)`,
    [days]
  )
  await db.query(
    `UPDATE webhook_endpoint SET former_secret = NULL, former_until = NULL WHERE former_until <= locksmith_now()`,
    []
  )
}

/** How long what is longest overdue has been waiting, over all endpoints that are to get anything. Seconds. */
export async function findLag(db: Db | Pool): Promise<number> {
  const { rows } = await db.query<{ lag: number | null }>(
    `SELECT extract(epoch FROM locksmith_now() - min(d.next_at))::float8 AS lag
       FROM webhook_delivery d JOIN webhook_endpoint e ON e.id = d.endpoint_id
      WHERE d.state = 'pending' AND d.claim IS NULL AND coalesce(e.disabled_at, e.paused_at) IS NULL
        AND NOT ${waitsForOlder('d')}`,
    []
  )
  return Math.max(0, rows[0]!.lag ?? 0)
}

/** Whom something is the matter with, and what no key of ours may open: for the doctor. */
export type EndpointHealth = {
  id: string
  form: 'webhook' | 'set'
  origin: string
  /** null: of a stream whose receiver wants none. */
  secret: Buffer | null
  failingSince: Date | null
  disabledBecause: 'by-hand' | 'gone' | 'failing' | null
}

export async function findEndpointHealth(db: Db | Pool): Promise<EndpointHealth[]> {
  const { rows } = await db.query<EndpointHealth>(
    `SELECT id, form, substring(url FROM '^https?://[^/?#]+') AS origin,
            secret, failing_since AS "failingSince", disabled_because AS "disabledBecause"
       FROM webhook_endpoint ORDER BY id`,
    []
  )
  return rows
}
