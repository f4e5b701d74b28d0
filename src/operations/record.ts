/** What a claim writes: each write is one transaction, fenced by the claim. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { FastifyBaseLogger } from 'fastify'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor, AuditEvent } from '../audit/event.ts'
import { isConflict, isDatabaseFailure } from '../db/failure.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Problem, problemOf } from '../errors.ts'
import { dropUses, moveUses } from '../guard/brake.sql.ts'
import type { Job } from '../jobs/jobs.ts'
import { leaveLine } from '../nextcloud/limits.sql.ts'
import { note, noteFailure } from '../tracing/tracing.ts'
import type { World } from '../world.ts'
import { applyPlan } from './apply-plan.ts'
import { type Claim, endStep, type Held, holdClaim, leaveRunning, renameUser } from './claim.sql.ts'
import { goesOnAfter, hasTouched, openedBy } from './kinds.ts'
import { sayWhoIsLetIn } from './let-in.ts'
import { type Operation, type Outcome, outcomeOf, placeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import type { Memory, Step, StepResult } from './step.ts'

/** Thrown inside: someone else works on the operation now, so this process writes nothing more. */
export class ClaimLost extends Error {}

/** The monotonic clock stands still while a machine is suspended, the other one can be set: so both. */
export type Moment = { monotonic: number; wall: number }
export const momentNow = (): Moment => ({ monotonic: performance.now(), wall: Date.now() })

/** One claim at work. */
export type Run = {
  world: World
  claim: Claim
  /** How many writes it has made. */
  revision: number
  /** When the claim was last known to stand: before it was asked. */
  heldAt: Moment
  /** When the user was last found to be one that may be touched, by the monotonic clock; absent: not yet. */
  allowedAt?: number
  job: Job<AdvanceJob>
  operation: Operation
  memory: Memory
  log: FastifyBaseLogger
}

/**
 * Writes what came of a step.
 * @param tried false: it was not even tried, so none of its attempts is the one that was refused
 * @returns whether the next one may run
 */
export async function record(
  run: Run,
  step: Step,
  row: StepRow,
  result: StepResult,
  tried = true
): Promise<boolean> {
  if (result.kind === 'wait') return pause(run, step, row, result)
  const { operation } = run
  const at = { step: step.name, attempt: row.attempts }
  if (result.outcome) row.outcome = result.outcome
  if (!('problem' in result)) {
    const { kind, outcome, plan } = result
    const steps = await fenced(run, async (tx) => {
      await endStep(tx, operation.id, row.position, { state: kind, outcome })
      await appendAudit(tx, { ...about(operation), action: `step.${kind}`, details: { ...at, outcome } })
      if (outcome.user && outcome.user.id !== operation.userId) {
        await renameUser(tx, operation.id, outcome.user.id)
        await moveUses(tx, operation.id, placeOf(outcome.user.id))
        operation.userId = outcome.user.id
      }
      return plan && applyPlan(tx, operation, plan)
    })
    row.state = kind
    if (steps) operation.steps = steps.map((other) => (other.position === row.position ? row : other))
    return true
  }
  const { problem, outcome } = result
  const state = result.kind === 'unknown' ? 'unknown' : 'failed'
  if (goesOnAfter(operation, row)) {
    await fenced(run, (tx) => recordProblem(tx, operation, row, { state, problem, outcome }))
    Object.assign(row, { state, problem })
    return true
  }
  const isPart = result.kind === 'unknown' || result.inPart
  const to = isPart || hasTouched(operation, tried ? row : undefined) ? 'needs-attention' : 'failed'
  await end(run, to, problem, (tx) => recordProblem(tx, operation, row, { state, problem, outcome }))
  return false
}

type Failure = { state: 'unknown' | 'failed'; problem: Problem; outcome: Outcome | undefined }

async function recordProblem(
  tx: Db,
  operation: Operation,
  row: StepRow,
  { state, problem, outcome }: Failure
) {
  await endStep(tx, operation.id, row.position, { state, outcome: outcome ?? null, problem })
  const details = { step: row.name, attempt: row.attempts, problem, ...(outcome && { outcome }) }
  await appendAudit(tx, { ...about(operation), action: `step.${state}`, details })
}

/** Every step was tried. What some of them could not do is for a person. */
export function conclude(run: Run): Promise<void> {
  const failed = run.operation.steps.find(({ state }) => state === 'failed' || state === 'unknown')
  return failed ? end(run, 'needs-attention', failed.problem) : end(run, 'succeeded', null)
}

