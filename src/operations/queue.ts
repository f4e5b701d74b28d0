import { traceparent } from '../tracing/tracing.ts'

/** The queue whose jobs only say "advance operation N": the operation's row is the single truth. */
export const advanceQueue = 'advance'

/** `traceparent`: of what asked for it, so that its spans are part of the same trace. Whoever finds it later has none. */
export type AdvanceJob = { operationId: string; traceparent?: string }

/** On behalf of what is under way. */
export function jobOf(operationId: string): AdvanceJob {
  const from = traceparent()
  return from === undefined ? { operationId } : { operationId, traceparent: from }
}
