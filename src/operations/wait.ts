import { setTimeout as sleep } from 'node:timers/promises'
import type { World } from '../world.ts'
import { findOperation } from './operation.sql.ts'
import { isFinal, type Operation } from './operation.ts'

export const longestWait = 60

/** Seconds asked for by `Prefer: wait=N` (RFC 7240), at most 60; undefined where it is not asked for. */
export function readWait(prefer: string | string[] | undefined): number | undefined {
  const seconds = /(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?/i.exec([prefer ?? ''].flat().join(','))?.[1]
  return seconds === undefined ? undefined : Math.min(Number(seconds), longestWait)
}

/**
 * The operation once it is over, or as it is when the time is up or the caller hangs up. One that this
 * process runs is noticed at once, one of another replica within a quarter of a second.
 */
export async function waitForOperation(
  world: World,
  id: string,
  seconds: number,
  gone: AbortSignal
): Promise<Operation | undefined> {
  const over = AbortSignal.any([AbortSignal.timeout(seconds * 1_000), gone])
  for (;;) {
    const woken = new AbortController()
    const wake = (finished: string) => finished === id && woken.abort()
    // Listening before reading: an end between the two is not missed.
    world.finished.on('finished', wake)
    try {
      const operation = await findOperation(world.pool, id)
      if (!operation || isFinal(operation.state) || over.aborted || world.draining()) return operation
      await sleep(250, undefined, { signal: AbortSignal.any([over, woken.signal]) }).catch(() => {})
    } finally {
      world.finished.off('finished', wake)
    }
  }
}
