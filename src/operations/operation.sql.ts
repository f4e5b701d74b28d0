import type { Db } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import { presenceClass } from '../jobs/presence.ts'
import {
  type Input,
  type Kind,
  type Operation,
  openStates,
  placeOf,
  type State,
  type StepRow,
  sourcesOf
} from './operation.ts'

/** The right to work on an operation until someone else claims it: every write names it. */
export type Claim = { operationId: string; claim: string }

const operationColumns = `o.id, o.kind, o.user_id AS "userId", o.state, o.input, o.problem, o.resume_at AS "resumeAt",
  o.retry_since AS "retrySince", o.superseded_by AS "supersededBy", o.requested_by AS "requestedBy",
  o.created_at AS "createdAt", o.finished_at AS "finishedAt",
  (SELECT json_agg(json_build_object('position', s.position, 'name', s.name, 'state', s.state,
     'attempts', s.attempts, 'progress', s.progress, 'outcome', s.outcome, 'problem', s.problem,
     'startedAt', s.started_at, 'finishedAt', s.finished_at) ORDER BY s.position)
     FROM operation_step s WHERE s.operation_id = o.id) AS steps`

type Row = Omit<Operation, 'steps'> & {
  steps: (Omit<StepRow, 'startedAt' | 'finishedAt'> & {
    startedAt: string | null
    finishedAt: string | null
  })[]
}

const toOperation = (row: Row): Operation => ({
  ...row,
  steps: row.steps.map((step) => ({
    ...step,
    startedAt: step.startedAt === null ? null : new Date(step.startedAt),
    finishedAt: step.finishedAt === null ? null : new Date(step.finishedAt)
  }))
})

export type NewOperation = {
  id: string
  kind: Kind
  userId: string
  input: Input
  steps: string[]
  jobId: string
  requestedBy: string
  requestId?: string
}

/** @returns false where another operation holds the user's one place */
export async function insertOperation(tx: Db, operation: NewOperation): Promise<boolean> {
  const { rows } = await tx.query(
    `WITH inserted AS (
       INSERT INTO operation (id, kind, user_id, place, state, input, job, requested_by, request_id)
       VALUES ($1, $2, $3, $4, 'queued', $5, $6, $7, $8)
       ON CONFLICT (place) WHERE state IN ('queued', 'running', 'waiting') DO NOTHING
       RETURNING id),
     steps AS (
       INSERT INTO operation_step (operation_id, position, name)
       SELECT inserted.id, step.position - 1, step.name
         FROM inserted, unnest($9::text[]) WITH ORDINALITY AS step (name, position))
     SELECT id FROM inserted`,
    [
      operation.id,
      operation.kind,
      operation.userId,
      placeOf(operation.userId),
      operation.input,
      operation.jobId,
      operation.requestedBy,
      operation.requestId ?? null,
      operation.steps
    ]
  )
  return rows.length === 1
}

export async function findOperation(db: Db, id: string): Promise<Operation | undefined> {
  const { rows } = await db.query<Row>(`SELECT ${operationColumns} FROM operation o WHERE o.id = $1`, [id])
  return rows[0] && toOperation(rows[0])
}

/** The operation that holds the user's place, locked until `tx` ends. */
export async function findHolder(tx: Db, userId: string): Promise<Operation | undefined> {
  const { rows } = await tx.query<Row>(
    `SELECT ${operationColumns} FROM operation o WHERE o.place = $1 AND o.state = ANY($2) FOR UPDATE`,
    [placeOf(userId), openStates]
  )
  return rows[0] && toOperation(rows[0])
}

export type OperationFilter = { userId?: string; state?: State; kind?: Kind; before?: string; limit: number }

/** A page of operations, newest first. */
export async function listOperations(db: Db, filter: OperationFilter): Promise<Operation[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${operationColumns} FROM operation o
      WHERE ($1::text IS NULL OR o.place = $1) AND ($2::text IS NULL OR o.state = $2)
        AND ($3::text IS NULL OR o.kind = $3) AND ($4::uuid IS NULL OR o.id < $4)
      ORDER BY o.id DESC LIMIT $5`,
    [
      filter.userId === undefined ? null : placeOf(filter.userId),
      filter.state ?? null,
      filter.kind ?? null,
      filter.before ?? null,
      filter.limit
    ]
  )
  return rows.map(toOperation)
}

/** `waiting` → `cancelled`, in favour of a newer operation. */
export async function supersede(tx: Db, id: string, by: string): Promise<void> {
  await tx.query(
    `UPDATE operation SET state = 'cancelled', superseded_by = $2, resume_at = NULL, finished_at = now()
      WHERE id = $1 AND state = ANY($3)`,
    [id, by, sourcesOf('cancelled')]
  )
}

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
        WHERE id = $1 AND ((state = ANY($5) AND coalesce(resume_at, now()) <= now() + interval '1 second')
                           OR (state = 'running' AND job = $4))
          FOR UPDATE)
     UPDATE operation o
        SET state = 'running', claim = $2, claimed_by = $3, job = $4, resume_at = NULL, problem = NULL
       FROM old WHERE o.id = old.id
     RETURNING old.state`,
    [operationId, claim, processKey, jobId, sourcesOf('running')]
  )
  return rows[0]?.state
}

