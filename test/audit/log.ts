/** Logs to verify: real events, sealed as the service seals them. */
import { randomUUID } from 'node:crypto'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { keepCheckpoint } from '../../src/audit/publish/publishing.sql.ts'
import { seal } from '../../src/audit/seal.ts'
import type { Pool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import type { Random } from '../faults/harness/random.ts'
import { testKeys } from '../support/audit-keys.ts'

const people = ['anna', 'Bob', 'carol@example.org', 'dörte', '𝕏 "quoted"']

export function anEvent({ pick, below }: Random): AuditEvent {
  const userId = pick(people)
  const operationId = randomUUID()
  return pick<() => AuditEvent>([
    () => ({
      action: 'operation.requested',
      actor: 'key:abc123def456',
      userId,
      operationId,
      requestId: randomUUID(),
      sourceAddress: `10.0.0.${below(255)}`,
      details: {
        kind: 'reset',
        reason: pick(['phone lost', 'left the house', 'späte "Rache"']),
        mail: 'none',
        revoke: 'all'
      }
    }),
    () => ({
      action: 'step.intended',
      actor: 'system',
      userId,
      operationId,
      details: { step: 'revoke-tokens', attempt: 1 + below(3) }
    }),
    () => ({
      action: 'step.done',
      actor: 'system',
      userId,
      operationId,
      details: {
        step: 'revoke-tokens',
        attempt: 1,
        outcome: { user: { id: userId, enabled: true }, remaining: below(9), share: 0.25 }
      }
    }),
    () => ({
      action: 'participant.answered',
      actor: `user:${userId}`,
      userId,
      campaignId: randomUUID(),
      details: { round: 1, answer: 'yes' }
    }),
    () => ({
      action: 'key.revoked',
      actor: 'host',
      details: { keyId: 'abc123def456', name: 'Ticket system' }
    })
  ])()
}

/** @param size events, one or several to a transaction, sealed now and then; some heads leave the house */
export async function writeLog(pool: Pool, size: number, random: Random): Promise<void> {
  let seen = 0
  for (let written = 0; written < size; ) {
    const some = Math.min(size - written, 1 + random.below(4))
    await inTransaction(pool, (tx) => appendAudit(tx, ...Array.from({ length: some }, () => anEvent(random))))
    written += some
    if (written === size || random.below(3) === 0) seen = (await seal(pool, testKeys, seen))!.size
    if (random.below(8) === 0) await keepCheckpoint(pool)
  }
}
