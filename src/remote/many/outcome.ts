import type { DryRun } from '../act/call.ts'
import type { Operation, Problem } from '../client.ts'

/** In words of a table. `pending`: taken, and not over. */
export type Result = 'done' | 'pending' | 'attention' | 'failed' | 'refused'

/** What became of one user. */
export type Outcome = {
  user: string
  result: Result
  operation?: Operation
  problem?: Problem
  /** It was done, or begun, by an earlier run of the same command. */
  earlier?: boolean
}

const results: Record<Operation['state'], Result> = {
  ...{ succeeded: 'done', failed: 'failed', cancelled: 'failed', 'needs-attention': 'attention' },
  ...{ queued: 'pending', running: 'pending', waiting: 'pending' },
  ...{ 'awaiting-approval': 'pending', scheduled: 'pending' }
}

export function outcomeOf(user: string, operation: Operation, earlier: boolean): Outcome {
  const { problem } = operation
  return {
    ...{ user, result: results[operation.state], operation, earlier },
    ...(problem && { problem: problem as Problem })
  }
}

export const refusedOf = (user: string, problem: Problem): Outcome => ({ user, result: 'refused', problem })

/** What a dry run says that it would be refused with, or was. */
export type Forecast = { user: string; dry?: DryRun; problem?: Problem }

export const refusalIn = ({ dry, problem }: Forecast): Problem | undefined =>
  problem ?? (dry?.would === 'refused' ? (dry.problem as Problem) : undefined)
