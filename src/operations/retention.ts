import { deleteOldSessions } from '../access/session.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import { deleteOldUses as deleteOldBrakeUses } from '../guard/brake.sql.ts'
import { deleteExpiredIdempotencyKeys } from '../idempotency/idempotency.sql.ts'
import { longestAgeDays } from '../integrations/signals/event.ts'
import { deleteOldSignals } from '../integrations/signals/signals.sql.ts'
import { deleteOldFailures } from '../nextcloud/attempts.sql.ts'
import { deleteOldUses } from '../nextcloud/limits.sql.ts'
import type { World } from '../world.ts'
import { deleteOldOperations, lockRetention } from './retention.sql.ts'

const atOnce = 1_000

/** Deletes what is kept for a time only; the audit never is. One replica at a time does it. */
export async function cleanUp({ pool, config, log }: World): Promise<void> {
  let deleted = 0
  let some: number | undefined
  do {
    some = await inTransaction(pool, async (tx) => {
      if (!(await lockRetention(tx))) return undefined
      await deleteOldUses(tx)
      await deleteOldBrakeUses(tx)
      await deleteOldFailures(tx)
      await deleteOldSignals(tx, 2 * longestAgeDays)
      await deleteOldSessions(tx)
      await deleteExpiredIdempotencyKeys(tx, config.KEEP_IDEMPOTENCY_KEYS_DAYS)
      return deleteOldOperations(tx, config.KEEP_OPERATIONS_DAYS, atOnce)
    })
    deleted += some ?? 0
  } while (some === atOnce)
  if (deleted > 0) log.info({ operations: deleted }, 'deleted what was kept long enough')
}
