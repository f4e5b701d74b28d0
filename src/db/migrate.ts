import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import pg from 'pg'
import { findMigrations } from './migration.sql.ts'
import { ownSchemaAlone } from './pool.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The names of all migrations, in their order. */
export const knownMigrations = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort()

/**
 * Brings the schema up to date, where it is not: so a role that may not do so can start on one that is. Several
 * replicas may call it at once (the others wait for the lock).
 * @returns the names of the migrations that were applied now
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
  if (await isUpToDate(databaseUrl)) return []
  const applied = await runner({
    databaseUrl: { connectionString: databaseUrl, options: ownSchemaAlone },
    dir: folder,
    direction: 'up',
    migrationsTable: 'schema_migration',
    advisoryLockMode: 'wait',
    log: () => {}
  })
  return applied.map((migration) => migration.name)
}

async function isUpToDate(databaseUrl: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: databaseUrl, options: ownSchemaAlone })
  await client.connect()
  try {
    const applied = await findMigrations(client)
    return knownMigrations().every((name) => applied?.includes(name))
  } finally {
    await client.end()
  }
}
