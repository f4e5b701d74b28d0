import { adoptEarlierEvents } from '../audit/adopt.ts'
import type { AuditKeys } from '../audit/keys.ts'
import { ConfigError } from '../config.ts'
import { grantToService } from '../db/grant.ts'
import { migrate } from '../db/migrate.ts'
import { createPool } from '../db/pool.ts'

/**
 * Brings the database up to date: schema, rights, and an audit from before it had a tree. Any number of processes may.
 * @param ownerUrl of the role that owns the schema @param serviceUrl of the one that serves; often the same
 * @param options `rights`: they are given also where no migration was applied, to a role that is new
 * @returns the names of the migrations that were applied now
 */
export async function bringUpToDate(
  ownerUrl: string,
  serviceUrl: string,
  keys: AuditKeys,
  { rights = false } = {}
): Promise<string[]> {
  const applied = await migrate(ownerUrl).catch((error) => {
    throw mayNot(error) ? onlyTheOwner() : error
  })
  if (applied.length > 0 || rights) await grantToService(ownerUrl, serviceUrl)
  const pool = createPool(ownerUrl, 1, keys.marks[0])
  try {
    await adoptEarlierEvents(pool)
  } finally {
    await pool.end()
  }
  return applied
}

/** As PostgreSQL says it, within what the migrations make of it. */
const mayNot = (error: unknown) => /must be owner of|permission denied for/.test(String(error))

const onlyTheOwner = () =>
  new ConfigError(
    'The schema of the database is not up to date, and this role may not change it: run `locksmith migrate` with MIGRATION_DATABASE_URL, as the role that owns it.'
  )
