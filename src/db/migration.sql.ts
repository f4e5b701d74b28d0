import type { Db, Pool } from './pool.ts'

/** @returns undefined where nobody has set up this database yet */
export async function findMigrations(db: Db | Pool): Promise<string[] | undefined> {
  const { rows: tables } = await db.query<{ there: boolean }>(
    `SELECT to_regclass('schema_migration') IS NOT NULL AS there`
  )
  if (!tables[0]!.there) return undefined
  const { rows } = await db.query<{ name: string }>('SELECT name FROM schema_migration ORDER BY id')
  return rows.map(({ name }) => name)
}
