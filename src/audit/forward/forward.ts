/** Forwards the audit, in its order, each event once at least: what is not known to be received is sent again. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Lease } from './cursor.sql.ts'
import { undelivered } from './delivery-error.ts'
import type { ForwardedEvent } from './forwarded.ts'
import type { ForwardTarget } from './target.ts'

/** How far it is forwarded, for all replicas, of which one at a time has a lease; see cursor.sql.ts. */
export type Cursor = {
  /** The index of the next event; undefined while somebody has the lease, or it rests after a failure. */
  peek(): Promise<number | undefined>
  take(ms: number): Promise<Lease | undefined>
  /** All before `next` is received. @returns false where the lease is another's by now */
  move(lease: Lease, next: number, ms: number): Promise<boolean>
  release(lease: Lease): Promise<void>
  /** Nothing was received: it rests for a while. @returns false where the lease is another's by now */
  fail(lease: Lease, error: string, retryAfterSeconds?: number): Promise<boolean>
}

export type Forwarding = {
  /** Sealed events from this index on, in the order of index, so many at most. Those before the first may be pruned. */
  read(from: number, limit: number): Promise<ForwardedEvent[]>
  cursor: Cursor
  target: ForwardTarget
  log: Pick<Logger, 'info' | 'warn'>
  /** Told of each batch, for metrics. */
  observe?: (result: 'received' | 'failed', events: number) => void
}

export const mostEvents = 500
/** Of one batch, encoded. An event that is longer goes alone. */
export const mostBytes = 1_000_000

/** Longer than one batch takes: 15 s to send, and what the database takes to say so. */
const leaseMs = 30_000
/** So old a lease is not begun a batch with: another's could begin before this one has ended. */
const freshMs = 12_000

/**
 * Sends what there is to be sent, batch by batch, and moves the cursor after each. Where another replica is at it, or
 * the receiver rests after a failure, it does nothing; and it writes nothing where there is nothing to send.
 * @param signal ends it; what is under way may be received, and is sent again later
 * @throws where the database fails; a failing receiver is written into the cursor and the log
 */
export async function forwardOnce(forwarding: Forwarding, signal: AbortSignal): Promise<void> {
  const { read, cursor } = forwarding
  const from = await cursor.peek()
  if (from === undefined || (await read(from, 1)).length === 0) return
  const takenAt = now()
  const lease = await cursor.take(leaseMs)
  if (!lease) return
  const held = { lease, at: takenAt }
  try {
    while (await forwardPage(forwarding, held, signal));
  } finally {
    // Where it failed, or another one has it by now, this does nothing.
    await cursor.release(lease)
  }
}

type Held = { lease: Lease; at: Moment }
type Moment = { monotonic: number; wall: number }
const now = (): Moment => ({ monotonic: performance.now(), wall: Date.now() })

/** A host that was suspended has lost time on one of the two clocks. */
const isFresh = ({ at }: Held) =>
  performance.now() - at.monotonic < freshMs && Math.abs(Date.now() - at.wall) < freshMs

/** @returns whether there may be more to send */
async function forwardPage(
  { read, cursor, target, log, observe }: Forwarding,
  held: Held,
  signal: AbortSignal
): Promise<boolean> {
  const { lease } = held
  const events = await read(lease.next, mostEvents)
  for (const { encoded, next } of batchesOf(events, target)) {
    if (signal.aborted || !isFresh(held)) return false
    try {
      await target.send(encoded, signal)
    } catch (error) {
      if (signal.aborted) return false
      const { message, retryAfterSeconds } = undelivered(error)
      observe?.('failed', encoded.length)
      log.warn(
        { target: target.name, detail: message },
        'the audit cannot be forwarded: tried again in a while'
      )
      await cursor.fail(lease, message, retryAfterSeconds)
      return false
    }
    const movedAt = now()
    if (!(await cursor.move(lease, next, leaseMs))) return false
    observe?.('received', encoded.length)
    if (lease.isFailing) log.info({ target: target.name }, 'the audit is forwarded again')
    held.at = movedAt
    held.lease = lease
    lease.isFailing = false
    lease.next = next
  }
  return events.length === mostEvents
}

/** Encoded one batch at a time, so that no more than one is held besides the events themselves. */
export function* batchesOf(
  events: ForwardedEvent[],
  { encode }: Pick<ForwardTarget, 'encode'>
): Generator<{ encoded: Buffer[]; next: number }> {
  let encoded: Buffer[] = []
  let bytes = 0
  let next = 0
  for (const event of events) {
    const one = encode(event)
    if (encoded.length === mostEvents || (encoded.length > 0 && bytes + one.length > mostBytes)) {
      yield { encoded, next }
      encoded = []
      bytes = 0
    }
    encoded.push(one)
    bytes += one.length
    next = event.index + 1
  }
  if (encoded.length > 0) yield { encoded, next }
}

/**
 * Looks each second for what there is to forward. Any number of processes may run it: one of them sends at a time.
 * @returns its end: what is being sent is broken off, and sent again by whoever comes next
 */
export function startForwarding(
  forwarding: Forwarding,
  { everyMs = 1_000 }: { everyMs?: number } = {}
): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const loop = (async () => {
    while (!signal.aborted) {
      await forwardOnce(forwarding, signal).catch((error) =>
        forwarding.log.warn({ err: error }, 'forwarding the audit: tried again in a moment')
      )
      await sleep(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    }
  }
}
