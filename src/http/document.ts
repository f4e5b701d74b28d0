import { readConfig } from '../config.ts'
import { createMetrics } from '../metrics.ts'
import { off } from '../tracing/tracing.ts'
import { createLog, type World } from '../world.ts'
import { createApp } from './app.ts'

/** The OpenAPI document of this version, with default settings; nothing is connected to. */
export async function openapiDocument(): Promise<object> {
  // Routes only keep what they are given until they are called, and here none is.
  const world = {
    config: readConfig({}),
    log: createLog('silent'),
    metrics: createMetrics(),
    tracing: off,
    siteUrl: new URL('https://cloud.example.org')
  } as unknown as World
  const app = await createApp(world)
  await app.ready()
  const document = app.swagger()
  await app.close()
  return document
}
