/**
 * Advances one operation under one claim: for each step, intent → step → outcome, each write in a
 * transaction of its own and fenced by the claim, the step itself outside of any transaction.
 */
import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, problemOf } from '../errors.ts'
import type { Job } from '../jobs/jobs.ts'
import { beforeSending, NextcloudError } from '../nextcloud/errors.ts'
import type { Grant } from '../nextcloud/limits.ts'
import type { Fence } from '../nextcloud/transport.ts'
import type { World } from '../world.ts'
import { type Claim, claimOperation, markSent, rewindSteps, saveProgress, startStep } from './claim.sql.ts'
import { explain, interrupted } from './failure.ts'
import { stepsOf } from './kinds.ts'
import { findOperation } from './operation.sql.ts'
import { type Operation, outcomeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import {
  about,
  ClaimLost,
  end,
  fenced,
  handBack,
  momentNow,
  pause,
  type Run,
  record,
  stop
} from './record.ts'
import type { Step, StepContext, StepResult } from './step.ts'

/** What runs in this process, by operation. */
const running = new Map<string, Promise<void>>()

/** The handler of an `advance` job. */
export async function advance(world: World, job: Job<AdvanceJob>): Promise<void> {
  const { operationId } = job.data
  // A run of ours that lost its claim may still be in the middle of a call: two of them never overlap, or its
  // late PUT would undo what the newer one did.
  while (running.has(operationId)) await running.get(operationId)
  const work = advanceClaimed(world, job)
  const ended = work.then(
    () => {},
    () => {}
  )
  running.set(operationId, ended)
  try {
    await work
  } finally {
    if (running.get(operationId) === ended) running.delete(operationId)
  }
}

async function advanceClaimed(world: World, job: Job<AdvanceJob>): Promise<void> {
  const claim: Claim = { operationId: job.data.operationId, claim: randomUUID() }
  const log = world.log.child({ operationId: claim.operationId })
  const heldAt = momentNow()
  try {
    const operation = await takeClaim(world, claim, job)
    if (operation) await runSteps({ world, claim, revision: 0, heldAt, job, operation, memory: {}, log })
  } catch (error) {
    if (error instanceof ClaimLost) return log.warn('claim lost: another worker goes on with this operation')
    log.error({ err: error }, 'the operation could not be advanced: it is tried again')
    throw error
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
    if (run.world.draining()) return handBack(run)
    position = await runStep(run, steps[position]!, row)
  }
  if (position !== undefined) await end(run, 'succeeded', null)
}

const isBehind = ({ state }: StepRow) => state === 'done' || state === 'skipped'

/** Whether a step that may be done once at most can have been done in its last attempt. */
const isBegun = ({ attempts, progress }: StepRow) => attempts > 0 && progress?.begun === attempts

/**
 * Where to go on: at the first step that is not done, or before it where that one needs something which
 * only lived in the memory of an earlier claim (the password: a fresh one is set).
 */
async function findStart(run: Run, steps: Step[]): Promise<number | undefined> {
  const rows = run.operation.steps
  const start = rows.findIndex((row) => !isBehind(row))
  if (start === -1) return steps.length
  const step = steps[start]!
  if (rows[start]!.state === 'started' && 'atMostOnce' in step.repeat && isBegun(rows[start]!)) {
    await record(run, step, rows[start]!, interrupted(step, run.operation))
    return undefined
  }
  if (await settles(run, steps)) return undefined
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

/**
 * The process died while Nextcloud may still be at what it was sent: a late PUT must not land after ours, nor a late
 * log-in come with a password that is not the account's any more. @returns whether it waits
 */
async function settles(run: Run, steps: Step[]): Promise<boolean> {
  const { settleMs } = run.world.patience
  for (const row of run.operation.steps) {
    const left = settleMs - (row.sentAgoMs ?? settleMs)
    if (row.state !== 'started' || steps[row.position]!.readOnly || left <= 0) continue
    const problem = problemOf(
      'effect-unknown',
      `The process that was at "${row.name}" ended, and Nextcloud may still be doing it. It is done anew in a moment.`
    )
    await pause(run, steps[row.position]!, row, { kind: 'wait', problem, afterMs: left, planned: true })
    return true
  }
  return false
}

/** @returns the position to go on with, or undefined where the claim has ended */
async function runStep(run: Run, step: Step, row: StepRow): Promise<number | undefined> {
  const { world } = run
  const turn = await awaitTurn(run, step)
  if (turn && 'result' in turn) {
    await record(run, step, row, turn.result, false)
    return undefined
  }
  try {
    return await tryStep(run, step, row, turn?.grant)
  } finally {
    if (turn) await world.nextcloud.limits.giveBack(turn.grant)
  }
}

async function tryStep(run: Run, step: Step, row: StepRow, grant: Grant | undefined) {
  const { operation, world } = run
  const started = await fenced(run, async (tx, { cancelledBy }) => {
    if (cancelledBy !== null) return { stopped: await stop(run, cancelledBy as Actor, tx) }
    const attempts = await startStep(tx, operation.id, row.position)
    if (!step.readOnly) {
      const details = { step: step.name, attempt: attempts }
      await appendAudit(tx, { ...about(operation), action: 'step.intended', details })
    }
    return { attempts }
  })
  if ('stopped' in started) {
    started.stopped()
    return undefined
  }
  row.attempts = started.attempts
  await world.checkpoint?.('intended', step.name, operation)
  let result: StepResult
  try {
    result = await step.run(contextOf(run, row, grant))
  } catch (error) {
    result = explained(run, step, isBegun(row), error)
  }
  await world.checkpoint?.('effect', step.name, operation)
  world.metrics.step(step.name, result.kind)
  const goesOn = await record(run, step, row, result)
  await world.checkpoint?.('recorded', step.name, operation)
  return goesOn ? row.position + 1 : undefined
}

/** Nextcloud's limits are kept by waiting, and what waits has tried nothing: no attempt is counted. */
async function awaitTurn(
  run: Run,
  step: Step
): Promise<{ grant: Grant } | { result: StepResult } | undefined> {
  const { operation, world } = run
  const limited = step.limited?.(operation)
  if (!limited) return undefined
  try {
    const turn = await world.nextcloud.limits.turn(limited, operation.userId, operation.id)
    if ('grant' in turn) return turn
    const problem = problemOf(
      'nextcloud-limit',
      `${turn.because} Nothing is wrong: it goes on by itself at resumeAt, when its turn has come.`
    )
    return { result: { kind: 'wait', problem, at: turn.notBefore, planned: true } }
  } catch (error) {
    return { result: explained(run, step, false, error) }
  }
}

/** @param begun whether a step that may be done once at most can have been done */
function explained(run: Run, step: Step, begun: boolean, error: unknown): StepResult {
  if (error instanceof ClaimLost) throw error
  const result = explain(error, step, run.operation, begun, run.world.patience.settleMs)
  const expected = error instanceof NextcloudError || error instanceof DomainError
  run.log[expected ? 'info' : 'error'](
    { step: step.name, err: error, result: result.kind },
    'step did not finish'
  )
  return result
}

function contextOf(run: Run, row: StepRow, grant: Grant | undefined): StepContext {
  const { world, operation, memory, log } = run
  const save = async (progress: Record<string, unknown>) => {
    await fenced(run, (tx) => saveProgress(tx, operation.id, row.position, progress))
    row.progress = progress
  }
  const fence = fenceOf(run, row)
  const nextcloud = world.nextcloud.behind(fence)
  return {
    operation,
    outcome: outcomeOf(operation.steps),
    memory,
    progress: row.progress,
    saveProgress: (progress) => save({ ...progress }),
    async begin() {
      await save({ begun: row.attempts })
      await world.checkpoint?.('begun', row.name, operation)
    },
    fence,
    grant,
    ownLogins: world.ownLogins,
    nextcloud,
    revoker: world.revoker(nextcloud),
    mailer: world.mailer,
    log
  }
}

/** Others take over a silent process 10 s after its last heartbeat, which is 3 s old at most: well within that. */
const freshMs = 5_000

/** A process that was stopped for a while must not send what others have taken over. */
function fenceOf(run: Run, { position }: StepRow): Fence {
  return {
    async confirm() {
      const asked = momentNow()
      if (!(await beforeSending(markSent(run.world.pool, run.claim, position)))) throw new ClaimLost()
      run.heldAt = asked
    },
    isFresh: () =>
      performance.now() - run.heldAt.monotonic < freshMs && Math.abs(Date.now() - run.heldAt.wall) < freshMs
  }
}
