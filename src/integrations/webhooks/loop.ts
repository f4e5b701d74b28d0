/** Empties the outbox: what is due is sent, to each endpoint a few at once, beside all others. */
import { setTimeout as sleep } from 'node:timers/promises'
import { oneAtATime } from '../../jobs/one-at-a-time.ts'
import type { World } from '../../world.ts'
import { deliver, type Trying } from './deliver.ts'
import { deleteOldDeliveries } from './deliveries.sql.ts'
import { claimDue } from './delivery.sql.ts'
import { resealSecrets } from './reseal.ts'

export type DeliveryOptions = {
  /** How often it is looked for what is due. Milliseconds. */
  everyMs?: number
  /** Tries at once to one endpoint, from one process: it keeps nobody waiting but itself. */
  atOnce?: number
  /** How long a receiver may take: the spec has 15 to 30 s. Milliseconds. */
  timeoutMs?: number
  /** What is under way when the process ends has so long to be answered. Milliseconds. */
  graceMs?: number
  checkpoint?: Trying['checkpoint']
}

/** For so long nobody else sends what a process has claimed, unless that has ended. Seconds. */
const leaseSeconds = 60

/** How often it is looked for what need not be kept. Milliseconds. */
const cleanUpMs = 3_600_000

/** Any number of processes may run it: each try is one process's. */
export function startDeliveries(
  world: Pick<
    World,
    'config' | 'pool' | 'presence' | 'vault' | 'transmitter' | 'outbound' | 'metrics' | 'log'
  >,
  { everyMs = 500, atOnce = 4, timeoutMs = 15_000, graceMs = 5_000, checkpoint }: DeliveryOptions = {}
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const cutOff = new AbortController()
  const busy = new Map<string, number>()
  const underway = new Set<Promise<void>>()
  let nudge = new AbortController()
  let cleanedAt = Number.NEGATIVE_INFINITY
  const cleaning = oneAtATime(async () => {
    await deleteOldDeliveries(world.pool, world.config.KEEP_WEBHOOK_DELIVERIES_DAYS)
    await resealSecrets(world)
  })

  async function takeDue(): Promise<void> {
    const processKey = world.presence.key()
    if (processKey === undefined) return
    const asked = performance.now()
    const due = await claimDue(world.pool, { processKey, leaseSeconds, atOnce, busy })
    for (const claimed of due) {
      const { endpointId } = claimed
      busy.set(endpointId, (busy.get(endpointId) ?? 0) + 1)
      // Then it is over long before the lease is.
      const sendBefore = asked + leaseSeconds * 1_000 - 2 * timeoutMs
      const work = deliver(world, claimed, { sendBefore, timeoutMs, cutOff: cutOff.signal, checkpoint })
        .catch((error) => world.log.warn({ err: error, webhook: endpointId }, 'webhooks: tried again later'))
        .finally(() => {
          const left = busy.get(endpointId)! - 1
          if (left > 0) busy.set(endpointId, left)
          else busy.delete(endpointId)
          underway.delete(work)
          nudge.abort()
        })
      underway.add(work)
    }
  }

  const loop = (async () => {
    while (!stopping.signal.aborted) {
      nudge = new AbortController()
      if (performance.now() - cleanedAt > cleanUpMs) {
        cleanedAt = performance.now()
        cleaning.start((error) => world.log.warn({ err: error }, 'webhooks: clean-up failed'))
      }
      await takeDue().catch((error) =>
        world.log.warn({ err: error }, 'webhooks: looked for again in a moment')
      )
      // Whoever ends makes room for what is due: a backlog goes on as fast as it is answered.
      const signal = AbortSignal.any([stopping.signal, nudge.signal])
      await sleep(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
      const all = Promise.all([...underway, cleaning.ended()])
      const inTime = new AbortController()
      await Promise.race([all, sleep(graceMs, undefined, { signal: inTime.signal }).catch(() => {})])
      inTime.abort()
      cutOff.abort()
      await Promise.all([...underway, cleaning.ended()])
    }
  }
}