/**
 * The operation waits, and its row is its timer; unless patience is over, or somebody wants it to stop. A wish to stop
 * does not leave the user let in: that is undone first.
 * @returns whether the next one may run
 */
export async function pause(
  run: Run,
  step: Step,
  row: StepRow,
  result: Extract<StepResult, { kind: 'wait' }>
): Promise<boolean> {
  const { problem, afterMs = 0, at, planned, until } = result
  const { operation, world } = run
  const { patience } = world
  const ended = await fenced(run, async (tx, { now, retrySince, cancelledBy }) => {
    // What may still be letting the user in comes after what ended it: that is done once more after the pause.
    const isLetIn = step.opens || openedBy(operation.steps)
    if (cancelledBy !== null && !isLetIn) return stop(run, cancelledBy as Actor, tx)
    if (until) return pauseUntilResumed(run, step, row, { ...problem, waitingSince: now.toISOString() }, tx)
    if (isPatienceOver(run, row, result, now.getTime() - retrySince.getTime()))
      return giveUp(run, step, row, result, tx)
    // Never sooner than our own patience: `Retry-After: 0` would have us hammer.
    const least = planned ? afterMs : Math.max(afterMs, pauseMs(row.attempts, patience))
    const resumeAt = new Date(Math.max(now.getTime() + least, at?.getTime() ?? 0))
    await endStep(tx, operation.id, row.position, { state: 'waiting', problem })
    const details = { step: step.name, attempt: row.attempts, problem, resumeAt: resumeAt.toISOString() }
    await appendAudit(tx, { ...about(operation), action: 'step.waiting', details })
    await leaveRunning(tx, operation.id, 'waiting', {
      problem,
      resumeAt,
      // What was decided and not failed uses up no patience; but what was used up stays so.
      ...(planned && { retrySince: new Date(retrySince.getTime() + resumeAt.getTime() - now.getTime()) })
    })
    await world.jobs.complete(tx, advanceQueue, run.job)
    if (resumeAt.getTime() - now.getTime() < 1_000) world.paused()
    return undefined
  })
  if (typeof ended === 'object') Object.assign(row, ended)
  else if (ended) ended()
  else note({ 'locksmith.operation.state': 'waiting', 'locksmith.problem': problem.code })
  return typeof ended === 'object'
}

/** No time is set: the sweeper lets it go on once nothing is stopped, and takes the time off its patience. */
async function pauseUntilResumed(
  { operation, world, job }: Run,
  step: Step,
  row: StepRow,
  problem: Problem,
  tx: Db
) {
  await endStep(tx, operation.id, row.position, { state: 'waiting', problem })
  const details = { step: step.name, attempt: row.attempts, problem, resumeAt: null }
  await appendAudit(tx, { ...about(operation), action: 'step.waiting', details })
  await leaveRunning(tx, operation.id, 'waiting', { problem })
  await world.jobs.complete(tx, advanceQueue, job)
  return undefined
}

/** A step of an operation that goes on gets some tries of its own, also where those before it took all the time. */
const leastTries = 3

function isPatienceOver(
  { world, operation }: Run,
  row: StepRow,
  { planned, insists }: Extract<StepResult, { kind: 'wait' }>,
  triedMs: number
): boolean {
  const { giveUpAfterMs } = world.patience
  if (planned || triedMs <= giveUpAfterMs) return false
  const wantsMore = insists || (goesOnAfter(operation, row) && row.attempts < leastTries)
  return !wantsMore || triedMs > 2 * giveUpAfterMs
}

/** @returns what to do once it is committed; or how the step ended, where the operation goes on */
async function giveUp(
  { operation, ...run }: Run,
  step: Step,
  row: StepRow,
  { problem, insists }: Extract<StepResult, { kind: 'wait' }>,
  tx: Db
): Promise<(() => void) | Pick<StepRow, 'state' | 'problem'>> {
  const hours = Math.round(run.world.patience.giveUpAfterMs / 3_600_000)
  const gaveUp = problemOf('gave-up', `Tried for ${hours} hours. Last problem: ${problem.detail}`, {
    last: problem
  })
  await endStep(tx, operation.id, row.position, { state: 'failed', problem: gaveUp })
  const details = { step: step.name, attempt: row.attempts, problem: gaveUp }
  await appendAudit(tx, { ...about(operation), action: 'step.failed', details })
  if (goesOnAfter(operation, row) && !insists) return { state: 'failed', problem: gaveUp }
  return endWithin({ operation, ...run }, 'needs-attention', gaveUp, tx)
}

