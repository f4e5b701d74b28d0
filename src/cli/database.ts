import { ConfigError, readConfig } from '../config.ts'
import { createPool, type Pool } from '../db/pool.ts'
import { auditKeysOf } from './audit-keys.ts'
import { startDatabase } from './surroundings.ts'
import { bringUpToDate } from './up-to-date.ts'

type Work = (pool: Pool) => Promise<void>

/** The same database as `serve` has, brought up to date, for a command that ends. */
export const withDatabase = (work: Work): Promise<void> => open('service', work)

/** The same as the role that owns it, for what the role that serves may not. */
export const withOwnDatabase = (work: Work): Promise<void> => open('owner', work)

async function open(role: 'service' | 'owner', work: Work): Promise<void> {
  const config = readConfig()
  if (!config.DATABASE_URL && process.env.NODE_ENV === 'production')
    throw new ConfigError('DATABASE_URL is missing.')
  const keys = auditKeysOf(config)
  const stops: (() => Promise<void>)[] = []
  try {
    const url = config.DATABASE_URL ?? (await startDatabase(stops, config, { fresh: false }))
    const ownerUrl = config.MIGRATION_DATABASE_URL ?? url
    await bringUpToDate(ownerUrl, url, keys)
    const pool = createPool(role === 'owner' ? ownerUrl : url, 2, keys.marks[0])
    stops.push(() => pool.end())
    await work(pool)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
