import closeWithGrace from 'close-with-grace'
import { keepAudit } from '../audit/keep.ts'
import { startBounceReader } from '../campaigns/bounce-reader.ts'
import { startCampaigns } from '../campaigns/loop.ts'
import { readConfig } from '../config.ts'
import { createApp } from '../http/app.ts'
import { startDeliveries } from '../integrations/webhooks/loop.ts'
import { startSweeper } from '../operations/sweep.ts'
import { startWorker } from '../operations/worker.ts'
import { version } from '../version.ts'
import { createLog, createWorld } from '../world.ts'
import { banner } from './banner.ts'
import { findSurroundings } from './surroundings.ts'
import { bringUpToDate } from './up-to-date.ts'

/** Runs until a signal: then nothing new begins, running steps end or are handed back, within 20 s. */
export const serve = (roles: { api: boolean; work: boolean }) => async (): Promise<void> => {
  const given = readConfig()
  // The first start takes its time: files of PostgreSQL are laid out.
  if (!given.DATABASE_URL || !given.nextcloud) process.stdout.write('Starting …\n')
  const surroundings = await findSurroundings(given)
  const { config, databaseUrl, firstKey } = surroundings
  // A newcomer sees the banner, not a stream of JSON.
  const quiet = surroundings.sandbox && process.env.LOG_LEVEL === undefined
  const log = createLog(quiet ? 'warn' : config.LOG_LEVEL)
  const { auditKeys } = surroundings
  await bringUpToDate(surroundings.migrationDatabaseUrl, databaseUrl, auditKeys)
  const world = await createWorld({
    ...surroundings,
    databaseUrl,
    log,
    ...(surroundings.sandbox && { confirmOrigin: `http://${config.HOST}:${config.PORT}` })
  })
  // Who only serves requests looks after a Nextcloud that is away and after what waits, all the same.
  const worker = roles.work ? await startWorker(world) : startSweeper(world)
  const bounces = roles.work ? startBounceReader(world) : undefined
  const campaigns = roles.work ? startCampaigns(world) : undefined
  const { forwarded: observe } = world.metrics
  const audit = keepAudit({ pool: world.pool, keys: auditKeys, settings: config.audit, log, observe })
  const webhooks = roles.work ? startDeliveries(world) : undefined
  const app = roles.api ? await createApp(world, firstKey) : undefined

  closeWithGrace({ delay: 20_000, logger: false }, async ({ err, signal }) => {
    if (err) log.fatal({ err }, 'unexpected: shutting down')
    else log.info({ signal }, 'shutting down')
    await world.drain()
    await app?.close()
    await bounces?.stop()
    await campaigns?.stop()
    await Promise.all([worker.stop(), webhooks?.stop()])
    // Last: what the others wrote is sealed as well.
    await audit.stop()
    await world.close()
    await surroundings.stop()
  })
  const address = await app?.listen({ host: config.HOST, port: config.PORT })
  // For a person's first look. Whoever runs it for real has a log, and that is JSON from its first line on.
  if (surroundings.sandbox || surroundings.embedded || process.stdout.isTTY)
    process.stdout.write(banner(surroundings, address))
  else log.info({ version, address, nextcloud: surroundings.nextcloud.url.href, ...roles }, 'started')
}
