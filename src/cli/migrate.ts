import { ConfigError, readConfig } from '../config.ts'
import { auditKeysOf } from './audit-keys.ts'
import { bringUpToDate } from './up-to-date.ts'

export async function migrateCommand(): Promise<void> {
  const config = readConfig()
  const { MIGRATION_DATABASE_URL, DATABASE_URL } = config
  const url = MIGRATION_DATABASE_URL ?? DATABASE_URL
  if (!url) throw new ConfigError('DATABASE_URL is missing.')
  const applied = await bringUpToDate(url, DATABASE_URL ?? url, auditKeysOf(config), { rights: true })
  process.stdout.write(applied.length > 0 ? `applied: ${applied.join(', ')}\n` : 'the schema is up to date\n')
}
