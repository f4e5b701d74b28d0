import type { Db } from '../db/pool.ts'
import { presenceClass } from '../jobs/presence.ts'

/** Running operations whose process is gone, with its advisory lock; locked until `tx` ends. */
export async function findOrphans(tx: Db): Promise<{ id: string; userId: string }[]> {
  const { rows } = await tx.query<{ id: string; userId: string }>(
    `SELECT id, user_id AS "userId" FROM operation
      WHERE state = 'running' AND NOT EXISTS (
        SELECT FROM pg_locks
         WHERE locktype = 'advisory' AND granted AND classid = $1 AND objid = claimed_by::oid
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))
      LIMIT 500 FOR UPDATE SKIP LOCKED`,
    [presenceClass]
  )
  return rows
}

/** Open operations that nobody has picked up for so long, and the job that was to do it. */
export async function findOverdue(tx: Db, seconds: number): Promise<{ id: string; job: string }[]> {
  const { rows } = await tx.query<{ id: string; job: string }>(
    `SELECT id, job FROM operation
      WHERE state IN ('queued', 'waiting')
        AND greatest(coalesce(resume_at, created_at), retry_since) < locksmith_now() - make_interval(secs => $1)
      ORDER BY id LIMIT 500`,
    [seconds]
  )
  return rows
}

/** Another job takes over from `lost`. @returns false where something happened to the operation meanwhile */
export async function replaceJob(tx: Db, id: string, lost: string, jobId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET job = $3 WHERE id = $1 AND job = $2 AND state IN ('queued', 'waiting')`,
    [id, lost, jobId]
  )
  return rowCount === 1
}
