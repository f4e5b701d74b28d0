/**
 * Advances one operation under one claim: for each step, intent → step → outcome, each write in a
 * transaction of its own and fenced by the claim, the step itself outside of any transaction.
 */
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import type { Job } from '../jobs/jobs.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { World } from '../world.ts'
import { type Claim, claimOperation, rewindSteps, saveProgress, startStep } from './claim.sql.ts'
import { explain, interrupted } from './failure.ts'
import { stepsOf } from './kinds.ts'
import { findOperation } from './operation.sql.ts'
import { outcomeOf, type StepRow } from './operation.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import { about, ClaimLost, end, fenced, handBack, type Run, record } from './record.ts'
import type { Step, StepContext, StepResult } from './step.ts'

/** How long a call of a killed process may go on at Nextcloud, beyond the time that the take-over took. */
const settleMs = 2_000

/** What runs in this process, by operation. */
const running = new Map<string, Promise<void>>()

/** The handler of an `advance` job. */
export async function advance(world: World, job: Job<AdvanceJob>): Promise<void> {
  const { operationId } = job.data
  // A run of ours that lost its claim may still be in the middle of a call: two of them never overlap, or its
  // late PUT would undo what the newer one did.
  await running.get(operationId)
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
  try {
    const claimed = await takeClaim(world, claim, job)
    if (claimed) await runSteps({ world, claim, job, ...claimed, memory: {}, log })
  } catch (error) {
    if (error instanceof ClaimLost) return log.warn('claim lost: another worker goes on with this operation')
    log.error({ err: error }, 'the operation could not be advanced: it is tried again')
    throw error
  }
}

async function takeClaim(
  world: World,
  claim: Claim,
  job: Job<AdvanceJob>
): Promise<Pick<Run, 'operation' | 'processKey'> | undefined> {
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
    return { operation, processKey }
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
    // The connection that says we live broke: others take over, under whatever key it was restored.
    if (run.world.presence.key() !== run.processKey) throw new ClaimLost()
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
  // Its process died while Nextcloud may still be at it: a late PUT must not land after ours.
  if (rows.some(({ position, state }) => state === 'started' && steps[position]!.provides))
    await sleep(settleMs)
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
    const expected = error instanceof NextcloudError || error instanceof DomainError
    run.log[expected ? 'info' : 'error'](
      { step: step.name, err: error, result: result.kind },
      'step did not finish'
    )
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
