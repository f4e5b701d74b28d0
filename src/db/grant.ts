import pg from 'pg'
import { ownSchemaAlone } from './pool.ts'

/** What is only ever added to. */
const appendOnly = [
  'audit_event',
  'audit_personal',
  'audit_erasure',
  'audit_leaf',
  'audit_node',
  'audit_checkpoint'
]

/**
 * Gives the role that serves what it needs in the schema of the role that owns it: everything, but to change or delete
 * what is written for good. Where both are one role there is nothing to give, and nothing that can be kept from it.
 * @param ownerUrl of the role that owns the tables @param serviceUrl of the role that serves
 * @returns whether they are two
 */
export async function grantToService(ownerUrl: string, serviceUrl: string): Promise<boolean> {
  const service = roleOf(serviceUrl)
  if (service === roleOf(ownerUrl)) return false
  const client = new pg.Client({ connectionString: ownerUrl, options: ownSchemaAlone })
  await client.connect()
  try {
    const role = pg.escapeIdentifier(service)
    const { rows } = await client.query<{ database: string }>('SELECT current_database() AS database')
    const database = pg.escapeIdentifier(rows[0]!.database)
    await client.query(`
      BEGIN;
      -- The queue brings a schema of its own.
      GRANT CONNECT, CREATE ON DATABASE ${database} TO ${role};
      GRANT USAGE ON SCHEMA public TO ${role};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${role};
      GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO ${role};
      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO ${role};
      REVOKE UPDATE, DELETE, TRUNCATE ON ${appendOnly.join(', ')} FROM ${role};
      REVOKE INSERT, UPDATE, DELETE ON schema_migration FROM ${role};
      -- A queue that the owner made while it served itself: whoever serves makes one of its own, and the sweeper its jobs.
      DO $$ BEGIN
        IF EXISTS (SELECT FROM pg_namespace WHERE nspname = 'jobs' AND nspowner = current_user::regrole) THEN
          DROP SCHEMA jobs CASCADE;
        END IF;
      END $$;
      COMMIT`)
    return true
  } finally {
    await client.end()
  }
}

const roleOf = (url: string) => decodeURIComponent(new URL(url).username)
