import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runner } from 'node-pg-migrate'
import { ownSchemaAlone } from './pool.ts'

const folder = fileURLToPath(new URL('../../migrations', import.meta.url))

/** The names of all migrations, in their order. */
export const knownMigrations = (): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .map((file) => file.replace(/\.sql$/, ''))
    .sort()

/**
 * Brings the schema up to date; several replicas may call it at once (the others wait for the lock).
 * @returns the names of the migrations that were applied now
 */
export async function migrate(databaseUrl: string): Promise<string[]> {
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
