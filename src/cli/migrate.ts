import { ConfigError, readConfig } from '../config.ts'
import { migrate } from '../db/migrate.ts'

export async function migrateCommand(): Promise<void> {
  const { MIGRATION_DATABASE_URL, DATABASE_URL } = readConfig()
  const url = MIGRATION_DATABASE_URL ?? DATABASE_URL
  if (!url) throw new ConfigError('DATABASE_URL is missing.')
  const applied = await migrate(url)
  process.stdout.write(applied.length > 0 ? `applied: ${applied.join(', ')}\n` : 'the schema is up to date\n')
}
