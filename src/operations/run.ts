/**
 * Advances one operation under one claim: for each step, intent → step → outcome, each write in a
 * transaction of its own and fenced by the claim, the step itself outside of any transaction.
 */
import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, problemOf } from '../errors.ts'
import { renewUses } from '../guard/brake.sql.ts'
import { holdStop } from '../guard/stop.sql.ts'
import { stoppedProblem } from '../guard/stop.ts'
import type { Job } from '../jobs/jobs.ts'
import { beforeSending, NextcloudError } from '../nextcloud/errors.ts'
import type { Grant } from '../nextcloud/limits.ts'
import type { Fence } from '../nextcloud/transport.ts'
import { note, noteFailure, type SpanOf } from '../tracing/tracing.ts'
import { underway } from '../underway.ts'
import type { World } from '../world.ts'
import { assertAllowed, isFresh } from './allowed.ts'
import { type Claim, claimOperation, markSent, rewindSteps, saveProgress, startStep } from './claim.sql.ts'
import { explain, interrupted } from './failure.ts'
import { goesOnAfter, hasTouched, openedBy, stepOf } from './kinds.ts'
import { findOperation } from './operation.sql.ts'
import { type Operation, outcomeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import {
  about,
  ClaimLost,
  conclude,
  end,
  fenced,
  handBack,
  momentNow,
  pause,
  type Run,
  record,
  stop
} from './record.ts'
import { putOffDeletion } from './scheduled.ts'
import type { Step, StepContext, StepResult } from './step.ts'
import { close } from './windows.ts'

/** What runs in this process, by operation. */
const running = new Map<string, Promise<void>>()

/** The handler of an `advance` job. */
export async function advance(world: World, job: Job<AdvanceJob>): Promise<void> {
  const { operationId } = job.data
  // A run of ours that lost its claim may still be in the middle of a call: two of them never overlap, or its
  // late PUT would undo what the newer one did.
  while (running.has(operationId)) await running.get(operationId)
  const work = underway.run({ operationId }, () => advanceClaimed(world, job))
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
    if (!operation) return
    const run: Run = { world, claim, revision: 0, heldAt, job, operation, memory: {}, log }
    await world.tracing.span(spanOf(run), () => runSteps(run))
  } catch (error) {
    if (error instanceof ClaimLost) return log.warn('claim lost: another worker goes on with this operation')
    log.error({ err: error }, 'the operation could not be advanced: it is tried again')
    throw error
  }
}

/** One claim's work. Whoever claims the operation again tells it by a span of its own, with the same id. */
const spanOf = ({ operation: { id, kind }, job }: Run): SpanOf => ({
  name: `operation ${kind}`,
  kind: 'consumer',
  attributes: { 'locksmith.operation.id': id, 'locksmith.operation.kind': kind },
  from: job.data.traceparent
})

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
      world.metrics.takenOver('lost-worker')
    }
    return operation
  })
}

async function runSteps(run: Run): Promise<void> {
  const rows = () => run.operation.steps
  if (await isAtMailWhenItDied(run)) return
  // At once; but what may still be letting the user in is waited for first, or it would come after.
  if (openedBy(rows())?.state !== 'started' && !(await closed(run))) return
  if ((await settles(run)) || !(await closed(run))) return
  if (!(await revokedAnew(run))) return
  let position = 0
  while (position < rows().length) {
    const row = rows()[position]!
    const { needs, name } = stepOf(row)
    const needed = needs?.(run.operation.input, outcomeOf(rows()))
    if (isBehind(row)) {
      position++
    } else if (needed && run.memory[needed] === undefined) {
      // It only lived in the memory of an earlier claim (the password: a fresh one is set).
      const provider = rows().find((other) => stepOf(other).provides === needed)!
      if (provider.state === 'failed') {
        await record(run, stepOf(row), row, { kind: 'refused', problem: provider.problem! }, false)
        continue
      }
      run.log.debug({ step: name, needed }, 'starts again where it is provided')
      await fenced(run, (tx) => rewindSteps(tx, run.operation.id, [provider.position]))
      provider.state = 'pending'
      position = provider.position
    } else {
      // Nobody is left with a user who is let in for a moment only.
      if (run.world.draining() && !openedBy(rows())) return handBack(run)
      if (!(await runStep(run, stepOf(row), row))) return
      position = rows().findIndex((other) => !isBehind(other))
      if (position === -1) break
    }
  }
  if (await closed(run)) await conclude(run)
}

