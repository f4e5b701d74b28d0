import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { leaveLine } from '../nextcloud/limits.sql.ts'
import type { World } from '../world.ts'
import { hasTouched } from './kinds.ts'
import { sayWhoIsLetIn } from './let-in.ts'
import { askToStop, findOperation, stopOperation } from './operation.sql.ts'
import { type Operation, outcomeOf } from './operation.ts'
import { stoppedHalfway } from './record.ts'
import { nobody, unknownOperation } from './request.ts'

/**
 * A person wants an operation to end. One that has changed nothing is cancelled; one that has ends as
 * `needs-attention`, since its user may be locked out without a mail, and is closed by a second cancel. One that
 * runs stops before its next step.
 * @throws DomainError unknown-operation, operation-not-cancellable
 */
export async function cancelOperation(
  world: World,
  id: string,
  actor: Actor,
  requestId: string,
  witness = nobody
): Promise<Operation> {
  const operation = await inTransaction(world.pool, async (tx) => {
    await witness(tx, id)
    const found = await findOperation(tx, id, { lock: true })
    if (!found) throw unknownOperation(id)
    const event = { actor, userId: found.userId, operationId: id, requestId }
    if (found.state === 'cancelled') return found
    if (found.state === 'succeeded' || found.state === 'failed') {
      throw new DomainError(
        'operation-not-cancellable',
        `This operation is over (${found.state}). Nothing was done.`
      )
    }
    if (found.state === 'running') {
      await askToStop(tx, id, actor)
      await appendAudit(tx, { ...event, action: 'operation.stop-requested', details: {} })
    } else if (found.state !== 'needs-attention' && found.state !== 'scheduled' && hasTouched(found)) {
      const problem = await sayWhoIsLetIn(tx, found, actor, stoppedHalfway(found, actor))
      await stopOperation(tx, id, 'needs-attention', actor, problem)
      const outcome = outcomeOf(found.steps)
      await appendAudit(tx, { ...event, action: 'operation.needs-attention', details: { problem, outcome } })
    } else {
      await stopOperation(tx, id, 'cancelled', actor, found.problem)
      await appendAudit(tx, { ...event, action: 'operation.cancelled', details: {} })
    }
    await leaveLine(tx, id)
    return (await findOperation(tx, id))!
  })
  world.finished.emit('finished', id)
  return operation
}
