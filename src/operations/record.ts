/** What a claim writes: each write is one transaction, fenced by the claim. */
import type { FastifyBaseLogger } from 'fastify'
import { appendAudit } from '../audit/audit.sql.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Problem, problemOf } from '../errors.ts'
import type { Job } from '../jobs/jobs.ts'
import type { World } from '../world.ts'
import { type Claim, endStep, holdClaim, leaveRunning, renameUser } from './claim.sql.ts'
import { stepsOf } from './kinds.ts'
import { type Operation, outcomeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import type { Memory, Step, StepResult } from './step.ts'

/** Thrown inside: someone else works on the operation now, so this process writes nothing more. */
export class ClaimLost extends Error {}

/** One claim at work. */
export type Run = {
  world: World
  claim: Claim
  job: Job<AdvanceJob>
  operation: Operation
  /** Key of the presence under which the claim was made; lost with it. */
  processKey: number
  memory: Memory
  log: FastifyBaseLogger
}

/** Writes what came of a step. @returns whether the next one may run */
export async function record(run: Run, step: Step, row: StepRow, result: StepResult): Promise<boolean> {
  if (result.kind === 'wait') return pause(run, step, row, result)
  const { operation } = run
  const at = { step: step.name, attempt: row.attempts }
  if (result.outcome) row.outcome = result.outcome
  if (!('problem' in result)) {
    const { kind, outcome } = result
    await fenced(run, async (tx) => {
      await endStep(tx, operation.id, row.position, { state: kind, outcome })
      await appendAudit(tx, { ...about(operation), action: `step.${kind}`, details: { ...at, outcome } })
      if (outcome.user && outcome.user.id !== operation.userId) {
        await renameUser(tx, operation.id, outcome.user.id)
        operation.userId = outcome.user.id
      }
    })
    row.state = kind
    return true
  }
  const { problem, outcome } = result
  const state = result.kind === 'unknown' ? 'unknown' : 'failed'
  const to = result.kind === 'unknown' || hasTouched(run, row) ? 'needs-attention' : 'failed'
  await end(run, to, problem, async (tx) => {
    await endStep(tx, operation.id, row.position, { state, outcome: outcome ?? null, problem })
    const details = { ...at, problem, ...(outcome && { outcome }) }
    await appendAudit(tx, { ...about(operation), action: `step.${state}`, details })
  })
  return false
}

/**
 * `failed` promises that nothing was changed, by this operation or by one that it superseded: so it may not
 * follow any try of a step that can have had an effect, in this round or, after a retry, in an earlier one.
 */
function hasTouched({ operation }: Run, current: StepRow): boolean {
  const steps = stepsOf(operation.kind)
  const tries = ({ position, attempts }: StepRow) => (position === current.position ? attempts - 1 : attempts)
  return (
    operation.supersedes || operation.steps.some((row) => !steps[row.position]!.readOnly && tries(row) > 0)
  )
}

async function pause(
  run: Run,
  step: Step,
  row: StepRow,
  { problem, until }: Extract<StepResult, { kind: 'wait' }>
): Promise<false> {
  const { operation, world } = run
  const { patience } = world
  if (Date.now() - operation.retrySince.getTime() > patience.giveUpAfterMs) {
    const detail = `Tried for ${Math.round(patience.giveUpAfterMs / 3_600_000)} hours. Last problem: ${problem.detail}`
    const gaveUp = problemOf('gave-up', detail, { last: problem })
    await end(run, 'needs-attention', gaveUp, async (tx) => {
      await endStep(tx, operation.id, row.position, { state: 'failed', problem: gaveUp })
      const details = { step: step.name, attempt: row.attempts, problem: gaveUp }
      await appendAudit(tx, { ...about(operation), action: 'step.failed', details })
    })
    return false
  }
  // Never sooner than our own patience: `Retry-After: 0` would have us hammer.
  const ours = Date.now() + pauseMs(row.attempts, patience)
  const resumeAt = new Date(Math.max(until?.getTime() ?? 0, ours))
  await fenced(run, async (tx) => {
    await endStep(tx, operation.id, row.position, { state: 'waiting', problem })
    const details = { step: step.name, attempt: row.attempts, problem, resumeAt: resumeAt.toISOString() }
    await appendAudit(tx, { ...about(operation), action: 'step.waiting', details })
    const job = await world.jobs.enqueue(tx, advanceQueue, run.job.data, { startAfter: resumeAt })
    await leaveRunning(tx, operation.id, 'waiting', { problem, resumeAt, job })
    await world.jobs.complete(tx, advanceQueue, run.job)
  })
  return false
}

/** Exponential, with jitter of a quarter so that many operations do not come back at one moment. */
function pauseMs(attempt: number, { firstMs, maxMs }: World['patience']): number {
  const full = Math.min(firstMs * 2 ** Math.min(attempt - 1, 20), maxMs)
  return full * (0.75 + Math.random() / 4)
}

/** The operation's last write: its final state, why, and the job settled, in one transaction. */
export async function end(
  run: Run,
  to: 'succeeded' | 'failed' | 'needs-attention',
  problem: Problem | null,
  before?: (tx: Db) => Promise<void>
): Promise<void> {
  const { operation, world, job } = run
  const outcome = outcomeOf(operation.steps)
  await fenced(run, async (tx) => {
    await before?.(tx)
    await leaveRunning(tx, operation.id, to, { problem })
    const last: AuditEvent =
      problem === null
        ? { ...about(operation), action: 'operation.succeeded', details: { outcome } }
        : to === 'failed'
          ? { ...about(operation), action: 'operation.failed', details: { problem } }
          : { ...about(operation), action: 'operation.needs-attention', details: { problem, outcome } }
    await appendAudit(tx, last)
    await world.jobs.complete(tx, advanceQueue, job)
  })
  if (to === 'needs-attention') {
    run.log.error(
      { kind: operation.kind, problem: problem?.code },
      'operation needs attention: GET /operations/{id} says what to do'
    )
  }
  world.finished.emit('finished', operation.id)
}

/** Shutting down: the operation goes back, and whoever claims it next goes on at once. */
export async function handBack(run: Run): Promise<void> {
  const { operation, world } = run
  await fenced(run, async (tx) => {
    const job = await world.jobs.enqueue(tx, advanceQueue, run.job.data)
    await leaveRunning(tx, operation.id, 'queued', { job })
    await appendAudit(tx, {
      ...about(operation),
      action: 'operation.taken-over',
      details: { from: 'shutdown' }
    })
    await world.jobs.complete(tx, advanceQueue, run.job)
  })
}

/** A transaction that happens only while the claim stands. @throws ClaimLost */
export async function fenced<T>(run: Run, write: (tx: Db) => Promise<T>): Promise<T> {
  return inTransaction(run.world.pool, async (tx) => {
    if (!(await holdClaim(tx, run.claim))) throw new ClaimLost()
    return write(tx)
  })
}

export const about = ({ id, userId }: Pick<Operation, 'id' | 'userId'>) =>
  ({ actor: 'system', operationId: id, userId }) as const
