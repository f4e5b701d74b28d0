import { setTimeout as sleep } from 'node:timers/promises'
import { type Locksmith, LocksmithTimeout, type Operation, rests } from '../client.ts'

/** Asked for often at first, while most are over within a second. Milliseconds. */
const pauses = [150, 250, 400, 600, 1_000]
const longest = 2_000

export type Following = {
  signal: AbortSignal
  timeoutMs: number
  /** Each time that it changed. */
  seen(operation: Operation): void
}

/** The operation once it rests, seen as it goes. @throws LocksmithTimeout while it still goes on */
export async function follow(
  locksmith: Locksmith,
  operationId: string,
  { signal, timeoutMs, seen }: Following
): Promise<Operation> {
  const until = performance.now() + timeoutMs
  for (let turn = 0, last = ''; ; turn++) {
    const params = { path: { operationId } }
    const { data: operation } = await locksmith.GET('/operations/{operationId}', { params, signal })
    const now = JSON.stringify(operation)
    if (now !== last) seen(operation)
    last = now
    if (rests(operation)) return operation
    if (performance.now() >= until) throw new LocksmithTimeout(operation, timeoutMs)
    await sleep(pauses[turn] ?? longest, undefined, { signal })
  }
}
