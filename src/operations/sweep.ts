import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import type { World } from '../world.ts'
import { leaveRunning } from './claim.sql.ts'
import { advanceQueue } from './queue.ts'
import { findOrphans, findOverdue, replaceJob } from './sweep.sql.ts'

/** How long an open operation may lie about before its job is looked for. */
const overdueSeconds = 1

/** Every second: work whose process is gone goes back to the queue, and an operation never lacks a job. */
export function startSweeper(world: World): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      try {
        await requeueOrphans(world)
        await renewLostJobs(world)
      } catch (error) {
        world.log.warn({ err: error }, 'sweep failed; the next one is in a second')
      }
      await sleep(1_000, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    }
  }
}

async function requeueOrphans({ pool, jobs, log }: World): Promise<void> {
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
