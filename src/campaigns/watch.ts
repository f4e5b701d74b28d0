/**
 * Time counts only while people can answer. The confirm page is looked at as they reach it; time during which it was
 * away, or Locksmith was, or by which a clock jumped, is given back to everybody who is asked.
 */
import { appendAudit } from '../audit/audit.sql.ts'
import { isConfirmPageAt } from '../confirm-page.ts'
import { inTransaction } from '../db/transaction.ts'
import type { World } from '../world.ts'
import { findInState } from './campaign.sql.ts'
import { insertNotice } from './notice.sql.ts'
import { findUntold, giveBack, lockWatch, renewWatch } from './watch.sql.ts'

const timeoutMs = 10_000

/** Looks once, where any campaign is open. @returns whether the page answered; undefined: nobody is asked anything */
export async function watchPage(world: World): Promise<boolean | undefined> {
  const open = await findInState(world.pool, 'open')
  if (open.length === 0) return undefined
  const origin = world.confirmOrigin
  const isThere = origin !== undefined && (await isConfirmPageAt(origin, AbortSignal.timeout(timeoutMs)))
  if (isThere) await seen(world)
  else await tellIfAway(world)
  return isThere
}

/** Once for each time that it is away. */
async function tellIfAway({ pool, campaigns, log }: World): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const seconds = await lockWatch(tx)
    if (seconds === null || seconds <= campaigns.toleranceSeconds) return
    for (const { id, round, since } of await findUntold(tx)) {
      log.error(
        { campaign: id, since },
        'the confirm page cannot be reached: nobody is mailed, and time stands still'
      )
      await insertNotice(tx, id, round, 'page-away', { since: since.toISOString() })
    }
  })
}

async function seen({ pool, campaigns, log }: World): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const seconds = await lockWatch(tx)
    if (seconds !== null && seconds > campaigns.toleranceSeconds) {
      for (const { id, round } of await giveBack(tx, seconds)) {
        log.warn({ campaign: id, seconds }, 'nobody could answer for a while: everybody gets that time back')
        await appendAudit(tx, {
          action: 'campaign.time-given-back',
          actor: 'system',
          campaignId: id,
          details: { round, seconds: Math.round(seconds) }
        })
      }
    }
    await renewWatch(tx)
  })
}
