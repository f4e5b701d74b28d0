/** The queue whose jobs only say "advance operation N": the operation's row is the single truth. */
export const advanceQueue = 'advance'
export type AdvanceJob = { operationId: string }
