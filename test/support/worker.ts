/**
 * A worker process of its own, told by its environment where to kill itself (`KILL=step:point`, as
 * `kill -9` does: nothing is cleaned up). Says `ready` once it works.
 */
import { readConfig } from '../../src/config.ts'
import { startWorker } from '../../src/operations/worker.ts'
import { createLog, createWorld } from '../../src/world.ts'

const config = readConfig()
const kill = process.env.KILL
const world = await createWorld({
  config,
  databaseUrl: config.DATABASE_URL!,
  nextcloud: config.nextcloud!,
  log: createLog('silent'),
  settleMs: 200,
  checkpoint: async (point, step) => {
    if (kill === `${step}:${point}`) process.kill(process.pid, 'SIGKILL')
  }
})
const worker = await startWorker(world)
process.stdout.write('ready\n')
process.once('SIGTERM', async () => {
  await world.drain()
  await worker.stop()
  await world.close()
  process.exit(0)
})
