import type { World } from '../world.ts'
import { type AdvanceJob, advanceQueue } from './queue.ts'
import { advance } from './run.ts'
import { startSweeper } from './sweep.ts'

/** Lets this process work on operations: `WORKERS` of them at once. */
export async function startWorker(world: World): Promise<{ stop(): Promise<void> }> {
  await world.jobs.work<AdvanceJob>(advanceQueue, world.config.WORKERS, (job) => advance(world, job))
  return startSweeper(world)
}
