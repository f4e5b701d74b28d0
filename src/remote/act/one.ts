import { agree, assertAttended } from '../ask.ts'
import type { Operation } from '../client.ts'
import type { Context } from '../context.ts'
import { type ExitCode, exit, exitOfState, Interrupted } from '../exit.ts'
import { safe } from '../safe.ts'
import { begin, type DryRun, dryRun } from './call.ts'
import { follow } from './follow.ts'
import type { Kind, Wish } from './kinds.ts'
import { createTeller, operationText } from './operation-text.ts'
import { planText } from './plan.ts'

export type How = { yes?: boolean; dryRun?: boolean; wait?: boolean; timeout?: number }

/** Seconds. While Nextcloud is away an operation may wait for hours. */
export const usualTimeout = 600

/** One user: what would come of it, the question, and the steps as they go. */
export async function actOnOne(
  context: Context,
  kind: Kind,
  userId: string,
  wish: Wish,
  how: How
): Promise<ExitCode> {
  const { io } = context
  const asks = kind.locksOut && !how.yes && !how.dryRun
  if (asks) assertAttended(io, false, `"${kind.verb} ${safe(userId)}"`)
  const locksmith = context.locksmith()
  const { url } = context.connection()
  if (asks || how.dryRun) {
    const dry = await dryRun(locksmith, kind, userId, wish, io.signal)
    const text = planText(dry, url, context.look)
    if (how.dryRun) {
      await context.answer(dry, () => text)
      return exitOfDry(dry)
    }
    context.note(text)
    if (dry.would === 'refused') {
      if (context.json) await context.document(dry)
      return exit.refused
    }
    await agree(io, `${kind.verb} ${safe(userId)}`)
  }
  const { operation } = await begin(locksmith, kind, userId, wish, { signal: io.signal })
  return answerOrWatch(context, operation, how)
}

/** What was begun: to its end, or with `--no-wait` as it is. */
export async function answerOrWatch(context: Context, operation: Operation, how: How): Promise<ExitCode> {
  if (how.wait !== false) return watchToEnd(context, operation.id, how)
  const { url } = context.connection()
  await context.answer(operation, (it) => operationText(it, url, context.look))
  return exit.done
}

export async function watchToEnd(
  context: Context,
  operationId: string,
  how: Pick<How, 'timeout'>
): Promise<ExitCode> {
  const { io } = context
  const locksmith = context.locksmith()
  const { url } = context.connection()
  const tell = createTeller((line) => context.note(line))
  try {
    const timeoutMs = (how.timeout ?? usualTimeout) * 1_000
    const ended = await follow(locksmith, operationId, { signal: io.signal, timeoutMs, seen: tell })
    await context.answer(ended, (it) => operationText(it, url, context.look))
    return exitOfState(ended.state)
  } catch (error) {
    if (!io.signal.aborted) throw error
    throw new Interrupted(
      `It goes on without us: locksmith operations watch ${operationId}, or locksmith operations cancel ${operationId}`
    )
  }
}

/** As the same without `--dry-run` would end. */
function exitOfDry({ would }: DryRun): ExitCode {
  if (would === 'refused') return exit.refused
  return would === 'awaiting-approval' ? exit.pending : exit.done
}
