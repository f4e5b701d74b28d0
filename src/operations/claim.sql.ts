import type { Db, Pool } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import { finalStates, placeOf, type State, type StepRow, sourcesOf } from './operation.ts'

/** The right to work on an operation until someone else claims it: every write names it. */
export type Claim = { operationId: string; claim: string }

/**
 * Takes the right to advance the operation. A running one is taken over only by a new delivery of the
 * very job that runs it: its worker was lost.
 * @returns the operation as it was, or undefined where there is nothing to claim
 */
export async function claimOperation(
  tx: Db,
  { operationId, claim }: Claim,
  processKey: number,
  jobId: string
): Promise<State | undefined> {
  const { rows } = await tx.query<{ state: State }>(
    `WITH old AS (
       SELECT id, state FROM operation
        WHERE id = $1 AND (state = ANY($5) OR (state = 'running' AND job = $4))
          FOR UPDATE)
     UPDATE operation o
        SET state = 'running', claim = $2, claimed_by = $3, job = $4, resume_at = NULL, problem = NULL, revision = 0
       FROM old WHERE o.id = old.id
     RETURNING old.state`,
    [operationId, claim, processKey, jobId, sourcesOf('running')]
  )
  return rows[0]?.state
}

export type Held = {
  /** By the database's clock. */
  now: Date
  retrySince: Date
  cancelledBy: string | null
}

/**
 * Locks the operation for this transaction if the claim still stands, and counts this write of it.
 * @param revision how many writes the claim has made before
 * @returns `written`: this very write is there already, its COMMIT got no answer. undefined: the claim is lost
 */
export async function holdClaim(
  tx: Db,
  { operationId, claim }: Claim,
  revision: number
): Promise<Held | 'written' | undefined> {
  const { rows } = await tx.query<Held & { before: number }>(
    `WITH old AS (SELECT id, revision FROM operation WHERE id = $1 AND claim = $2 FOR UPDATE)
     UPDATE operation o SET revision = greatest(o.revision, $3 + 1) FROM old WHERE o.id = old.id
     RETURNING old.revision AS before, locksmith_now() AS now, retry_since AS "retrySince", cancelled_by AS "cancelledBy"`,
    [operationId, claim, revision]
  )
  if (!rows[0]) return undefined
  const { before, ...held } = rows[0]
  return before === revision ? held : 'written'
}

/** Something that changes the user is about to be sent. @returns false: the claim is lost */
export async function markSent(
  db: Db | Pool,
  { operationId, claim }: Claim,
  position: number
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE operation_step s SET sent_at = locksmith_now() FROM operation o
      WHERE s.operation_id = $1 AND s.position = $3 AND o.id = s.operation_id AND o.claim = $2`,
    [operationId, claim, position]
  )
  return rowCount === 1
}

/** Nextcloud's own spelling of the id. @throws unique violation where that user is being worked on */
export async function renameUser(tx: Db, operationId: string, userId: string): Promise<void> {
  await tx.query('UPDATE operation SET user_id = $2, place = $3 WHERE id = $1', [
    operationId,
    userId,
    placeOf(userId)
  ])
}

/** Ends or pauses a claim: the operation leaves `running` for `to`. */
export async function leaveRunning(
  tx: Db,
  operationId: string,
  to: Exclude<State, 'running'>,
  {
    problem = null,
    resumeAt = null,
    job,
    retrySince
  }: { problem?: Problem | null; resumeAt?: Date | null; job?: string; retrySince?: Date } = {}
): Promise<void> {
  await tx.query(
    `UPDATE operation
        SET state = $2, claim = NULL, claimed_by = NULL, problem = $3, resume_at = $4, job = coalesce($5, job),
            retry_since = coalesce($7, retry_since),
            finished_at = CASE WHEN $2 = ANY($6) THEN locksmith_now() END
      WHERE id = $1 AND state = 'running'`,
    [operationId, to, problem, resumeAt, job ?? null, finalStates, retrySince ?? null]
  )
}

export type StepChange = {
  state: StepRow['state']
  outcome?: StepRow['outcome']
  problem?: Problem | null
}

export async function startStep(tx: Db, operationId: string, position: number): Promise<number> {
  const { rows } = await tx.query<{ attempts: number }>(
    `UPDATE operation_step
        SET state = 'started', attempts = attempts + 1, problem = NULL, finished_at = NULL,
            started_at = coalesce(started_at, locksmith_now()), sent_at = NULL
      WHERE operation_id = $1 AND position = $2 RETURNING attempts`,
    [operationId, position]
  )
  return rows[0]!.attempts
}

export async function endStep(
  tx: Db,
  operationId: string,
  position: number,
  change: StepChange
): Promise<void> {
  await tx.query(
    `UPDATE operation_step
        SET state = $3, outcome = coalesce($4, outcome), problem = $5, finished_at = locksmith_now()
      WHERE operation_id = $1 AND position = $2`,
    [operationId, position, change.state, change.outcome ?? null, change.problem ?? null]
  )
}

/** Kept for whoever takes over in the middle of the step. */
export async function saveProgress(
  tx: Db,
  operationId: string,
  position: number,
  progress: object
): Promise<void> {
  await tx.query('UPDATE operation_step SET progress = $3 WHERE operation_id = $1 AND position = $2', [
    operationId,
    position,
    progress
  ])
}

/** Back to `pending`: these steps run again. */
export async function rewindSteps(tx: Db, operationId: string, positions: number[]): Promise<void> {
  await tx.query(
    `UPDATE operation_step SET state = 'pending', problem = NULL WHERE operation_id = $1 AND position = ANY($2)`,
    [operationId, positions]
  )
}
