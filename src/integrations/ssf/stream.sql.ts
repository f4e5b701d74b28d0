import type { Db, Pool } from '../../db/pool.ts'
import { uuidForm } from '../../uuid.ts'
import { countLock, type Disabling } from '../webhooks/endpoint.sql.ts'

export const statuses = ['enabled', 'paused', 'disabled'] as const
export type Status = (typeof statuses)[number]

export type Stream = {
  id: string
  url: string
  description: string
  audience: string[]
  /** URIs as they were asked for; null: whatever there is. */
  eventsRequested: string[] | null
  status: Status
  /** In the words of whoever set it. */
  reason: string | null
  disabledBecause: Disabling | null
  failingSince: Date | null
  /** What the last try came to. */
  lastResult: string | null
}

const columns = `id, url, description, audience, events_requested AS "eventsRequested",
  CASE WHEN disabled_at IS NOT NULL THEN 'disabled' WHEN paused_at IS NOT NULL THEN 'paused' ELSE 'enabled' END AS status,
  status_reason AS reason, disabled_because AS "disabledBecause", failing_since AS "failingSince",
  (SELECT result FROM webhook_delivery WHERE endpoint_id = webhook_endpoint.id AND result IS NOT NULL
    ORDER BY tried_at DESC LIMIT 1) AS "lastResult"`

export type NewStream = Pick<Stream, 'id' | 'url' | 'description' | 'audience' | 'eventsRequested'> & {
  owner: string
  createdBy: string
  /** Its Authorization header. */
  secret: Buffer | null
}

/** @returns undefined where there are `most` of them already */
export async function insertStream(tx: Db, stream: NewStream, most: number): Promise<Stream | undefined> {
  await tx.query('SELECT pg_advisory_xact_lock($1, $2)', countLock)
  const { rows } = await tx.query<Stream>(
    `INSERT INTO webhook_endpoint (form, id, url, description, audience, events_requested, owner, created_by, secret)
     SELECT 'set', $1, $2, $3, $4, $5, $6, $7, $8
      WHERE (SELECT count(*) FROM webhook_endpoint WHERE form = 'set') < $9
     RETURNING ${columns}`,
    [
      stream.id,
      stream.url,
      stream.description,
      stream.audience,
      stream.eventsRequested,
      stream.owner,
      stream.createdBy,
      stream.secret,
      most
    ]
  )
  return rows[0]
}

/** Only of that owner. @param id whatever a caller says @param lock until the transaction ends */
export async function findStream(
  db: Db | Pool,
  id: string,
  owner: string,
  { lock = false } = {}
): Promise<Stream | undefined> {
  if (!uuidForm.test(id)) return undefined
  const { rows } = await db.query<Stream>(
    `SELECT ${columns} FROM webhook_endpoint WHERE id = $1 AND form = 'set' AND owner = $2
     ${lock ? 'FOR NO KEY UPDATE' : ''}`,
    [id, owner]
  )
  return rows[0]
}

/** All of that owner, oldest first. */
export async function listStreams(db: Db | Pool, owner: string): Promise<Stream[]> {
  const { rows } = await db.query<Stream>(
    `SELECT ${columns} FROM webhook_endpoint WHERE form = 'set' AND owner = $1 ORDER BY id`,
    [owner]
  )
  return rows
}

/** @param secret its Authorization header; undefined: as it was */
export async function updateStream(
  tx: Db,
  { id, url, description, eventsRequested }: Pick<Stream, 'id' | 'url' | 'description' | 'eventsRequested'>,
  secret: Buffer | null | undefined
): Promise<Stream> {
  const { rows } = await tx.query<Stream>(
    `UPDATE webhook_endpoint
        SET url = $2, description = $3, events_requested = $4, quiet_until = NULL,
            secret = CASE WHEN $5 THEN $6 ELSE secret END
      WHERE id = $1 RETURNING ${columns}`,
    [id, url, description, eventsRequested, secret !== undefined, secret ?? null]
  )
  return rows[0]!
}

/** What is enabled again starts with a clean slate. */
export async function setStatus(tx: Db, id: string, status: Status, reason: string | null): Promise<Stream> {
  const { rows } = await tx.query<Stream>(
    `UPDATE webhook_endpoint
        SET paused_at = CASE WHEN $2 = 'paused' THEN coalesce(paused_at, locksmith_now()) END,
            disabled_at = CASE WHEN $2 = 'disabled' THEN coalesce(disabled_at, locksmith_now()) END,
            disabled_because = CASE WHEN $2 = 'disabled' THEN coalesce(disabled_because, 'by-hand') END,
            status_reason = $3, quiet_until = NULL,
            failing_since = CASE WHEN disabled_at IS NOT NULL AND $2 <> 'disabled' THEN NULL ELSE failing_since END
      WHERE id = $1 RETURNING ${columns}`,
    [id, status, reason]
  )
  return rows[0]!
}

/** @returns undefined: asked for; else so many seconds too soon */
export async function noteVerification(tx: Db, id: string, interval: number): Promise<number | undefined> {
  const { rows } = await tx.query<{ early: number }>(
    `SELECT extract(epoch FROM verify_asked_at - locksmith_now())::float8 + $2 AS early
       FROM webhook_endpoint WHERE id = $1 AND verify_asked_at IS NOT NULL`,
    [id, interval]
  )
  const early = rows[0]?.early ?? 0
  if (early > 0) return early
  await tx.query('UPDATE webhook_endpoint SET verify_asked_at = locksmith_now() WHERE id = $1', [id])
  return undefined
}
