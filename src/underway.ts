import { AsyncLocalStorage } from 'node:async_hooks'
import type { Span } from '@opentelemetry/api'

/** What is being done at this point of the code. Ids as they stand in log lines; `span`: where it is traced. */
export type Underway = { requestId?: string; operationId?: string; span?: Span }

/**
 * For all that is logged on behalf of a request or an operation, without a logger being handed through every call.
 * What a request only wakes up is not its own.
 */
export const underway = new AsyncLocalStorage<Underway>()
