import type { Db, Pool } from '../db/pool.ts'
import type { Problem } from '../errors.ts'
import {
  type Input,
  type Kind,
  type Operation,
  type Outcome,
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
  o.owner, o.vouchers, o.approval_id AS "approvalId",
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
  owner: string
  vouchers: string[]
  requestId?: string | undefined
  /** It does not begin before this is approved. */
  held?: { approvalId: string; problem: Problem } | undefined
  /** How long after its approval it begins, or from now: then it waits, and has no job yet. */
  afterSeconds?: number
}

/** @returns false where another operation holds the user's one place */
export async function insertOperation(tx: Db, operation: NewOperation): Promise<boolean> {
  const { rows } = await tx.query(
    `WITH inserted AS (
       INSERT INTO operation (id, kind, user_id, place, input, job, requested_by, request_id, owner, vouchers,
                              state, approval_id, problem, begins_after, resume_at, retry_since)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10, $11, $12, $13, $14, make_interval(secs => $15),
               CASE WHEN $12 = 'waiting' THEN locksmith_now() + make_interval(secs => $15) END,
               locksmith_now() + make_interval(secs => $15))
       ON CONFLICT (place) WHERE state IN ('queued', 'running', 'waiting') DO NOTHING
       RETURNING id),
     steps AS (
       INSERT INTO operation_step (operation_id, position, name)
       SELECT inserted.id, step.position - 1, step.name
         FROM inserted, unnest($9::text[]) WITH ORDINALITY AS step (name, position))
     SELECT id FROM inserted`,
    [
      ...valuesOf(operation),
      operation.held ? 'awaiting-approval' : operation.afterSeconds ? 'waiting' : 'queued',
      operation.held?.approvalId ?? null,
      operation.held?.problem ?? null,
      operation.afterSeconds ?? 0
    ]
  )
  return rows.length === 1
}

const valuesOf = (operation: NewOperation) => [
  operation.id,
  operation.kind,
  operation.userId,
  placeOf(operation.userId),
  operation.input,
  operation.jobId,
  operation.requestedBy,
  operation.requestId ?? null,
  operation.steps,
  operation.owner,
  operation.vouchers
]

/**
 * What the user's last off-boarding took, if it took groups. What an earlier one took, from which the user has come back
 * since, does not count, nor what was taken from an account that was deleted: it may be another person's by now.
 */
export async function findGroupsRemoved(db: Db | Pool, userId: string): Promise<string[]> {
  const { rows } = await db.query<{ groups: string[] }>(
    `SELECT s.outcome->'groupsRemoved' AS groups FROM operation o JOIN operation_step s ON s.operation_id = o.id
      WHERE o.place = $1 AND o.kind = 'offboard' AND s.name = 'leave-groups' AND s.outcome ? 'groupsRemoved'
        AND NOT EXISTS (SELECT FROM operation back
                         WHERE back.place = o.place AND back.id > o.id AND back.state = 'succeeded'
                           AND (back.kind = 'delete' OR back.kind IN ('enable', 'reinstate')
                             AND EXISTS (SELECT FROM operation again
                                          WHERE again.place = o.place AND again.kind = 'offboard'
                                            AND again.state NOT IN ('failed', 'cancelled') AND again.id > back.id)))
      ORDER BY o.id DESC LIMIT 1`,
    [placeOf(userId)]
  )
  return rows[0]?.groups ?? []
}

/** What has let the user in again since that operation, if anything has. */
export async function findReturn(
  db: Db | Pool,
  { id, userId }: Pick<Operation, 'id' | 'userId'>
): Promise<string | undefined> {
  const { rows } = await db.query<{ id: string }>(
    `SELECT id FROM operation
      WHERE place = $1 AND kind IN ('enable', 'reinstate') AND state = 'succeeded' AND id > $2 ORDER BY id DESC LIMIT 1`,
    [placeOf(userId), id]
  )
  return rows[0]?.id
}

/** By Nextcloud's place of the user: what is to begin later. Locked until `tx` ends. */
export async function findScheduled(
  tx: Db,
  userId: string
): Promise<Pick<Operation, 'id' | 'kind'> | undefined> {
  const { rows } = await tx.query<Pick<Operation, 'id' | 'kind'>>(
    `SELECT id, kind FROM operation
      WHERE place = $1 AND (state = 'scheduled' OR (kind = 'delete' AND state = 'awaiting-approval')) FOR UPDATE`,
    [placeOf(userId)]
  )
  return rows[0]
}

/** What works on the user, or will. */
export async function findAhead(
  db: Db | Pool,
  userId: string
): Promise<{ id: string; kind: Kind; state: State; resumeAt: Date | null }[]> {
  const { rows } = await db.query<{ id: string; kind: Kind; state: State; resumeAt: Date | null }>(
    `SELECT id, kind, state, resume_at AS "resumeAt" FROM operation
      WHERE place = $1 AND (state IN ('scheduled', 'awaiting-approval') OR state = ANY($2)) ORDER BY id`,
    [placeOf(userId), openStates]
  )
  return rows
}

