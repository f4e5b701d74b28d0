import { type Lag, readFailing, readLag } from '../audit/seal.sql.ts'
import type { Db } from '../db/pool.ts'

export type AuditFacts = Lag & {
  /** What has not left the house, for how long, and why. */
  failing: { name: string; seconds: number; lastError: string | null }[]
  /** The role that serves may change or delete events, as far as rights go. */
  mayChange: boolean
}

export async function findAuditFacts(db: Db): Promise<AuditFacts> {
  const { rows } = await db.query<{ mayChange: boolean }>(
    `SELECT has_table_privilege('audit_event', 'UPDATE') OR has_table_privilege('audit_event', 'DELETE')
         OR pg_has_role((SELECT relowner FROM pg_class WHERE oid = 'audit_event'::regclass), 'MEMBER') AS "mayChange"`
  )
  return { ...(await readLag(db)), failing: await readFailing(db), ...rows[0]! }
}
