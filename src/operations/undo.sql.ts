import type { Db, Pool } from '../db/pool.ts'
import { openStates } from './operation.ts'

/** A user whom an operation disabled, and no later one let in again. */
export type Disabled = {
  place: string
  userId: string
  /** The operation that found the user enabled, and disabled it. */
  of: string
  /** An off-boarding is among what was done since. */
  offboarded: boolean
}

/**
 * By place, after `after`. Who was disabled before is left out, and so is who is being let in again right now.
 * What the first check found stands in the audit: a retry checks anew, and finds the user disabled.
 */
export async function findDisabled(
  db: Db | Pool,
  since: Date,
  after: string,
  limit: number
): Promise<Disabled[]> {
  const { rows } = await db.query<Disabled>(
    `WITH disabling AS (
       SELECT o.id, o.place, o.user_id, o.kind, coalesce(s.finished_at, s.started_at) AS at
         FROM operation o JOIN operation_step s ON s.operation_id = o.id
        WHERE o.kind IN ('disable', 'offboard') AND s.name = 'disable-user' AND s.attempts > 0
          AND s.state IN ('done', 'started', 'waiting', 'unknown')
          AND coalesce(s.finished_at, s.started_at) >= $1::timestamptz AND o.place > $2),
     standing AS (
       SELECT d.*, (SELECT a.details->'outcome'->'user'->>'enabled' = 'true' FROM audit_event a
                     WHERE a.operation_id = d.id AND a.action = 'step.done' AND a.details->>'step' = 'check-user'
                     ORDER BY a.seq LIMIT 1) AS "wasEnabled"
         FROM disabling d
        WHERE NOT EXISTS (SELECT FROM operation b JOIN operation_step e ON e.operation_id = b.id
                           WHERE b.place = d.place AND b.kind IN ('enable', 'reinstate') AND e.name = 'enable-user'
                             AND (e.state IN ('done', 'skipped') AND e.finished_at > d.at OR b.state = ANY($4))))
     SELECT DISTINCT ON (first.place) first.place, first.user_id AS "userId", first.id AS of,
            EXISTS (SELECT FROM standing other WHERE other.place = first.place AND other.at >= first.at
                       AND other.kind = 'offboard') AS offboarded
       FROM standing first WHERE first."wasEnabled"
      ORDER BY first.place, first.at LIMIT $3`,
    [since, after, limit, openStates]
  )
  return rows
}

/** Deletions that were put off since then, and have not begun; the oldest first. */
export async function findPutOff(
  db: Db | Pool,
  since: Date,
  limit: number
): Promise<{ id: string; userId: string }[]> {
  const { rows } = await db.query<{ id: string; userId: string }>(
    `SELECT id, user_id AS "userId" FROM operation
      WHERE state IN ('scheduled', 'awaiting-approval') AND kind = 'delete' AND created_at >= $1::timestamptz ORDER BY id LIMIT $2`,
    [since, limit]
  )
  return rows
}
