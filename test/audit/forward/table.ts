import type { Test } from 'tap'
import { cursorOf } from '../../../src/audit/forward/cursor.sql.ts'
import { createPool, type Pool } from '../../../src/db/pool.ts'
import { testDatabase } from '../../support/database.ts'

/** A database whose clock stands still, and two replicas' ways to the cursor in it. `reset`: nothing has moved it yet. */
export async function openCursor(t: Test) {
  const url = await testDatabase(t)
  const pools = [createPool(url, 3), createPool(url, 3)] as const
  t.teardown(() => Promise.all(pools.map((pool) => pool.end())))
  await pools[0].query(
    `CREATE TABLE IF NOT EXISTS audit_cursor (
       name text PRIMARY KEY, next_index bigint NOT NULL, lease_until timestamptz, lease uuid,
       failed_since timestamptz, last_error text)`
  )
  await pools[0].query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     $$ SELECT timestamptz '2026-11-29T17:00:00Z' $$`
  )
  const reset = () => pools[0].query('DELETE FROM audit_cursor')
  return { pools, cursors: [cursorOf(pools[0]), cursorOf(pools[1])] as const, reset }
}

/** So many seconds pass at once. */
export const pass = (pool: Pool, seconds: number) =>
  pool.query(
    `UPDATE audit_cursor SET lease_until = lease_until - make_interval(secs => $1),
            failed_since = failed_since - make_interval(secs => $1)`,
    [seconds]
  )
