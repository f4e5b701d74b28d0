import { begin } from '../act/call.ts'
import type { Kind, Wish } from '../act/kinds.ts'
import { type Locksmith, LocksmithProblem, LocksmithTimeout, rests } from '../client.ts'
import { ofAll } from './forecast.ts'
import { type Outcome, outcomeOf, refusedOf } from './outcome.ts'
import { type Journal, keyOf, type Run } from './run.ts'

export type Work = {
  locksmith: Locksmith
  kind: Kind
  wish: Wish
  run: Run
  journal: Journal
  /** Ends waiting, and requests that are under way. */
  signal: AbortSignal
  /** Milliseconds for one user; undefined: it is only begun. */
  patience: number | undefined
}

/** So often the same command may have been refused and mended. */
const mostTurns = 100
/** Another operation that works on the user is waited for so often. */
const mostOthers = 3
const waitSeconds = 20

/**
 * One user, done once by however many runs: the key follows from the run. What an earlier run was refused, or what
 * failed and changed nothing, is asked for anew, under the key of the next turn.
 * @throws LocksmithError without an answer; LocksmithProblem that is not about this user; the signal's reason
 */
export async function doOnce(work: Work, user: string): Promise<Outcome> {
  const { locksmith, kind, wish, run, journal, signal, patience } = work
  journal.asked(user)
  for (let turn = 0, others = 0; ; ) {
    const isLast = turn >= mostTurns
    try {
      const asking = {
        signal,
        key: keyOf(run, user, turn),
        ...(patience !== undefined && { wait: waitSeconds })
      }
      const { operation: first, replayed } = await begin(locksmith, kind, user, wish, asking)
      // What was answered may be from an earlier run, and only what succeeded stays as it is.
      const isSure = rests(first) && (!replayed || first.state === 'succeeded')
      const operation = isSure ? first : await wait(work, first.id)
      if (replayed && operation.state === 'failed' && !isLast) turn++
      else return outcomeOf(user, operation, replayed)
    } catch (error) {
      if (!(error instanceof LocksmithProblem) || ofAll.has(error.code)) throw error
      if (error.replayed && !isLast) turn++
      else if (error.code === 'operation-already-running' && others < mostOthers && patience !== undefined) {
        others++
        const { operation } = error.problem as { operation?: unknown }
        if (typeof operation !== 'string') return refusedOf(user, error.problem)
        await wait(work, operation.split('/').at(-1)!)
      } else return refusedOf(user, error.problem)
    }
  }
}

/** As it is when it rests, or when patience is over. */
async function wait({ locksmith, signal, patience = 0 }: Work, operationId: string) {
  try {
    return await locksmith.waitForOperation(operationId, { signal, timeout: patience })
  } catch (error) {
    if (error instanceof LocksmithTimeout) return error.operation
    throw error
  }
}
