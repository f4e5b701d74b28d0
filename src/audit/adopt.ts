/** Events from before there was a tree: written anew as they were, with their numbers and times, and taken into it. */
import type { Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { dropEarlier, type Earlier, lockEarlier, readEarlier } from './adopt.sql.ts'
import { appendAudit, insertEvents, markedAs } from './audit.sql.ts'
import type { AuditEvent } from './event.ts'

const atOnce = 1_000

/**
 * Once, after the migration that made the tree, as the role that owns the tables.
 * @returns how many there were
 */
export const adoptEarlierEvents = (pool: Pool): Promise<number> =>
  inTransaction(pool, async (tx) => {
    if (!(await lockEarlier(tx))) return 0
    let events = 0
    for (let after = 0; ; ) {
      const rows = await readEarlier(tx, after, atOnce)
      if (rows.length > 0) await insertEvents(tx, markedAs(tx, rows, rows.map(eventOf)))
      events += rows.length
      if (rows.length < atOnce) break
      after = rows.at(-1)!.seq
    }
    await dropEarlier(tx)
    await appendAudit(tx, { action: 'audit.adopted', actor: 'system', details: { events } })
    return events
  })

function eventOf({ details, ...row }: Earlier): AuditEvent {
  // What stood in the details then stands beside them now.
  const { campaign, address, ...rest } = details as { campaign?: unknown; address?: string }
  const isInCampaign = typeof campaign === 'string'
  return {
    action: row.action,
    actor: row.actor,
    ...(row.userId !== null && { userId: row.userId }),
    ...(row.operationId !== null && { operationId: row.operationId }),
    ...(row.requestId !== null && { requestId: row.requestId }),
    ...(isInCampaign && { campaignId: campaign }),
    ...(address !== undefined && { sourceAddress: address }),
    details: isInCampaign ? rest : { ...rest, ...(campaign !== undefined && { campaign }) }
  } as AuditEvent
}
