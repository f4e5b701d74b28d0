import { AsyncLocalStorage } from 'node:async_hooks'

/** The request that is being answered, and the address that it came from. */
export type Origin = { requestId: string; address: string }

/**
 * Where what is written comes from, for all that happens on behalf of a request without being handed through every call.
 * It counts for events of that very request alone: what a request only wakes up is not its own.
 */
export const origin = new AsyncLocalStorage<Origin>()

export function addressOf(requestId: string | undefined): string | undefined {
  const from = origin.getStore()
  return from && from.requestId === requestId ? from.address : undefined
}
