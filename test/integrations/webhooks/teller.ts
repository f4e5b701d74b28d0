/** A process of its own that delivers webhooks, and nothing else, until it dies. Says `ready` once it works. */
import { pino } from 'pino'
import { readConfig } from '../../../src/config.ts'
import { createPool } from '../../../src/db/pool.ts'
import { createOutbound } from '../../../src/integrations/outbound/post.ts'
import { createTransmitter } from '../../../src/integrations/ssf/transmitter.ts'
import { createVault } from '../../../src/integrations/vault.ts'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { announcePresence } from '../../../src/jobs/presence.ts'
import { createMetrics } from '../../../src/metrics.ts'
import { come } from './dying.ts'

const config = readConfig()
const deliveries = startDeliveries(
  {
    config,
    pool: createPool(config.DATABASE_URL!),
    presence: await announcePresence(config.DATABASE_URL!, () => {}),
    vault: createVault(config.vaultKeys),
    transmitter: await createTransmitter(config.publicOrigin, config.signingKeys),
    outbound: createOutbound({ allow: config.outboundAllow }),
    metrics: createMetrics(),
    log: pino({ level: 'silent' })
  },
  { everyMs: 20, checkpoint: (point) => come(`delivery ${point}`) }
)
process.stdout.write('ready\n')
process.once('SIGTERM', async () => {
  await deliveries.stop()
  process.exit(0)
})