/**
 * Revoked, and not disabled before it broke off or had to wait: with a reset mail the leaver may have come in anew since,
 * and what was counted then counts no more. Unless the user is disabled all the same, by a call whose answer was lost:
 * nobody could come in, and neither could we. @returns whether it may go on
 */
async function revokedAnew(run: Run): Promise<boolean> {
  const { operation } = run
  const stepNamed = (wanted: string) => operation.steps.find(({ name }) => name === wanted)
  const revoke = stepNamed('revoke-tokens')
  const disable = stepNamed('disable-user')
  if (operation.kind !== 'offboard' || revoke?.state !== 'done' || !disable || isBehind(disable)) return true
  try {
    const isLetInAgain = stepNamed('enable-briefly')?.state === 'pending'
    if (!isLetInAgain && !(await run.world.nextcloud.getUser(operation.userId)).enabled) return true
  } catch (error) {
    return record(run, stepOf(disable), disable, explained(run, stepOf(disable), false, error), false)
  }
  await fenced(run, (tx) => rewindSteps(tx, operation.id, [revoke.position]))
  revoke.state = 'pending'
  return true
}

/** What was tried and could not be done is behind, too, where the operation goes on: a person's retry rewinds it. */
const isBehind = ({ state }: StepRow) => !['pending', 'started', 'waiting'].includes(state)

/** Whether a step that may be done once at most can have been done in its last attempt. */
const isBegun = ({ attempts, progress }: StepRow) => attempts > 0 && progress?.begun === attempts

/** It was at a step that may be done once at most, and nobody can tell whether it was done. */
async function isAtMailWhenItDied(run: Run): Promise<boolean> {
  const row = run.operation.steps.find((each) => !isBehind(each))
  if (row?.state !== 'started' || !('atMostOnce' in stepOf(row).repeat) || !isBegun(row)) return false
  return !(await record(run, stepOf(row), row, interrupted(stepOf(row), run.operation)))
}

/** Whether no step that lets the user in for a while stands open; where it cannot be undone, the operation waits. */
async function closed(run: Run): Promise<boolean> {
  const row = openedBy(run.operation.steps)
  if (!row) return true
  const failure = await tryToClose(run, row)
  if (failure) await record(run, stepOf(row), row, failure, false)
  return !failure
}

async function tryToClose(run: Run, row: StepRow): Promise<StepResult | undefined> {
  try {
    await close(run, row, contextOf(run, row, undefined))
    return undefined
  } catch (error) {
    const result = explained(run, stepOf(row), false, error)
    // Let in as the user may be, this is not given up so soon.
    if (result.kind === 'wait') return { ...result, insists: true }
    return result.kind === 'refused' ? { kind: 'wait', problem: result.problem, insists: true } : result
  }
}

/**
 * The process died while Nextcloud may still be at what it was sent: a late PUT must not land after ours, nor a late
 * log-in come with a password that is not the account's any more. @returns whether it waits
 */
async function settles(run: Run): Promise<boolean> {
  const { settleMs } = run.world.patience
  for (const row of run.operation.steps) {
    const left = settleMs - (row.sentAgoMs ?? settleMs)
    if (row.state !== 'started' || stepOf(row).readOnly || left <= 0) continue
    const problem = problemOf(
      'effect-unknown',
      `The process that was at "${row.name}" ended, and Nextcloud may still be doing it. It is done anew in a moment.`
    )
    await pause(run, stepOf(row), row, { kind: 'wait', problem, afterMs: left, planned: true })
    return true
  }
  return false
}

/**
 * Why the next step may not touch the user, where it may not. One who was let in is not left so for that: what closes
 * the while is never kept waiting by it.
 */
async function barred(run: Run, step: Step): Promise<StepResult | undefined> {
  if (step.readOnly || isFresh(run) || openedBy(run.operation.steps)) return undefined
  try {
    await assertAllowed(run)
    return undefined
  } catch (error) {
    return explained(run, step, false, error)
  }
}

