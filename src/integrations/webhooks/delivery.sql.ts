import type { Db, Pool } from '../../db/pool.ts'
import { isGone } from '../../jobs/presence.ts'
import { type SetData, type SetType, streamEvents } from '../ssf/event.ts'
import type { DeliveryState } from './delivery.ts'
import type { WebhookData, WebhookType } from './event.ts'

/** One try that a process has taken upon itself. */
export type Claimed = Try & (ClaimedWebhook | ClaimedSet)

type Try = {
  claim: string
  endpointId: string
  /** `webhook-id`, `jti`. */
  id: string
  at: Date
  /** This one included; one whose process died before it could write down what came of it is none. */
  attempt: number
  url: string
}

export type ClaimedWebhook = {
  form: 'webhook'
  type: WebhookType
  data: WebhookData
  secret: Buffer
  /** null: only one signs. */
  formerSecret: Buffer | null
}

export type ClaimedSet = {
  form: 'set'
  type: SetType
  data: SetData
  audience: string[]
  /** The Authorization header; null: none is sent. */
  secret: Buffer | null
}

/**
 * Of SETs about one person the older one goes first, and the next one once that has ended; unless the receiver refuses it.
 * In a query about webhook_delivery, by its alias.
 */
export const waitsForOlder = (its: string) => `(${its}.subject IS NOT NULL AND EXISTS (
  SELECT FROM webhook_delivery older
   WHERE older.endpoint_id = ${its}.endpoint_id AND older.subject = ${its}.subject AND older.state = 'pending'
     AND (older.cause, older.id) < (${its}.cause, ${its}.id)
     AND (older.result IS NULL OR older.result !~ '^4(?!29)')))`

export type Claiming = {
  processKey: number
  /** For how long nobody else sends it. Seconds. */
  leaseSeconds: number
  /** So many at once to one endpoint, from this process. */
  atOnce: number
  /** Of each endpoint with anything under way here: how much. */
  busy: Map<string, number>
}

/**
 * Takes what is due, of each endpoint as much as is free for it: what waits for one never stands before another. Taken over
 * is also what a process had claimed that is gone, or whose lease is over.
 *
 * A stream that is disabled is told so itself, and nothing else.
 */
export async function claimDue(
  db: Db | Pool,
  { processKey, leaseSeconds, atOnce, busy }: Claiming
): Promise<Claimed[]> {
  const { rows } = await db.query<Claimed>(
    `WITH due AS MATERIALIZED (
       SELECT d.endpoint_id, d.id
         FROM webhook_endpoint e
         LEFT JOIN unnest($4::uuid[], $5::integer[]) AS b (id, n) ON b.id = e.id,
              LATERAL (SELECT endpoint_id, id FROM webhook_delivery w
                        WHERE endpoint_id = e.id AND state = 'pending' AND next_at <= locksmith_now()
                          AND (claim IS NULL OR claimed_until <= locksmith_now() OR ${isGone('claimed_by')})
                          AND NOT ${waitsForOlder('w')}
                          AND (e.disabled_at IS NULL OR type = '${streamEvents.updated}')
                        ORDER BY next_at LIMIT greatest($3 - coalesce(b.n, 0), 0) FOR UPDATE SKIP LOCKED) d
        WHERE (e.disabled_at IS NULL OR e.form = 'set') AND e.paused_at IS NULL
          AND (e.quiet_until IS NULL OR e.quiet_until <= locksmith_now()))
     UPDATE webhook_delivery d
        SET claim = gen_random_uuid(), claimed_by = $1, claimed_until = locksmith_now() + make_interval(secs => $2),
            tried_at = locksmith_now()
       FROM due, webhook_endpoint e
      WHERE d.endpoint_id = due.endpoint_id AND d.id = due.id AND e.id = due.endpoint_id
      RETURNING d.claim, d.endpoint_id AS "endpointId", d.id, d.type, d.data, d.at, d.attempts + 1 AS attempt, e.url, e.secret,
                e.form, e.audience, CASE WHEN e.former_until > locksmith_now() THEN e.former_secret END AS "formerSecret"`,
    [processKey, leaseSeconds, atOnce, [...busy.keys()], [...busy.values()]]
  )
  return rows
}

