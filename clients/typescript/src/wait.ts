import { LocksmithTimeout, type Operation } from './errors.ts'
import { pause } from './pause.ts'

export type WaitOptions = {
  signal?: AbortSignal | undefined
  /** Milliseconds; default: ten minutes. While Nextcloud is away an operation may wait for hours. */
  timeout?: number
}

/** Nothing more comes of it by itself, or not soon: over, or it waits for a person or for a date. */
export const rests = ({ state }: Operation): boolean =>
  state !== 'queued' && state !== 'running' && state !== 'waiting'

/** So long one request waits. Seconds. */
const patience = 20

/** @param look the operation as it is; @param seconds to wait for its end */
export async function waitFor(
  look: (seconds: number) => Promise<Operation>,
  { signal, timeout = 600_000 }: WaitOptions
): Promise<Operation> {
  const until = performance.now() + timeout
  for (let seconds = 0; ; ) {
    const begun = performance.now()
    const operation = await look(seconds)
    if (rests(operation)) return operation
    const left = until - performance.now()
    if (left <= 0) throw new LocksmithTimeout(operation, timeout)
    // A Locksmith that shuts down answers at once: it is not asked more than once a second.
    const early = seconds === 0 ? 0 : Math.max(0, begun + 1_000 - performance.now())
    if (early > 0) await pause(Math.min(early, left), signal)
    seconds = Math.min(patience, Math.ceil(left / 1_000))
  }
}
