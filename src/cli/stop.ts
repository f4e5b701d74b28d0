import { parseArgs } from 'node:util'
import { resumeAll, stopAll } from '../guard/stop.ts'
import { withDatabase } from './database.ts'

/** `stop [--reason WHY]`: works also where the API does not answer. */
export async function stopCommand(args: string[]): Promise<void> {
  const { reason } = parseArgs({ args, options: { reason: { type: 'string' } } }).values
  await withDatabase(async (pool) => {
    const { since, by } = await stopAll(pool, { actor: 'host' }, reason)
    process.stdout.write(
      `stopped since ${since.toISOString()} (by ${by}): nothing is done on any replica until \`locksmith host resume\`\n`
    )
  })
}

/** `resume`. */
export async function resumeCommand(args: string[]): Promise<void> {
  parseArgs({ args, options: {} })
  await withDatabase(async (pool) => {
    const wasStopped = await resumeAll(pool, { actor: 'host' })
    process.stdout.write(wasStopped ? 'goes on within a second, on all replicas\n' : 'it was not stopped\n')
  })
}
