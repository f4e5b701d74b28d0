import { setTimeout as sleep } from 'node:timers/promises'
import type { Kind, Wish } from '../act/kinds.ts'
import { type How, usualTimeout } from '../act/one.ts'
import { ask, assertAttended } from '../ask.ts'
import { LocksmithProblem } from '../client.ts'
import type { Context } from '../context.ts'
import { Declined, type ExitCode, exit, Interrupted } from '../exit.ts'
import { forecast, forecastText, isAskedFor } from './forecast.ts'
import { refusalIn, refusedOf } from './outcome.ts'
import { inParallel } from './pool.ts'
import { createProgress } from './progress.ts'
import { openReport, type Report } from './report.ts'
import { openJournal, type Run, runOf } from './run.ts'
import { createTally, lineOf, type Tally } from './summary.ts'
import { doOnce, type Work } from './work.ts'

export type ManyHow = How & { parallel?: number; report?: string; again?: boolean; run?: string }

/** Who, and by what name the same run is known again. */
export type Crowd = { users: string[]; of: { users: string[] } | { name: string } }

export const usualParallel = 4
/** What was begun when Ctrl-C came has so long to end. */
const graceMs = 5_000

/** Many users: a dry run of all, the question, the work, and what became of whom. */
export async function actOnMany(
  context: Context,
  kind: Kind,
  crowd: Crowd,
  wish: Wish,
  how: ManyHow
): Promise<ExitCode> {
  const { io } = context
  const { url } = context.connection()
  const name = how.run ?? (how.again ? `again-${new Date().toISOString()}` : undefined)
  const run = runOf(url, kind, wish, name === undefined ? crowd.of : { name: `run:${name}` })
  const report = openReport(how.report)
  try {
    const journal = openJournal(io.env, run)
    const { parallel = usualParallel } = how
    // Whoever asks for a dry run wants to know how it is now.
    const is = (known: (user: string) => boolean) => (how.dryRun ? [] : crowd.users.filter(known))
    const asked = is(journal.isAsked)
    const foreseen = is((user) => !journal.isAsked(user) && journal.isAble(user))
    const known = new Set([...asked, ...foreseen])
    const others = crowd.users.filter((user) => !known.has(user))
    const forecasts = await forecast(context, kind, others, wish, { parallel, journal })
    const able = forecasts.filter(isAskedFor).map(({ user }) => user)
    context.note(forecastText(context, forecasts, { asked: asked.length, foreseen: foreseen.length }))
    if (how.dryRun) {
      for (const { user, dry, problem } of forecasts)
        if (context.json) await context.line(dry ? { user, dryRun: dry } : { user, problem })
      return able.length === forecasts.length ? exit.done : exit.attention
    }
    const going = new Set([...known, ...able])
    if (going.size > 0) await confirm(context, kind, going.size, how)
    report.begin()
    const tally = createTally()
    const record = recorder(context, tally, report)
    for (const one of forecasts) if (!isAskedFor(one)) await record(refusedOf(one.user, refusalIn(one)!))
    // In the order of the list.
    const users = crowd.users.filter((user) => going.has(user))
    const work = { locksmith: context.locksmith(), kind, wish, run, journal }
    const patience = how.wait === false ? undefined : (how.timeout ?? usualTimeout) * 1_000
    await workOn(context, { ...work, patience }, users, parallel, {
      tally,
      record,
      goOn: goOnText(run, how, name)
    })
    await context.say(tally.text(context.look))
    return tally.code()
  } finally {
    report.close()
  }
}

type Recording = { tally: Tally; record: ReturnType<typeof recorder>; goOn: string }

const recorder =
  (context: Context, tally: Tally, report: Report) => async (outcome: Parameters<Tally['add']>[0]) => {
    tally.add(outcome)
    report.add(outcome)
    await lineOf(context, outcome)
  }

async function confirm({ io }: Context, kind: Kind, count: number, how: ManyHow): Promise<void> {
  if (how.yes) return
  const question = `${kind.verb} ${count === 1 ? 'this user' : `these ${count} users`}? Type the number to go on: `
  if ((await ask(io, question)) !== String(count)) throw new Declined('Nothing was done.')
}

async function workOn(
  context: Context,
  work: Omit<Work, 'signal'>,
  users: string[],
  parallel: number,
  { tally, record, goOn }: Recording
): Promise<void> {
  const { io } = context
  const over = new AbortController()
  const onStop = () => {
    context.note('\nNothing new is begun; what was begun has a moment to end …')
    sleep(graceMs, undefined, { ref: false }).then(() => over.abort())
  }
  if (io.signal.aborted) onStop()
  else io.signal.addEventListener('abort', onStop, { once: true })
  const progress = createProgress(io, work.kind.name, users.length)
  try {
    await inParallel(users, parallel, io.signal, async (user) => {
      const outcome = await doOnce({ ...work, signal: over.signal }, user)
      await record(outcome)
      progress.step(outcome.result !== 'done' && outcome.result !== 'pending')
    })
  } catch (error) {
    if (!io.signal.aborted) {
      context.note(`\n${tally.size()} users are done or refused. ${goOn}`)
      throw error
    }
    if (error instanceof LocksmithProblem) throw error
  } finally {
    progress.end()
    io.signal.removeEventListener('abort', onStop)
  }
  if (!io.signal.aborted) return
  await context.say(tally.text(context.look))
  throw new Interrupted(`Interrupted. ${goOn}`)
}

/** The very same command finds what was done; one that was to do it once more has to be told which. */
function goOnText({ id }: Run, how: ManyHow, name: string | undefined): string {
  const same = `To go on: the very same command${how.again ? `, with --run ${name} in place of --again` : ''}`
  return `${same}, within 7 days. What was done is not done again. (run ${id})`
}

/** @throws UsageError before anything is asked of Locksmith */
export function assertMayAsk(context: Context, kind: Kind, how: ManyHow): void {
  if (!how.dryRun) assertAttended(context.io, how.yes === true, `"${kind.verb}" of many`)
}
