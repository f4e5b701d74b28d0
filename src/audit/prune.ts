/** Deletes the oldest events. What proves the others stays: of those that go, the hashes above them. */
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { appendAudit } from './audit.sql.ts'
import { nodesIn } from './proof.sql.ts'
import { deleteLeaves, findFirstSince, lockTree } from './prune.sql.ts'
import { subtreesOf } from './tree.ts'

/** @property size how many leaves are gone then @property events how many of them are there now */
export type Pruning = { size: number; events: number }

/** What would go: every event that stands before the first one of that time or later. */
export async function planPruning(db: Db, before: Date): Promise<Pruning> {
  const { size, pruned } = await lockTree(db, false)
  const first = (await findFirstSince(db, before)) ?? size
  return { size: first, events: Math.max(first - pruned, 0) }
}

/**
 * @param pool of the role that owns the audit: the one that serves cannot
 * @param planned as it was approved
 * @returns false where the log is not as it was then, and nothing was done
 */
export const prune = (pool: Pool, before: Date, planned: Pruning, approval: string): Promise<boolean> =>
  inTransaction(pool, async (tx) => {
    await lockTree(tx, true)
    const { size, events } = await planPruning(tx, before)
    if (events === 0 || size !== planned.size || events !== planned.events) return false
    const frontier = await nodesIn(tx)(subtreesOf(size))
    await deleteLeaves(tx, size, frontier)
    await appendAudit(tx, {
      action: 'audit.pruned',
      actor: 'host',
      details: {
        before: before.toISOString(),
        size,
        events,
        frontier: frontier.map((each) => each.toString('hex')),
        approval
      }
    })
    return true
  })
