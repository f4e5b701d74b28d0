import { dryRun } from '../act/call.ts'
import type { Kind, Wish } from '../act/kinds.ts'
import { LocksmithProblem } from '../client.ts'
import type { Context } from '../context.ts'
import { Interrupted } from '../exit.ts'
import { safe } from '../safe.ts'
import { table } from '../table.ts'
import { type Forecast, refusalIn } from './outcome.ts'
import { inParallel } from './pool.ts'
import { createProgress } from './progress.ts'
import type { Journal } from './run.ts'

/** It may be over by the time, or is ours: it is asked for all the same. */
const passing = new Set<string>(['operation-already-running', 'awaiting-approval'])
/** It is not about this user: nobody else would fare better. */
export const ofAll = new Set<string>([
  ...['unauthorized', 'address-not-allowed', 'missing-scope', 'rate-limited', 'stopped'],
  ...['database-unavailable', 'idempotency-key-reused', 'invalid-request']
])

/** A dry run of each. @throws what no other user would escape either */
export async function forecast(
  context: Context,
  kind: Kind,
  users: string[],
  wish: Wish,
  { parallel, journal }: { parallel: number; journal: Journal }
): Promise<Forecast[]> {
  const { io } = context
  const forecasts: Forecast[] = []
  const progress = createProgress(io, 'dry run', users.length)
  try {
    await inParallel(users, parallel, io.signal, async (user) => {
      let one: Forecast
      try {
        one = { user, dry: await dryRun(context.locksmith(), kind, user, wish, io.signal) }
      } catch (error) {
        if (!(error instanceof LocksmithProblem) || ofAll.has(error.code)) throw error
        one = { user, problem: error.problem }
      }
      const refusal = refusalIn(one)
      if (refusal && ofAll.has(refusal.code))
        throw new LocksmithProblem(refusal, { method: kind.method, path: kind.path })
      forecasts.push(one)
      if (isAskedFor(one)) journal.able(user)
      progress.step(refusal !== undefined)
    })
  } catch (error) {
    if (!io.signal.aborted) throw error
  } finally {
    progress.end()
  }
  if (io.signal.aborted) throw new Interrupted('Nothing was done.')
  return forecasts
}

/** What is asked for after a dry run; the rest would be refused. */
export const isAskedFor = (one: Forecast): boolean => {
  const refusal = refusalIn(one)
  return refusal === undefined || passing.has(refusal.code)
}

/** What would come of all of it. A dry run knows of one user at a time: how many brakes let through is worked out here. */
export function forecastText(
  context: Context,
  forecasts: Forecast[],
  known: { asked: number; foreseen: number }
): string {
  const able = forecasts.filter(isAskedFor)
  const refused = forecasts.filter((one) => !isAskedFor(one))
  const waiting = aboveBrakes(able)
  const rows = [
    { what: 'would be done', users: able.length - waiting.users },
    ...(waiting.users > 0
      ? [{ what: `would await an approval (${waiting.why})`, users: waiting.users }]
      : []),
    ...countBy(refused, (one) => `would be refused: ${refusalIn(one)!.code}`),
    ...(known.foreseen > 0 ? [{ what: 'would be done, an earlier run found', users: known.foreseen }] : []),
    ...(known.asked > 0 ? [{ what: 'asked for by an earlier run', users: known.asked }] : [])
  ]
  const lines = [
    table(
      rows,
      [
        { head: 'DRY RUN', of: ({ what }) => what },
        { head: 'USERS', of: ({ users }) => users }
      ],
      context.look
    )
  ]
  const told = refused.slice(0, 10).map((one) => `  ${safe(one.user)}: ${safe(refusalIn(one)!.detail)}`)
  if (refused.length > told.length) told.push(`  and ${refused.length - told.length} more`)
  return [...lines, ...told].join('\n')
}

function aboveBrakes(able: Forecast[]): { users: number; why: string } {
  const stand = new Map<string, { used: number; most: number; users: number }>()
  for (const { dry } of able)
    for (const { brake, used, most } of dry?.brakes ?? [])
      stand.set(brake, { used, most, users: (stand.get(brake)?.users ?? 0) + 1 })
  const over = [...stand].map(([brake, { used, most, users }]) => ({
    users: Math.max(0, used + users - Math.max(used, most)),
    why: `brake "${brake}": ${used} of ${most} in 24 hours`
  }))
  return over.toSorted((a, b) => b.users - a.users)[0] ?? { users: 0, why: '' }
}

export function countBy<T>(items: T[], nameOf: (item: T) => string): { what: string; users: number }[] {
  const counts = new Map<string, number>()
  for (const item of items) counts.set(nameOf(item), (counts.get(nameOf(item)) ?? 0) + 1)
  return [...counts].map(([what, users]) => ({ what, users })).toSorted((a, b) => b.users - a.users)
}
