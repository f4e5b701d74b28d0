/** A process of its own that works on operations and delivers webhooks, until it dies. Says `ready` once it works. */
import { readConfig } from '../../../src/config.ts'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { startWorker } from '../../../src/operations/worker.ts'
import { createLog, createWorld } from '../../../src/world.ts'
import { testKeys } from '../../support/audit-keys.ts'
import { come } from './dying.ts'

const config = readConfig()
const world = await createWorld({
  auditKeys: testKeys,
  config,
  databaseUrl: config.DATABASE_URL!,
  nextcloud: config.nextcloud!,
  log: createLog('silent'),
  settleMs: 200,
  checkpoint: (point) => come(`operation ${point}`)
})
const worker = await startWorker(world)
const deliveries = startDeliveries(world, { everyMs: 20, checkpoint: (point) => come(`delivery ${point}`) })
process.stdout.write('ready\n')
process.once('SIGTERM', async () => {
  await world.drain()
  await Promise.all([worker.stop(), deliveries.stop()])
  await world.close()
  process.exit(0)
})
