import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import { inTransaction } from '../db/transaction.ts'
import { letThrough } from '../guard/brake.ts'
import { countUsersIfDue } from '../guard/census.ts'
import { oneAtATime } from '../jobs/one-at-a-time.ts'
import type { World } from '../world.ts'
import { holdScheduled } from './approvals.sql.ts'
import { leaveRunning } from './claim.sql.ts'
import { expireApprovals } from './decide.ts'
import { brakesReached, hold, passageOf } from './hold.ts'
import { findOperation } from './operation.sql.ts'
import { advanceQueue } from './queue.ts'
import { cleanUp } from './retention.ts'
import {
  beginScheduled,
  findDue,
  findOrphans,
  findOverdue,
  findToBegin,
  hurry,
  replaceJob,
  untilNextDue,
  wake
} from './sweep.sql.ts'

/** How long an open operation may lie about before its job is looked for. */
const overdueSeconds = 1

/** How many operations are woken at one time. */
const wakeAtOnce = 25

const longestMs = 1_000
const shortestMs = 20

/**
 * Every second, and when an operation is due: what waits goes on, work whose process is gone goes back to the
 * queue, an operation never lacks a job, and a Nextcloud that was away is looked at.
 */
export function startSweeper(world: World): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const beside = {
    probing: oneAtATime(() => probe(world)),
    cleaning: oneAtATime(() => cleanUp(world)),
    counting: oneAtATime(() => countUsersIfDue(world.pool, world.nextcloud))
  }
  let cleanedAt = Number.NEGATIVE_INFINITY
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      beside.probing.start((error) => world.log.warn({ err: error }, 'probe failed'))
      if (performance.now() - cleanedAt > cleanUpMs) {
        cleanedAt = performance.now()
        beside.cleaning.start((error) => world.log.warn({ err: error }, 'clean-up failed'))
        if (world.config.BRAKE_PERCENT > 0)
          beside.counting.start((error) => world.log.info({ err: error }, 'users are counted in an hour'))
      }
      const nextMs = await sweep(world).catch((error) => {
        world.log.warn({ err: error }, 'sweep failed; the next one is in a second')
        return longestMs
      })
      await world.pausedWithin(nextMs, stopping.signal)
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await Promise.all([loop, ...Object.values(beside).map(({ ended }) => ended())])
    }
  }
}

async function probe({ nextcloud, pool }: World): Promise<void> {
  if (await nextcloud.probeIfDue()) await hurry(pool)
}

/** How often it is looked for what need not be kept. */
const cleanUpMs = 3_600_000

/** @returns in how many milliseconds to do it again */
async function sweep(world: World): Promise<number> {
  await requeueOrphans(world)
  await renewLostJobs(world)
  await beginDue(world)
  await expireApprovals(world)
  if ((await wakeDue(world)) === wakeAtOnce) return shortestMs
  const dueMs = (await untilNextDue(world.pool)) ?? longestMs
  return Math.ceil(Math.min(Math.max(dueMs, shortestMs), longestMs))
}

async function wakeDue({ pool, jobs, patience }: World): Promise<number> {
  return inTransaction(pool, async (tx) => {
    const due = await findDue(tx, wakeAtOnce, patience.giveUpAfterMs / 1_000)
    for (const id of due) await wake(tx, id, await jobs.enqueue(tx, advanceQueue, { operationId: id }))
    return due.length
  })
}

async function beginDue(world: World): Promise<void> {
  const { pool, jobs } = world
  await inTransaction(pool, async (tx) => {
    for (const id of await findToBegin(tx, wakeAtOnce)) {
      const operation = (await findOperation(tx, id))!
      const states = await brakesReached(tx, world, operation)
      if (states.length > 0) {
        const asking = { ...operation, requestedBy: operation.requestedBy as Actor }
        const { approvalId, problem } = await hold(tx, world, asking, states)
        await holdScheduled(tx, id, approvalId, problem)
      } else {
        await letThrough(tx, id, passageOf(operation))
        await beginScheduled(tx, id, await jobs.enqueue(tx, advanceQueue, { operationId: id }))
      }
    }
  })
}

async function requeueOrphans({ pool, jobs, log, metrics, presence }: World): Promise<void> {
  // Whose own lock is gone cannot tell the dead from those who were cut off with it, itself among them.
  if (presence.key() === undefined) return
  await inTransaction(pool, async (tx) => {
    for (const { id, userId } of await findOrphans(tx)) {
      const job = await jobs.enqueue(tx, advanceQueue, { operationId: id })
      await leaveRunning(tx, id, 'queued', { job })
      await appendAudit(tx, {
        action: 'operation.taken-over',
        actor: 'system',
        userId,
        operationId: id,
        details: { from: 'dead-process' }
      })
      metrics.takenOver('dead-process')
      log.warn({ operationId: id }, 'its process died: the operation goes back to the queue')
    }
  })
}

/**
 * A job and its operation are written together, so a job is only missing where its worker died between
 * fetching and claiming, or someone emptied the queue. A job too many does no harm: the claim decides.
 */
async function renewLostJobs({ pool, jobs, log }: World): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const overdue = await findOverdue(tx, overdueSeconds)
    if (overdue.length === 0) return
    const ids = overdue.map(({ job }) => job)
    const alive = await jobs.alive(tx, advanceQueue, ids, overdueSeconds)
    for (const { id, job } of overdue) {
      if (alive.has(job)) continue
      const renewed = randomUUID()
      if (!(await replaceJob(tx, id, job, renewed))) continue
      await jobs.enqueue(tx, advanceQueue, { operationId: id }, { id: renewed })
      log.warn({ operationId: id }, 'its job was lost: a new one is queued')
    }
  })
}