/** An operation that begins later. @param after ISO 8601 duration. @returns when */
export async function insertScheduled(tx: Db, operation: NewOperation, after: string): Promise<Date> {
  const { rows } = await tx.query<{ at: Date }>(
    `WITH inserted AS (
       INSERT INTO operation (id, kind, user_id, place, state, input, job, requested_by, request_id, owner, vouchers,
                              resume_at)
       VALUES ($1, $2, $3, $4, 'scheduled', $5, $6, $7, $8, $10, $11, locksmith_now() + $12::interval)
       RETURNING id, resume_at),
     steps AS (
       INSERT INTO operation_step (operation_id, position, name)
       SELECT inserted.id, step.position - 1, step.name
         FROM inserted, unnest($9::text[]) WITH ORDINALITY AS step (name, position))
     SELECT resume_at AS at FROM inserted`,
    [...valuesOf(operation), after]
  )
  return rows[0]!.at
}

/** Other steps than those that it began with, all but the first. */
export async function replaceSteps(tx: Db, id: string, names: string[]): Promise<void> {
  await tx.query('DELETE FROM operation_step WHERE operation_id = $1 AND position > 0', [id])
  await tx.query(
    `INSERT INTO operation_step (operation_id, position, name)
     SELECT $1, step.position - 1, step.name FROM unnest($2::text[]) WITH ORDINALITY AS step (name, position)
      WHERE step.position > 1`,
    [id, names]
  )
}

type Skip = { row: Pick<StepRow, 'position'>; problem: Problem; outcome: Outcome }

/** These are not to be done, and say why. */
export async function skipSteps(tx: Db, id: string, skips: Skip[]): Promise<void> {
  await tx.query(
    `UPDATE operation_step s SET state = 'skipped', problem = skip.problem, outcome = skip.outcome, finished_at = locksmith_now()
       FROM unnest($2::int[], $3::jsonb[], $4::jsonb[]) AS skip (position, problem, outcome)
      WHERE s.operation_id = $1 AND s.position = skip.position`,
    [
      id,
      skips.map(({ row }) => row.position),
      skips.map(({ problem }) => JSON.stringify(problem)),
      skips.map(({ outcome }) => JSON.stringify(outcome))
    ]
  )
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

export type OperationFilter = {
  userId?: string
  state?: State
  kind?: Kind
  /** Only what one of these began. */
  requestedBy?: string[]
  before?: string
  limit: number
}

/** A page of operations, newest first. */
export async function listOperations(db: Db, filter: OperationFilter): Promise<Operation[]> {
  const { rows } = await db.query<Row>(
    `SELECT ${operationColumns} FROM operation o
      WHERE ($1::text IS NULL OR o.place = $1) AND ($2::text IS NULL OR o.state = $2)
        AND ($3::text IS NULL OR o.kind = $3) AND ($4::uuid IS NULL OR o.id < $4)
        AND ($6::text[] IS NULL OR o.requested_by = ANY($6))
      ORDER BY o.id DESC LIMIT $5`,
    [
      filter.userId === undefined ? null : placeOf(filter.userId),
      filter.state ?? null,
      filter.kind ?? null,
      filter.before ?? null,
      filter.limit,
      filter.requestedBy ?? null
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

/** Whoever runs it, or is the next to do so, stops before the next step; one that waits is gone on with at once. */
export async function askToStop(tx: Db, id: string, by: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET cancelled_by = $2,
            resume_at = CASE WHEN state = 'waiting' THEN locksmith_now() ELSE resume_at END
      WHERE id = $1 AND state = ANY($3)`,
    [id, by, openStates]
  )
  return rowCount === 1
}

/** → `cancelled`, in favour of a newer operation. */
export async function supersede(tx: Db, id: string, by: string): Promise<void> {
  await tx.query(
    `UPDATE operation SET state = 'cancelled', superseded_by = $2, resume_at = NULL, problem = NULL, finished_at = locksmith_now()
      WHERE id = $1 AND state IN ('queued', 'waiting', 'scheduled', 'awaiting-approval')`,
    [id, by]
  )
}

/** `needs-attention` → `queued`. @throws unique violation where another operation took the user's place */
export async function requeue(tx: Db, id: string, jobId: string): Promise<void> {
  await tx.query(
    `UPDATE operation
        SET state = 'queued', problem = NULL, finished_at = NULL, cancelled_by = NULL, retry_since = locksmith_now(), job = $2
      WHERE id = $1 AND state = 'needs-attention'`,
    [id, jobId]
  )
}

export type Unsettled = { state: State; problem: string | null; count: number; oldestSeconds: number }

/** How many operations are in each state that is not the last one, by the code of their problem; and for how long. */
export async function countUnsettled(db: Db): Promise<Unsettled[]> {
  const { rows } = await db.query<Unsettled>(
    `SELECT state, problem->>'code' AS problem, count(*) AS count,
            greatest(0, extract(epoch FROM locksmith_now() - min(CASE state
              WHEN 'needs-attention' THEN finished_at WHEN 'waiting' THEN retry_since
              ELSE greatest(created_at, retry_since) END)))::float8 AS "oldestSeconds"
       FROM operation WHERE state NOT IN ('succeeded', 'failed', 'cancelled')
      GROUP BY state, problem->>'code'`
  )
  return rows
}
