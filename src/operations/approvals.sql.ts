import type { Db, Pool } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import type { State } from './operation.ts'

/** A user on the list of an approval. */
export type Target = { operationId: string; userId: string; reason: string | null; state: State }

/** SQL: `o` was on the list of `a` when that was decided. Who ended before had left it. */
const wasListed = '(a.decided_at IS NULL OR o.finished_at IS NULL OR o.finished_at >= a.decided_at)'

/**
 * Who is on the list: those whose operation still waits for the decision, or did when it was made.
 * @param lock nobody leaves it until the transaction ends
 */
export async function findTargets(
  db: Db | Pool,
  approvalId: string,
  { waiting = false, lock = false } = {}
): Promise<Target[]> {
  const { rows } = await db.query<Target>(
    `SELECT o.id AS "operationId", o.user_id AS "userId", o.input->>'reason' AS reason, o.state
       FROM operation o JOIN approval a ON a.id = o.approval_id
      WHERE o.approval_id = $1 AND (NOT $2 OR o.state = 'awaiting-approval') AND ${wasListed}
      ORDER BY o.place, o.id ${lock ? 'FOR UPDATE OF o' : ''}`,
    [approvalId, waiting]
  )
  return rows
}

/** The user's operation that waits for this approval already. */
export async function findHeld(tx: Db, approvalId: string, place: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM operation WHERE approval_id = $1 AND place = $2 AND state = 'awaiting-approval'`,
    [approvalId, place]
  )
  return rows[0]?.id
}

/**
 * `awaiting-approval` → `waiting`, due now or after their own delay: they go on a few at a time. Not those whose user something else works on.
 * @throws unique violation where something takes the place of one of the users meanwhile
 */
export async function letGoOn(tx: Db, approvalId: string): Promise<void> {
  await tx.query(
    `UPDATE operation o
        SET state = 'waiting', problem = NULL, resume_at = locksmith_now() + begins_after,
            retry_since = locksmith_now() + begins_after
      WHERE approval_id = $1 AND state = 'awaiting-approval'
        AND NOT EXISTS (SELECT FROM operation other
                         WHERE other.place = o.place AND other.state IN ('queued', 'running', 'waiting'))`,
    [approvalId]
  )
}

/** All that still wait for it end. */
export async function endHeld(
  tx: Db,
  approvalId: string,
  to: 'cancelled' | 'failed',
  problem: Problem,
  by: string | null
): Promise<{ id: string; userId: string }[]> {
  const { rows } = await tx.query<{ id: string; userId: string }>(
    `UPDATE operation SET state = $2, problem = $3, cancelled_by = $4, resume_at = NULL, finished_at = locksmith_now()
      WHERE approval_id = $1 AND state = 'awaiting-approval' RETURNING id, user_id AS "userId"`,
    [approvalId, to, problem, by]
  )
  return rows
}

/** `scheduled` → `awaiting-approval`. */
export async function holdScheduled(tx: Db, id: string, approvalId: string, problem: Problem): Promise<void> {
  await tx.query(
    `UPDATE operation SET state = 'awaiting-approval', approval_id = $2, problem = $3, resume_at = NULL
      WHERE id = $1 AND state = 'scheduled'`,
    [id, approvalId, problem]
  )
}

/** How many users are on each list. */
export async function countTargets(db: Db | Pool, ids: string[]): Promise<Map<string, number>> {
  const { rows } = await db.query<{ id: string; count: number }>(
    `SELECT a.id, count(*) AS count FROM approval a JOIN operation o ON o.approval_id = a.id
      WHERE a.id = ANY($1) AND (a.state <> 'pending' OR o.state = 'awaiting-approval') AND ${wasListed}
      GROUP BY a.id`,
    [ids]
  )
  return new Map(rows.map(({ id, count }) => [id, count]))
}
