/** Operations that begin later: a deletion that was put off, until when the user may come back. */
import { randomUUID } from 'node:crypto'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import type { Owned } from '../guard/approval.ts'
import { uuidv7 } from '../uuid.ts'
import { saveProgress } from './claim.sql.ts'
import { findOperation, findScheduled, insertScheduled, supersede } from './operation.sql.ts'
import type { StepRow } from './operation.ts'
import { planOf } from './plan.ts'
import { fenced, type Run } from './record.ts'

export type Deletion = { operation: string; at: string }

/**
 * Once, however often the step is tried.
 * @param after ISO 8601 duration
 * @returns undefined where it was put off by an earlier try, and cancelled since
 */
export async function putOffDeletion(run: Run, row: StepRow, after: string): Promise<Deletion | undefined> {
  const { operation, world } = run
  if (row.progress?.deletion) {
    const known = row.progress.deletion as Deletion
    const made = await findOperation(world.pool, known.operation.split('/').at(-1)!)
    return made && made.state !== 'cancelled' ? known : undefined
  }
  const { id, userId, owner, vouchers } = operation
  const requestedBy = operation.requestedBy as Actor
  const deletion = await fenced(run, async (tx) => {
    const made = await scheduleDeletion(tx, { of: id, userId, owner, vouchers, requestedBy }, after)
    await saveProgress(tx, id, row.position, { deletion: made })
    return made
  })
  row.progress = { deletion }
  return deletion
}

/** @property of the off-boarding after which the account is deleted */
export type DeletionAsked = Owned & {
  of: string
  userId: string
  requestedBy: Actor
  requestId?: string
}

/** An earlier date of the user's gives way to this one. @param after ISO 8601 duration */
export async function scheduleDeletion(
  tx: Db,
  { of, userId, requestedBy, requestId, ...owned }: DeletionAsked,
  after: string
): Promise<Deletion> {
  const id = uuidv7()
  const input = { reason: `put off by the off-boarding ${of}`, mail: 'none', revoke: 'none' } as const
  await cancelScheduled(tx, userId, { by: id, actor: requestedBy, ...(requestId && { requestId }) })
  const steps = planOf('delete', input).map(({ step }) => step.name)
  const asked = { id, kind: 'delete', userId, input, steps, requestedBy, requestId, ...owned } as const
  const at = await insertScheduled(tx, { ...asked, jobId: randomUUID() }, after)
  const made = { operation: `/operations/${id}`, at: at.toISOString() }
  await appendAudit(tx, {
    action: 'operation.requested',
    actor: requestedBy,
    userId,
    operationId: id,
    ...(requestId && { requestId }),
    details: { kind: 'delete', ...input, scheduledAt: made.at }
  })
  return made
}

/** The user's deletion that was put off gives way. */
export async function cancelScheduled(
  tx: Db,
  userId: string,
  { by, actor, requestId }: { by: string; actor: Actor; requestId?: string }
): Promise<void> {
  const found = await findScheduled(tx, userId)
  if (!found) return
  await supersede(tx, found.id, by)
  await appendAudit(tx, {
    action: 'operation.superseded',
    actor,
    userId,
    operationId: found.id,
    ...(requestId !== undefined && { requestId }),
    details: { by }
  })
}