type Ended = Pick<Claimed, 'endpointId' | 'id' | 'claim'>

/** @returns false where it is somebody else's by now, who writes what comes of it */
async function end(
  tx: Db,
  { endpointId, id, claim }: Ended,
  state: DeliveryState,
  result: string,
  after = 0
): Promise<boolean> {
  // Before the delivery: whoever deletes an endpoint takes them in this order, too.
  await tx.query('SELECT FROM webhook_endpoint WHERE id = $1 FOR NO KEY UPDATE', [endpointId])
  const { rowCount } = await tx.query(
    `UPDATE webhook_delivery
        SET state = $4, result = $5, attempts = attempts + 1, claim = NULL, claimed_by = NULL, claimed_until = NULL,
            next_at = CASE WHEN $4 = 'pending' THEN locksmith_now() + make_interval(secs => $6) END,
            ended_at = CASE WHEN $4 <> 'pending' THEN locksmith_now() END
      WHERE endpoint_id = $1 AND id = $2 AND claim = $3`,
    [endpointId, id, claim, state, result, after]
  )
  return rowCount === 1
}

export async function recordDelivered(tx: Db, ended: Ended, result: string): Promise<boolean> {
  if (!(await end(tx, ended, 'delivered', result))) return false
  await tx.query(
    'UPDATE webhook_endpoint SET failing_since = NULL WHERE id = $1 AND failing_since IS NOT NULL',
    [ended.endpointId]
  )
  return true
}

/** @param after seconds until the next try @param quiet seconds for which nothing else is sent there */
export async function recordRetry(
  tx: Db,
  ended: Ended,
  { result, after, quiet }: { result: string; after: number; quiet: number }
): Promise<boolean> {
  if (!(await end(tx, ended, 'pending', result, after))) return false
  await noteFailure(tx, ended.endpointId, quiet)
  return true
}

/** No try follows by itself. @returns since when nothing could be delivered there; undefined: it is not ours to say */
export async function recordGivenUp(
  tx: Db,
  ended: Ended,
  result: string
): Promise<{ failingForSeconds: number } | undefined> {
  if (!(await end(tx, ended, 'failed', result))) return undefined
  await noteFailure(tx, ended.endpointId, 0)
  const { rows } = await tx.query<{ failingForSeconds: number }>(
    `SELECT extract(epoch FROM locksmith_now() - failing_since)::float8 AS "failingForSeconds"
       FROM webhook_endpoint WHERE id = $1`,
    [ended.endpointId]
  )
  return rows[0]
}

async function noteFailure(tx: Db, endpointId: string, quiet: number): Promise<void> {
  await tx.query(
    `UPDATE webhook_endpoint
        SET failing_since = coalesce(failing_since, locksmith_now()),
            quiet_until = CASE WHEN $2 > 0 THEN locksmith_now() + make_interval(secs => $2) ELSE quiet_until END
      WHERE id = $1`,
    [endpointId, quiet]
  )
}

/** What was not tried after all: it counts as no try. @param after seconds */
export async function giveBack(
  db: Db | Pool,
  { endpointId, id, claim }: Ended,
  after: number
): Promise<void> {
  await db.query(
    `UPDATE webhook_delivery
        SET claim = NULL, claimed_by = NULL, claimed_until = NULL,
            next_at = locksmith_now() + make_interval(secs => $4)
      WHERE endpoint_id = $1 AND id = $2 AND claim = $3`,
    [endpointId, id, claim, after]
  )
}

/** The endpoint gets nothing more. @returns false where it was disabled before */
export async function disableEndpoint(tx: Db, id: string, because: 'gone' | 'failing'): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE webhook_endpoint
        SET disabled_at = locksmith_now(), disabled_because = $2, paused_at = NULL, status_reason = NULL
      WHERE id = $1 AND disabled_at IS NULL`,
    [id, because]
  )
  return rowCount === 1
}

/** What was still to be sent there is not. Whoever is at it writes nothing of it any more. */
export async function dropPending(tx: Db, endpointId: string): Promise<void> {
  await tx.query(`DELETE FROM webhook_delivery WHERE endpoint_id = $1 AND state = 'pending'`, [endpointId])
}
