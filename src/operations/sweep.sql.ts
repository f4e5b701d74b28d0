import type { Db } from '../db/pool.ts'
import { isGone } from '../jobs/presence.ts'

/** Running operations whose process is gone, with its advisory lock; locked until `tx` ends. */
export async function findOrphans(tx: Db): Promise<{ id: string; userId: string }[]> {
  const { rows } = await tx.query<{ id: string; userId: string }>(
    `SELECT id, user_id AS "userId" FROM operation
      WHERE state = 'running' AND ${isGone('claimed_by')} LIMIT 500 FOR UPDATE SKIP LOCKED`
  )
  return rows
}

/**
 * Nextcloud is back: whoever only waited for that need not wait any longer. Who had failed by itself keeps its
 * pause, for politeness and since a call of its own may still be under way.
 */
export async function hurry(db: Db): Promise<void> {
  await db.query(
    `UPDATE operation SET resume_at = locksmith_now()
      WHERE state = 'waiting' AND problem ? 'awaySince' AND resume_at > locksmith_now()`
  )
}

/** SQL: it waits for the end of a stop, and nothing is stopped. */
const isResumed = `(problem->>'code' = 'stopped' AND NOT EXISTS (SELECT FROM stop WHERE since IS NOT NULL))`

/**
 * Waiting operations whose time has come or whose stop is over, the longest waiting first; while Nextcloud is away only those whose
 * patience is over. Locked until `tx` ends.
 * @param most of them at one time, so that a server which has just come back is not run down
 */
export async function findDue(tx: Db, most: number, giveUpSeconds: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT id FROM operation
      WHERE state = 'waiting' AND (resume_at <= locksmith_now() OR ${isResumed})
        AND (NOT EXISTS (SELECT FROM circuit WHERE open_since IS NOT NULL)
             OR retry_since < locksmith_now() - make_interval(secs => $2))
      ORDER BY resume_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most, giveUpSeconds]
  )
  return rows.map(({ id }) => id)
}

/** Milliseconds until the next one is due; null: none waits, or Nextcloud is away. */
export async function untilNextDue(db: Db): Promise<number | null> {
  const { rows } = await db.query<{ ms: number | null }>(
    `SELECT 1000 * extract(epoch FROM min(resume_at) - locksmith_now()) AS ms FROM operation
      WHERE state = 'waiting' AND NOT EXISTS (SELECT FROM circuit WHERE open_since IS NOT NULL)`
  )
  return rows[0]!.ms === null ? null : Number(rows[0]!.ms)
}

/** `waiting` → `queued`. The time of a stop is no time of trying. */
export async function wake(tx: Db, id: string, job: string): Promise<void> {
  await tx.query(
    `UPDATE operation
        SET state = 'queued', job = $2, resume_at = NULL,
            retry_since = retry_since + CASE WHEN problem ? 'waitingSince'
              THEN locksmith_now() - (problem->>'waitingSince')::timestamptz ELSE '0' END
      WHERE id = $1 AND state = 'waiting'`,
    [id, job]
  )
}

/** Queued operations that nobody has picked up for so long, and the job that was to do it. */
export async function findOverdue(tx: Db, seconds: number): Promise<{ id: string; job: string }[]> {
  const { rows } = await tx.query<{ id: string; job: string }>(
    `SELECT id, job FROM operation
      WHERE state = 'queued' AND greatest(created_at, retry_since) < locksmith_now() - make_interval(secs => $1)
      ORDER BY id LIMIT 500`,
    [seconds]
  )
  return rows
}

/** Another job takes over from `lost`. @returns false where something happened to the operation meanwhile */
export async function replaceJob(tx: Db, id: string, lost: string, jobId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    `UPDATE operation SET job = $3 WHERE id = $1 AND job = $2 AND state = 'queued'`,
    [id, lost, jobId]
  )
  return rowCount === 1
}

/** Operations whose time to begin has come and whose user nothing else works on; locked until `tx` ends. */
export async function findToBegin(tx: Db, most: number): Promise<string[]> {
  const { rows } = await tx.query<{ id: string }>(
    `SELECT o.id FROM operation o
      WHERE o.state = 'scheduled' AND o.resume_at <= locksmith_now()
        AND NOT EXISTS (SELECT FROM operation other
                         WHERE other.place = o.place AND other.state IN ('queued', 'running', 'waiting'))
      ORDER BY o.resume_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most]
  )
  return rows.map(({ id }) => id)
}

/** `scheduled` → `queued`. @throws unique violation where another operation took the user's place */
export async function beginScheduled(tx: Db, id: string, job: string): Promise<void> {
  await tx.query(
    `UPDATE operation SET state = 'queued', job = $2, resume_at = NULL, retry_since = locksmith_now()
      WHERE id = $1 AND state = 'scheduled'`,
    [id, job]
  )
}
