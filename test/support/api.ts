/** A process of its own that serves the API and works on nothing. Says its address once it listens. */
import { readConfig } from '../../src/config.ts'
import { createApp } from '../../src/http/app.ts'
import { createLog, createWorld } from '../../src/world.ts'
import { testKeys } from './audit-keys.ts'

const config = readConfig()
const world = await createWorld({
  auditKeys: testKeys,
  config,
  databaseUrl: config.DATABASE_URL!,
  nextcloud: config.nextcloud!,
  log: createLog('silent')
})
const app = await createApp(world)
process.stdout.write(`${await app.listen({ port: 0, host: '127.0.0.1' })}\n`)
process.once('SIGTERM', async () => {
  await world.drain()
  await app.close()
  await world.close()
  process.exit(0)
})