/** @returns whether the next one may run */
async function runStep(run: Run, step: Step, row: StepRow): Promise<boolean> {
  const { world } = run
  const bar = await barred(run, step)
  if (bar?.kind === 'wait') return record(run, step, row, bar, false)
  if (bar && 'problem' in bar) {
    await end(run, hasTouched(run.operation) ? 'needs-attention' : 'failed', bar.problem)
    return false
  }
  const turn = await awaitTurn(run, step)
  if (turn && 'result' in turn) {
    const result = (await closeBefore(run, row, turn.result)) ?? turn.result
    return record(run, step, row, result, false)
  }
  try {
    return await tryStep(run, step, row, turn?.grant)
  } finally {
    if (turn) await world.nextcloud.limits.giveBack(turn.grant)
  }
}

/** Whoever waits, or ends, does not leave the user let in. @returns what is to be recorded instead, where that failed */
async function closeBefore(run: Run, row: StepRow, result: StepResult): Promise<StepResult | undefined> {
  const leaves = result.kind === 'wait' || ('problem' in result && !goesOnAfter(run.operation, row))
  const open = leaves ? openedBy(run.operation.steps) : undefined
  return open && tryToClose(run, open)
}

async function tryStep(run: Run, step: Step, row: StepRow, grant: Grant | undefined): Promise<boolean> {
  const { operation, world } = run
  const started = await fenced(run, async (tx, { cancelledBy }) => {
    if (cancelledBy !== null) {
      return openedBy(operation.steps) ? 'close' : { stopped: await stop(run, cancelledBy as Actor, tx) }
    }
    const halted = step.readOnly ? undefined : await holdStop(tx)
    if (halted) return { halted }
    const attempts = await startStep(tx, operation.id, row.position)
    if (!step.readOnly) {
      await renewUses(tx, operation.id)
      const details = { step: step.name, attempt: attempts }
      await appendAudit(tx, { ...about(operation), action: 'step.intended', details })
    }
    return { attempts }
  })
  // Whoever wants it to stop does not want the user let in: it stops right after.
  if (started === 'close') return closed(run)
  if ('stopped' in started) {
    started.stopped()
    return false
  }
  if ('halted' in started) {
    const result: StepResult = { kind: 'wait', problem: stoppedProblem(started.halted), until: 'resumed' }
    return record(run, step, row, (await closeBefore(run, row, result)) ?? result, false)
  }
  const asked = performance.now()
  row.attempts = started.attempts
  row.state = 'started'
  await world.checkpoint?.('intended', step.name, operation)
  let result: StepResult
  try {
    result = await traced(run, step, row, () => step.run(contextOf(run, row, grant)))
  } catch (error) {
    result = explained(run, step, isBegun(row), error)
    if (result.kind === 'refused' && row.progress && step.hasBegun?.(row.progress))
      result = { ...result, inPart: true }
  }
  // It has looked itself.
  if (row.position === 0 && result.kind === 'done') run.allowedAt = asked
  await world.checkpoint?.('effect', step.name, operation)
  world.metrics.step(step.name, result.kind)
  const goesOn = await record(run, step, row, (await closeBefore(run, row, result)) ?? result)
  await world.checkpoint?.('recorded', step.name, operation)
  return goesOn
}

function traced({ world, operation }: Run, step: Step, row: StepRow, work: () => Promise<StepResult>) {
  const attributes = {
    'locksmith.operation.id': operation.id,
    'locksmith.step.name': step.name,
    'locksmith.step.attempt': row.attempts
  }
  return world.tracing.span({ name: `step ${step.name}`, attributes }, async () => {
    const result = await work()
    note({ 'locksmith.step.result': result.kind })
    if ('problem' in result) noteFailure(result.problem.code)
    return result
  })
}

/** Nextcloud's limits are kept by waiting, and what waits has tried nothing: no attempt is counted. */
async function awaitTurn(
  run: Run,
  step: Step
): Promise<{ grant: Grant } | { result: StepResult } | undefined> {
  const { operation, world } = run
  const limited = step.limited?.(operation.input)
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
    protection: world.protection,
    drivers: world.drivers,
    putOffDeletion: (after) => putOffDeletion(run, row, after),
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
