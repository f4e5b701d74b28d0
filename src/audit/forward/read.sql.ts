import type { Db } from '../../db/pool.ts'
import { actorIn, joinDetails } from '../entry.ts'
import { outcomeOfAction } from '../event.ts'
import { readLeaves } from '../log.sql.ts'
import type { ForwardedEvent } from './forwarded.ts'

/** Sealed events from this leaf on, in the order of the tree. Who was erased meanwhile appears by a pseudonym. */
export async function readSealed(db: Db, from: number, most: number): Promise<ForwardedEvent[]> {
  const rows = await readLeaves(db, most, { after: from - 1, withEvent: true })
  return rows.map(({ index, hash, entry, personal }) => {
    const { seq, at, action, operationId, campaignId, requestId, details } = entry!
    return {
      ...{ index, seq, at, action, operationId, campaignId, requestId },
      actor: actorIn(entry!, personal),
      userId: personal?.userId ?? null,
      sourceAddress: personal?.sourceAddress ?? null,
      details: joinDetails(details, personal?.details),
      outcome: outcomeOfAction[action] ?? null,
      hash
    }
  })
}
