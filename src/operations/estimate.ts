import type { World } from '../world.ts'
import { countAhead } from './estimate.sql.ts'
import { stepOf } from './kinds.ts'
import { type Operation, openStates } from './operation.ts'

/** When an open operation will be over if nothing goes wrong, by what Nextcloud allows in a time. */
export type Estimate = { finishedAt: Date; ahead: number }

const tooLong = () =>
  new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error('Nextcloud does not say in time what it allows')), 300).unref()
  })

/** @returns null for one that is not open, and where Nextcloud does not say what it allows now */
export async function estimate(world: World, operation: Operation): Promise<Estimate | null> {
  if (!(openStates as readonly string[]).includes(operation.state)) return null
  const times = operation.resumeAt ? [operation.resumeAt] : []
  let ahead = 0
  try {
    for (const row of operation.steps) {
      const { name, limited } = stepOf(row)
      const what = limited?.(operation.input)
      if (!what || row.state === 'done' || row.state === 'skipped') continue
      const before = await countAhead(world.pool, operation.id, name, what === 'mail' ? 'nextcloud' : null)
      const expected = world.nextcloud.limits.expected(what, operation.userId, before)
      // Whoever asks how it stands wants to know now, above all while Nextcloud does not answer.
      const at = await Promise.race([expected, tooLong()])
      ahead = Math.max(ahead, before)
      if (at) times.push(at)
    }
  } catch {
    return null
  }
  if (times.length === 0) return null
  return { finishedAt: new Date(Math.max(...times.map(Number))), ahead }
}
