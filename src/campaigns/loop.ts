/** What campaigns do by themselves: rounds begin when their date has come, mails go out, rounds close, things are done. */
import { setTimeout as sleep } from 'node:timers/promises'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { findStop } from '../guard/stop.sql.ts'
import { oneAtATime } from '../jobs/one-at-a-time.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { World } from '../world.ts'
import { act } from './act.ts'
import { findInState, findToBegin } from './campaign.sql.ts'
import { beginAnew } from './change.ts'
import { closeRounds } from './close.ts'
import { sendDigests } from './digests.ts'
import { sendDue } from './mailing.ts'
import { sendNotices } from './notices.ts'
import { planRound } from './plan.ts'
import { deleteOldRounds } from './retention.sql.ts'
import { settle } from './settle.ts'
import { watchPage } from './watch.ts'

/** How often it is looked for what need not be kept. */
const cleanUpMs = 3_600_000

/** After something failed that will fail again in a moment. */
const restMs = 10_000

/** Any number of processes may run it: each piece of work is taken by one of them. */
export function startCampaigns(world: World): { stop(): Promise<void> } {
  const { everyMs, checkMs } = world.campaigns
  const stopping = new AbortController()
  const pieces = [
    piece('round', everyMs, () => beginAndPlan(world)),
    piece('watch', checkMs, () => watchPage(world)),
    piece('mail', everyMs, async () => {
      while (!stopping.signal.aborted && (await sendDue(world)));
      await sendDigests(world)
      await sendNotices(world)
    }),
    piece('act', everyMs, async () => {
      if (await findStop(world.pool)) return
      await closeRounds(world)
      await act(world)
    }),
    piece('settle', everyMs, () => settle(world)),
    piece('clean-up', cleanUpMs, () => deleteOldRounds(world.pool, world.config.KEEP_CAMPAIGNS_DAYS))
  ]
  function piece(name: string, ms: number, work: () => Promise<unknown>) {
    const rest = Math.max(ms, Math.min(restMs, world.patience.firstMs))
    let notBefore = 0
    const beside = oneAtATime(async () => {
      await work()
      notBefore = performance.now() + ms
    })
    return {
      ...beside,
      startIfDue() {
        if (performance.now() < notBefore) return
        beside.start((error) => {
          notBefore = performance.now() + rest
          const isPassing = error instanceof NextcloudError || error instanceof DomainError
          world.log[isPassing ? 'info' : 'warn'](
            { err: error, piece: name },
            'campaigns: tried again in a moment'
          )
        })
      }
    }
  }
  const tickMs = Math.min(100, everyMs, checkMs)
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      for (const each of pieces) each.startIfDue()
      await sleep(tickMs, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await Promise.all([loop, ...pieces.map(({ ended }) => ended())])
    }
  }
}

async function beginAndPlan(world: World): Promise<void> {
  if (await findStop(world.pool)) return
  await inTransaction(world.pool, async (tx) => {
    for (const campaign of await findToBegin(tx)) await beginAnew(tx, campaign, {}, false)
  })
  for (const { id } of await findInState(world.pool, 'planning')) await planRound(world, id)
}
