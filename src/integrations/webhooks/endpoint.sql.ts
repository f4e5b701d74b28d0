import type { Db, Pool } from '../../db/pool.ts'
import type { WebhookType } from './event.ts'

export const disablings = ['by-hand', 'gone', 'failing'] as const
/** `gone`: it answered 410; `failing`: for days nothing could be delivered. */
export type Disabling = (typeof disablings)[number]

export type Endpoint = {
  id: string
  url: string
  description: string
  /** null: all. */
  events: WebhookType[] | null
  createdBy: string
  createdAt: Date
  /** Until then the secret before signs as well. */
  formerUntil: Date | null
  failingSince: Date | null
  disabledAt: Date | null
  disabledBecause: Disabling | null
}

const columns = `id, url, description, events, created_by AS "createdBy", created_at AS "createdAt",
  CASE WHEN former_until > locksmith_now() THEN former_until END AS "formerUntil",
  failing_since AS "failingSince", disabled_at AS "disabledAt", disabled_because AS "disabledBecause"`

export type NewEndpoint = Pick<Endpoint, 'id' | 'url' | 'description' | 'events' | 'createdBy'> & {
  secret: Buffer
}

/** Class and number of the advisory lock by which they, and streams, are counted. */
export const countLock = [0x10d2, 0]

/** @returns undefined where there are `most` of them already */
export async function insertEndpoint(
  tx: Db,
  endpoint: NewEndpoint,
  most: number
): Promise<Endpoint | undefined> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', countLock)
  const { rows } = await tx.query<Endpoint>(
    `INSERT INTO webhook_endpoint (id, url, description, events, created_by, secret)
     SELECT $1, $2, $3, $4, $5, $6 WHERE (SELECT count(*) FROM webhook_endpoint WHERE form = 'webhook') < $7
     RETURNING ${columns}`,
    [
      endpoint.id,
      endpoint.url,
      endpoint.description,
      endpoint.events,
      endpoint.createdBy,
      endpoint.secret,
      most
    ]
  )
  return rows[0]
}

export async function findEndpoint(
  db: Db | Pool,
  id: string,
  { lock = false } = {}
): Promise<Endpoint | undefined> {
  const { rows } = await db.query<Endpoint>(
    `SELECT ${columns} FROM webhook_endpoint WHERE id = $1 AND form = 'webhook' ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [id]
  )
  return rows[0]
}

/** A page of them, newest first. @param before id of the last one of the page before */
export async function listEndpoints(db: Db | Pool, limit: number, before?: string): Promise<Endpoint[]> {
  const { rows } = await db.query<Endpoint>(
    `SELECT ${columns} FROM webhook_endpoint
      WHERE form = 'webhook' AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $1`,
    [limit, before ?? null]
  )
  return rows
}

/** What is enabled again starts with a clean slate. */
export async function updateEndpoint(
  tx: Db,
  { id, url, description, events, disabledBecause }: Endpoint
): Promise<Endpoint> {
  const { rows } = await tx.query<Endpoint>(
    `UPDATE webhook_endpoint
        SET url = $2, description = $3, events = $4, disabled_because = $5,
            disabled_at = CASE WHEN $5::text IS NOT NULL THEN coalesce(disabled_at, locksmith_now()) END,
            failing_since = CASE WHEN disabled_at IS NOT NULL AND $5::text IS NULL THEN NULL ELSE failing_since END,
            quiet_until = NULL
      WHERE id = $1 RETURNING ${columns}`,
    [id, url, description, events, disabledBecause]
  )
  return rows[0]!
}

/**
 * A new secret; the one that was in force goes on signing for the overlap, and one before that signs no more.
 * @param overlap ISO 8601 duration
 */
export async function replaceSecret(tx: Db, id: string, secret: Buffer, overlap: string): Promise<Endpoint> {
  const { rows } = await tx.query<Endpoint>(
    `UPDATE webhook_endpoint SET former_secret = secret, former_until = locksmith_now() + $3::interval, secret = $2
      WHERE id = $1 RETURNING ${columns}`,
    [id, secret, overlap]
  )
  return rows[0]!
}

/** @returns whether the duration is longer than the longest one. ISO 8601 */
export async function isLonger(db: Db | Pool, overlap: string, longest: string): Promise<boolean> {
  const { rows } = await db.query<{ longer: boolean }>('SELECT $1::interval > $2::interval AS longer', [
    overlap,
    longest
  ])
  return rows[0]!.longer
}

/** With everything that was to be delivered. */
export async function deleteEndpoint(tx: Db, id: string): Promise<void> {
  await tx.query('DELETE FROM webhook_endpoint WHERE id = $1', [id])
}
