import { ConfigError, readConfig } from '../config.ts'
import { createPool, type Pool } from '../db/pool.ts'
import { auditKeysOf } from './audit-keys.ts'
import { startDatabase } from './surroundings.ts'
import { bringUpToDate } from './up-to-date.ts'

/** The same database as `serve` has, brought up to date, for a command that ends. */
export async function withDatabase(work: (pool: Pool) => Promise<void>): Promise<void> {
  const config = readConfig()
  if (!config.DATABASE_URL && process.env.NODE_ENV === 'production')
    throw new ConfigError('DATABASE_URL is missing.')
  const keys = auditKeysOf(config)
  const stops: (() => Promise<void>)[] = []
  try {
    const url = config.DATABASE_URL ?? (await startDatabase(stops, config, { fresh: false }))
    await bringUpToDate(config.MIGRATION_DATABASE_URL ?? url, url, keys)
    const pool = createPool(url, 2, keys.marks[0])
    stops.push(() => pool.end())
    await work(pool)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
