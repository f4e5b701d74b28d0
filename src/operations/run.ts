/**
 * Advances one operation under one claim: for each step, intent → step → outcome, each write in a
 * transaction of its own and fenced by the claim, the step itself outside of any transaction.
 */
import { randomUUID } from 'node:crypto'
import type { FastifyBaseLogger } from 'fastify'
import { appendAudit } from '../audit/audit.sql.ts'
import type { AuditEvent } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type Problem, problemOf } from '../errors.ts'
import type { Job } from '../jobs/jobs.ts'
import type { World } from '../world.ts'
import { explain, interrupted } from './failure.ts'
import { stepsOf } from './kinds.ts'
import {
  type Claim,
  claimOperation,
  endStep,
  findOperation,
  holdClaim,
  leaveRunning,
  renameUser,
  rewindSteps,
  saveProgress,
  startStep
} from './operation.sql.ts'
import { type Operation, outcomeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import type { Memory, Step, StepContext, StepResult } from './step.ts'

/** Thrown inside: someone else works on the operation now, so this process writes nothing more. */
class ClaimLost extends Error {}

type Run = {
  world: World
  claim: Claim
  job: Job<AdvanceJob>
  operation: Operation
  memory: Memory
  log: FastifyBaseLogger
}

/** The handler of an `advance` job. */
export async function advance(world: World, job: Job<AdvanceJob>): Promise<void> {
  const claim: Claim = { operationId: job.data.operationId, claim: randomUUID() }
  const log = world.log.child({ operationId: claim.operationId })
  const operation = await takeClaim(world, claim, job)
  if (!operation) return
  const run: Run = { world, claim, job, operation, memory: {}, log }
  try {
    await runSteps(run)
  } catch (error) {
    if (!(error instanceof ClaimLost)) throw error
    log.warn('claim lost: another worker goes on with this operation')
  }
}

async function takeClaim(world: World, claim: Claim, job: Job<AdvanceJob>): Promise<Operation | undefined> {
  return inTransaction(world.pool, async (tx) => {
    const processKey = world.presence.key()
    if (processKey === undefined) throw new Error('presence is being restored: the job comes again')
    const before = await claimOperation(tx, claim, processKey, job.id)
    if (!before) {
      await world.jobs.complete(tx, advanceQueue, job)
      return undefined
    }
    const operation = (await findOperation(tx, claim.operationId))!
    if (before === 'running') {
      await appendAudit(tx, {
        ...about(operation),
        action: 'operation.taken-over',
        details: { from: 'lost-worker' }
      })
    }
    return operation
  })
}

async function runSteps(run: Run): Promise<void> {
  const steps = stepsOf(run.operation.kind)
  let position = await findStart(run, steps)
  while (position !== undefined && position < steps.length) {
    const row = run.operation.steps[position]!
    if (isBehind(row)) {
      position++
      continue
    }
    if (run.world.draining() || run.world.presence.key() === undefined) return handBack(run)
    position = await runStep(run, steps[position]!, row)
  }
  if (position !== undefined) await end(run, 'succeeded', null)
}

const isBehind = ({ state }: StepRow) => state === 'done' || state === 'skipped'

/**
 * Where to go on: at the first step that is not done, or before it where that one needs something which
 * only lived in the memory of an earlier claim (the password: a fresh one is set).
 */
async function findStart(run: Run, steps: Step[]): Promise<number | undefined> {
  const rows = run.operation.steps
  const start = rows.findIndex((row) => !isBehind(row))
  if (start === -1) return steps.length
  const step = steps[start]!
  if (rows[start]!.state === 'started' && 'atMostOnce' in step.repeat) {
    await record(run, step, rows[start]!, interrupted(step, run.operation))
    return undefined
  }
  // Not only the first one: after a retry the check comes first, and the revocation still needs a password.
  const needs = steps.find(({ needs }, position) => needs && !isBehind(rows[position]!))?.needs
  if (!needs) return start
  const provider = steps.findIndex(({ provides }) => provides === needs)
  if (isBehind(rows[provider]!)) {
    await fenced(run, (tx) => rewindSteps(tx, run.operation.id, [provider]))
    rows[provider]!.state = 'pending'
  }
  return Math.min(start, provider)
}

/** @returns the position to go on with, or undefined where the claim has ended */
async function runStep(run: Run, step: Step, row: StepRow): Promise<number | undefined> {
  const { operation } = run
  row.attempts = await fenced(run, async (tx) => {
    const attempts = await startStep(tx, operation.id, row.position)
    if (!step.readOnly) {
      const details = { step: step.name, attempt: attempts }
      await appendAudit(tx, { ...about(operation), action: 'step.intended', details })
    }
    return attempts
  })
  await run.world.checkpoint?.('intended', step.name, operation)
  let result: StepResult
  try {
    result = await step.run(contextOf(run, row))
  } catch (error) {
    if (error instanceof ClaimLost) throw error
    result = explain(error, step, operation)
    run.log.warn({ step: step.name, err: error, problem: result.kind }, 'step did not finish')
  }
  await run.world.checkpoint?.('effect', step.name, operation)
  run.world.metrics.step(step.name, result.kind)
  const goesOn = await record(run, step, row, result)
  await run.world.checkpoint?.('recorded', step.name, operation)
  return goesOn ? row.position + 1 : undefined
}

function contextOf(run: Run, row: StepRow): StepContext {
  const { world, operation, claim, memory, log } = run
  return {
    operation,
    outcome: outcomeOf(operation.steps),
    memory,
    progress: row.progress,
    saveProgress: async (progress) => {
      if (!(await saveProgress(world.pool, claim, row.position, progress))) throw new ClaimLost()
    },
    ownLogins: world.ownLogins,
    nextcloud: world.nextcloud,
    revoker: world.revoker,
    mailer: world.mailer,
    log
  }
}

/** Writes what came of a step. @returns whether the next one may run */
async function record(run: Run, step: Step, row: StepRow, result: StepResult): Promise<boolean> {
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
  const to = result.kind === 'unknown' || hasTouched(run, step, row) ? 'needs-attention' : 'failed'
  await end(run, to, problem, async (tx) => {
    await endStep(tx, operation.id, row.position, { state, outcome: outcome ?? null, problem })
    const details = { ...at, problem, ...(outcome && { outcome }) }
    await appendAudit(tx, { ...about(operation), action: `step.${state}`, details })
  })
  return false
}

/** `failed` promises that nothing was changed: so it may not follow any step that can have had an effect. */
function hasTouched(run: Run, step: Step, row: StepRow): boolean {
  const steps = stepsOf(run.operation.kind)
  const before = run.operation.steps.slice(0, row.position)
  const triedBefore = !step.readOnly && row.attempts > 1
  return triedBefore || before.some(({ position, state }) => state === 'done' && !steps[position]!.readOnly)
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
  const resumeAt = until ?? new Date(Date.now() + pauseMs(row.attempts, patience))
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
async function end(
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
  world.finished.emit('finished', operation.id)
}

/** Shutting down: the operation goes back, and whoever claims it next goes on at once. */
async function handBack(run: Run): Promise<void> {
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
async function fenced<T>(run: Run, write: (tx: Db) => Promise<T>): Promise<T> {
  return inTransaction(run.world.pool, async (tx) => {
    if (!(await holdClaim(tx, run.claim))) throw new ClaimLost()
    return write(tx)
  })
}

const about = ({ id, userId }: Pick<Operation, 'id' | 'userId'>) =>
  ({ actor: 'system', operationId: id, userId }) as const
