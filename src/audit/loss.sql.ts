import type { Db } from '../db/pool.ts'
import type { Entry } from './entry.ts'
import { entryColumns } from './seal.sql.ts'

/** Where somebody said that what a checkpoint was signed for is lost. Whether Locksmith wrote it, its mark tells. */
export async function findLossesAccepted(db: Db, note: string): Promise<(Entry & { mac: Buffer })[]> {
  const { rows } = await db.query<Entry & { mac: Buffer }>(
    `SELECT ${entryColumns}, e.mac FROM audit_event e
      WHERE e.action = 'audit.went-on-after-loss' AND e.details->>'lost' = $1`,
    [note]
  )
  return rows
}
