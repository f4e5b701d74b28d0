import type { Db } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
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

const operationColumns = `o.id, o.kind, o.user_id AS "userId", o.state, o.input, o.problem,
  -- While Nextcloud is away nothing goes on before the next look at it.
  CASE WHEN o.state = 'waiting' THEN greatest(o.resume_at, (SELECT next_probe_at FROM circuit WHERE open_since IS NOT NULL))
       ELSE o.resume_at END AS "resumeAt",
  o.retry_since AS "retrySince", o.superseded_by AS "supersededBy",
  EXISTS (SELECT FROM operation older WHERE older.superseded_by = o.id) AS supersedes, o.requested_by AS "requestedBy",
  o.cancelled_by AS "cancelledBy",
  o.created_at AS "createdAt", o.finished_at AS "finishedAt",
  (SELECT json_agg(json_build_object('position', s.position, 'name', s.name, 'state', s.state,
     'attempts', s.attempts, 'progress', s.progress, 'outcome', s.outcome, 'problem', s.problem,
     'startedAt', s.started_at, 'finishedAt', s.finished_at,
     'sentAgoMs', 1000 * extract(epoch FROM locksmith_now() - s.sent_at)) ORDER BY s.position)
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

/** @param lock until the transaction ends */
export async function findOperation(
  db: Db,
  id: string,
  { lock = false } = {}
): Promise<Operation | undefined> {
  if (lock) await db.query('SELECT FROM operation WHERE id = $1 FOR UPDATE', [id])
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

/** Ends one that nobody runs, by a person's wish. */
export async function stopOperation(
  tx: Db,
  id: string,
  to: 'cancelled' | 'needs-attention',
  by: string,
  problem: Problem | null
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET state = $2, cancelled_by = $3, problem = $4, resume_at = NULL, finished_at = locksmith_now()
      WHERE id = $1 AND state = ANY($5) AND state <> 'running'`,
    [id, to, by, problem, sourcesOf(to)]
  )
  return rowCount === 1
}

/** It runs: whoever runs it stops before the next step. */
export async function askToStop(tx: Db, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET cancelled_by = $2 WHERE id = $1 AND state = 'running'`,
    [id, by]
  )
  return rowCount === 1
}

/** → `cancelled`, in favour of a newer operation. */
export async function supersede(tx: Db, id: string, by: string): Promise<void> {
  await tx.query(
    `UPDATE operation SET state = 'cancelled', superseded_by = $2, resume_at = NULL, problem = NULL, finished_at = locksmith_now()
      WHERE id = $1 AND state IN ('queued', 'waiting')`,
    [id, by]
  )
}

/** `needs-attention` → `queued`. @throws unique violation where another operation took the user's place */
export async function requeue(tx: Db, id: string, jobId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation
        SET state = 'queued', problem = NULL, finished_at = NULL, cancelled_by = NULL, retry_since = locksmith_now(), job = $2
      WHERE id = $1 AND state = 'needs-attention'`,
    [id, jobId]
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
