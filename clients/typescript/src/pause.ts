import { setTimeout as sleep } from 'node:timers/promises'

/** @throws the signal's reason once it is aborted */
export async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  await sleep(ms, undefined, signal && { signal }).catch(() => signal?.throwIfAborted())
}