/** Exponential, with jitter of a quarter so that many operations do not come back at one moment. */
function pauseMs(attempt: number, { firstMs, maxMs }: World['patience']): number {
  const full = Math.min(firstMs * 2 ** Math.min(Math.max(attempt - 1, 0), 20), maxMs)
  return full * (0.75 + Math.random() / 4)
}

type Ending = 'succeeded' | 'failed' | 'needs-attention' | 'cancelled'

/** The operation's last write: its final state, why, and the job settled, in one transaction. */
export async function end(
  run: Run,
  to: Ending,
  problem: Problem | null,
  before?: (tx: Db) => Promise<void>
): Promise<void> {
  const ended = await fenced(run, async (tx) => {
    await before?.(tx)
    return endWithin(run, to, problem, tx)
  })
  ended()
}

/** @returns what to do once it is committed */
async function endWithin(
  { world, job, log, operation }: Run,
  to: Ending,
  why: Problem | null,
  tx: Db,
  actor: Actor = 'system'
): Promise<() => void> {
  const outcome = outcomeOf(operation.steps)
  const problem = to === 'needs-attention' && why ? await sayWhoIsLetIn(tx, operation, actor, why) : why
  await leaveRunning(tx, operation.id, to, { problem })
  await leaveLine(tx, operation.id)
  if (to === 'failed' || to === 'cancelled') await dropUses(tx, operation.id)
  await appendAudit(tx, { ...about(operation), actor, ...lastEvent(to, problem, outcome) } as AuditEvent)
  await world.jobs.complete(tx, advanceQueue, job)
  return () => {
    note({ 'locksmith.operation.state': to })
    if (problem) noteFailure(problem.code)
    if (to === 'needs-attention') {
      log.error(
        { kind: operation.kind, problem: problem?.code },
        'operation needs attention: GET /operations/{id} says what to do'
      )
    }
    world.finished.emit('finished', operation.id)
  }
}

function lastEvent(to: Ending, problem: Problem | null, outcome: object) {
  const details =
    to === 'succeeded'
      ? { outcome }
      : to === 'failed'
        ? { problem }
        : to === 'cancelled'
          ? {}
          : { problem, outcome }
  return { action: `operation.${to}`, details }
}

/** Somebody asked for a stop while it ran. */
export function stop(run: Run, by: Actor, tx: Db): Promise<() => void> {
  return hasTouched(run.operation)
    ? endWithin(run, 'needs-attention', stoppedHalfway(run.operation, by), tx, by)
    : endWithin(run, 'cancelled', null, tx, by)
}

/** What is left to a person who stops an operation that has begun. */
export function stoppedHalfway({ steps }: Pick<Operation, 'steps'>, by: string): Problem {
  const isDone = ({ state }: StepRow) => state === 'done' || state === 'skipped'
  const names = (list: StepRow[]) => list.map(({ name }) => name).join(', ') || 'nothing'
  return problemOf(
    'stopped-halfway',
    `${by} stopped it after: ${names(steps.filter(isDone))}. Not done: ${names(steps.filter((row) => !isDone(row)))}. The user may be locked out without a mail. \`retry\` goes on; a second \`cancel\` closes it as it is.`
  )
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
  world.metrics.takenOver('shutdown')
}

/** How long a write is tried while the database restarts: what was done remotely must not be forgotten. */
const insistMs = 15_000

/**
 * A transaction that happens only while the claim stands, and once: where its COMMIT got no answer, the next
 * try sees whether it is there.
 * @throws ClaimLost
 */
export async function fenced<T>(run: Run, write: (tx: Db, held: Held) => Promise<T>): Promise<T> {
  const until = performance.now() + insistMs
  let written: T | undefined
  for (;;) {
    const asked = momentNow()
    try {
      const result = await inTransaction(run.world.pool, async (tx) => {
        const held = await holdClaim(tx, run.claim, run.revision)
        if (held === undefined) throw new ClaimLost()
        if (held === 'written') return written as T
        written = await write(tx, held)
        return written
      })
      run.revision++
      run.heldAt = asked
      return result
    } catch (error) {
      if (!(isDatabaseFailure(error) || isConflict(error)) || performance.now() > until) throw error
      await sleep(200)
    }
  }
}

export const about = ({ id, userId, input }: Pick<Operation, 'id' | 'userId' | 'input'>) =>
  ({
    actor: 'system',
    operationId: id,
    userId,
    ...(input.campaign && { campaignId: input.campaign.id })
  }) as const
