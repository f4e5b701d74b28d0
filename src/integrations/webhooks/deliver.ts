/** One try to deliver: signed, sent, and what came of it written down. */
import { setTimeout as sleep } from 'node:timers/promises'
import { appendAudit } from '../../audit/audit.sql.ts'
import { isConflict, isDatabaseFailure } from '../../db/failure.ts'
import type { Db } from '../../db/pool.ts'
import { inTransaction } from '../../db/transaction.ts'
import type { World } from '../../world.ts'
import type { Posted } from '../outbound/post.ts'
import { streamEvents } from '../ssf/event.ts'
import { announceToStream } from '../ssf/outbox.sql.ts'
import {
  type Claimed,
  disableEndpoint,
  dropPending,
  giveBack,
  recordDelivered,
  recordGivenUp,
  recordRetry
} from './delivery.sql.ts'
import { judge, type Verdict } from './delivery.ts'
import { messageOf } from './message.ts'

export const deliveryPoints = ['claimed', 'sent', 'recorded'] as const
export type DeliveryPoint = (typeof deliveryPoints)[number]

export type Trying = {
  /** By the monotonic clock: later than that nothing is sent, since others may have taken it over. Milliseconds. */
  sendBefore: number
  timeoutMs: number
  /** What is under way is broken off: the process ends. */
  cutOff: AbortSignal
  /** For crash tests: called before it is sent, before that is written down, and after. */
  checkpoint?: ((point: DeliveryPoint, claimed: Claimed) => Promise<void>) | undefined
}

type Means = Pick<World, 'pool' | 'vault' | 'transmitter' | 'outbound' | 'metrics' | 'log'>

/** Where no key opens its secret, or signs it, it waits for somebody to set one. Seconds. */
const lockedAfter = 60

/** For days nothing could be delivered, and now a delivery has had all its tries: the spec has such an endpoint disabled. */
const hopelessSeconds = 5 * 86_400

export async function deliver(
  means: Means,
  claimed: Claimed,
  { sendBefore, timeoutMs, cutOff, checkpoint }: Trying
): Promise<void> {
  const { pool, outbound, metrics, log } = means
  const message = await messageOf(means, claimed)
  await checkpoint?.('claimed', claimed)
  if ('locked' in message) {
    log.error({ webhook: claimed.endpointId }, message.locked)
    return giveBack(pool, claimed, lockedAfter)
  }
  // A process that was stopped for a while: somebody else may be at it.
  if (performance.now() > sendBefore) return giveBack(pool, claimed, 0)
  const started = performance.now()
  const posted = await outbound.post(new URL(claimed.url), { ...message, ms: timeoutMs, signal: cutOff })
  if (cutOff.aborted && 'failed' in posted) return giveBack(pool, claimed, 0)
  await checkpoint?.('sent', claimed)
  const verdict = judge(posted, claimed.attempt, new Date())
  metrics.webhook(verdict.kind, resultOf(posted), (performance.now() - started) / 1_000)
  await insist(() => inTransaction(pool, (tx) => write(tx, claimed, verdict, log)))
  await checkpoint?.('recorded', claimed)
}

async function write(tx: Db, claimed: Claimed, verdict: Verdict, log: World['log']): Promise<void> {
  const { endpointId, url } = claimed
  const about = { webhook: endpointId, origin: new URL(url).origin }
  switch (verdict.kind) {
    case 'delivered':
      await recordDelivered(tx, claimed, verdict.result)
      return
    case 'retry':
      await recordRetry(tx, claimed, verdict)
      return
    case 'given-up': {
      const state = await recordGivenUp(tx, claimed, verdict.result)
      if (!state) return
      log.warn({ ...about, id: claimed.id, result: verdict.result }, 'a webhook could not be delivered')
      const isHopeless = state.failingForSeconds > hopelessSeconds
      if (!verdict.gone && !isHopeless) return
      const because = verdict.gone ? 'gone' : 'failing'
      if (!(await disableEndpoint(tx, endpointId, because))) return
      if (claimed.form === 'set') await endStream(tx, claimed, because)
      else
        await appendAudit(tx, { action: 'webhook.disabled', actor: 'system', details: { ...about, because } })
      log.error({ ...about, because }, 'a webhook is disabled: nothing is recorded for it from now on')
    }
  }
}

/** A disabled stream holds nothing. One that could not be reached is told so, should it be back; one that is gone wants nothing. */
async function endStream(tx: Db, { endpointId, url }: Claimed, because: 'gone' | 'failing'): Promise<void> {
  await dropPending(tx, endpointId)
  if (because === 'failing')
    await announceToStream(tx, endpointId, streamEvents.updated, {
      status: 'disabled',
      reason: 'For five days nothing could be delivered.'
    })
  const details = { stream: endpointId, origin: new URL(url).origin, because }
  await appendAudit(tx, { action: 'stream.disabled', actor: 'system', details })
}

/** For metrics: few, and none of a receiver's own words. */
const resultOf = (posted: Posted) =>
  'failed' in posted ? posted.failed : `${Math.floor(posted.status / 100)}xx`

/** How long a write is tried while the database restarts; after that the lease runs out, and it is sent once more. */
const insistMs = 15_000

/** Twice is the same as once: the claim is gone after the first time. */
async function insist(work: () => Promise<void>): Promise<void> {
  const until = performance.now() + insistMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!(isDatabaseFailure(error) || isConflict(error)) || performance.now() > until) throw error
      await sleep(200)
    }
  }
}
