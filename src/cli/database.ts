import { ConfigError, readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'
import { createPool, type Pool } from '../db/pool.ts'
import { startDatabase } from './surroundings.ts'

/** The same database as `serve` has, brought up to date, for a command that ends. */
export async function withDatabase(work: (pool: Pool) => Promise<void>): Promise<void> {
  const config = readConfig()
  if (!config.DATABASE_URL && process.env.NODE_ENV === 'production')
    throw new ConfigError('DATABASE_URL is missing.')
  const stops: (() => Promise<void>)[] = []
  try {
    const url = config.DATABASE_URL ?? (await startDatabase(stops, config, { fresh: false }))
    await migrate(config.MIGRATION_DATABASE_URL ?? url)
    const pool = createPool(url, 2)
    stops.push(() => pool.end())
    await work(pool)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}