/** Locks the operation for this transaction if the claim still stands. */
export async function holdClaim(tx: Db, { operationId, claim }: Claim): Promise<boolean> {
  const { rowCount } = await tx.query('SELECT 1 FROM operation WHERE id = $1 AND claim = $2 FOR UPDATE', [
    operationId,
    claim
  ])
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
    job
  }: { problem?: Problem | null; resumeAt?: Date | null; job?: string } = {}
): Promise<void> {
  await tx.query(
    `UPDATE operation
        SET state = $2, claim = NULL, claimed_by = NULL, problem = $3, resume_at = $4, job = coalesce($5, job),
            finished_at = CASE WHEN $2 = ANY($6) THEN now() END
      WHERE id = $1 AND state = 'running'`,
    [operationId, to, problem, resumeAt, job ?? null, ['succeeded', 'failed', 'needs-attention', 'cancelled']]
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
            started_at = coalesce(started_at, clock_timestamp())
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
        SET state = $3, outcome = coalesce($4, outcome), problem = $5, finished_at = clock_timestamp()
      WHERE operation_id = $1 AND position = $2`,
    [operationId, position, change.state, change.outcome ?? null, change.problem ?? null]
  )
}

/** Kept for whoever takes over in the middle of the step; fenced by the claim. @returns false: claim lost */
export async function saveProgress(
  db: Db,
  claim: Claim,
  position: number,
  progress: object
): Promise<boolean> {
  const { rowCount } = await db.query(
    `UPDATE operation_step s SET progress = $4 FROM operation o
      WHERE s.operation_id = $1 AND s.position = $3 AND o.id = s.operation_id AND o.claim = $2`,
    [claim.operationId, claim.claim, position, progress]
  )
  return rowCount === 1
}

/** Back to `pending`: these steps run again. */
export async function rewindSteps(tx: Db, operationId: string, positions: number[]): Promise<void> {
  await tx.query(
    `UPDATE operation_step SET state = 'pending', problem = NULL WHERE operation_id = $1 AND position = ANY($2)`,
    [operationId, positions]
  )
}

/** `needs-attention` → `queued`. @throws unique violation where another operation took the user's place */
export async function requeue(tx: Db, id: string, jobId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET state = 'queued', problem = NULL, finished_at = NULL, retry_since = now(), job = $2
      WHERE id = $1 AND state = 'needs-attention'`,
    [id, jobId]
  )
  return rowCount === 1
}

/** Running operations whose process is gone, with its advisory lock; locked until `tx` ends. */
export async function findOrphans(tx: Db): Promise<{ id: string; userId: string }[]> {
  const { rows } = await tx.query<{ id: string; userId: string }>(
    `SELECT id, user_id AS "userId" FROM operation
      WHERE state = 'running' AND NOT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = claimed_by::oid
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
      LIMIT 500 FOR UPDATE SKIP LOCKED`,
    [presenceClass]
  )
  return rows
}

/** Open operations that nobody has picked up for so long, and the job that was to do it. */
export async function findOverdue(tx: Db, seconds: number): Promise<{ id: string; job: string }[]> {
  const { rows } = await tx.query<{ id: string; job: string }>(
    `SELECT id, job FROM operation
      WHERE state IN ('queued', 'waiting')
        AND greatest(coalesce(resume_at, created_at), retry_since) < now() - make_interval(secs => $1)
      ORDER BY id LIMIT 500`,
    [seconds]
  )
  return rows
}

/** Another job takes over from `lost`. @returns false where something happened to the operation meanwhile */
export async function replaceJob(tx: Db, id: string, lost: string, jobId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET job = $3 WHERE id = $1 AND job = $2 AND state IN ('queued', 'waiting')`,
    [id, lost, jobId]
  )
  return rowCount === 1
}

/** How many operations are in each state, for metrics. */
export async function countByState(db: Db): Promise<{ state: State; count: number }[]> {
  const { rows } = await db.query<{ state: State; count: number }>(
    `SELECT state, count(*) AS count FROM operation WHERE state NOT IN ('succeeded', 'failed', 'cancelled')
      GROUP BY state`
  )
  return rows
}
