import type { Db, Pool } from '../db/pool.ts'
import type { Brake, BrakeState } from './brake.ts'

const lockClass = 0x10c8

/** One at a time counts and adds, once all who have a lane have ended; held until `tx` ends. */
export async function lockBrakes(tx: Db): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, 0)', [lockClass])
}

/** One of so many who count and add beside each other; held until `tx` ends, or goes back to before. @returns false where all are taken */
export async function takeLane(tx: Db, lanes: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `SELECT FROM pg_advisory_xact_lock_shared($1, 0), generate_series(1, $2::integer) AS lane
      WHERE pg_try_advisory_xact_lock($1, lane) LIMIT 1`,
    [lockClass, lanes]
  )
  return rowCount === 1
}

/**
 * What may still change something counts however old it is: only of what is older is its operation looked at. The time is
 * asked for once, not for each row: every request waits for the one that counts.
 */
const counts = `(u.at > (SELECT locksmith_now() - interval '24 hours') OR EXISTS (
  SELECT FROM operation o WHERE o.id = u.operation_id AND o.state IN ('queued', 'running', 'waiting')))`

/** @param place this user counts in any case, and is left out @param most at which the brake is reached */
export async function countUses(
  tx: Db,
  brake: Brake,
  place: string,
  most: number
): Promise<Pick<BrakeState, 'used' | 'freeAt'>> {
  const { rows } = await tx.query<Pick<BrakeState, 'used' | 'freeAt'>>(
    `WITH users AS (
       SELECT u.place, max(u.at) AS at FROM brake_use u WHERE u.brake = $1 AND u.place <> $2 AND ${counts} GROUP BY u.place)
     SELECT count(*) AS used,
            CASE WHEN count(*) >= $3 THEN
              (SELECT greatest(at + interval '24 hours', locksmith_now()) FROM users ORDER BY at
                OFFSET (SELECT count(*) FROM users) - $3 LIMIT 1)
            END AS "freeAt"
       FROM users`,
    [brake, place, most]
  )
  return rows[0]!
}

/** Users of each brake, none left out. */
export async function countAllUses(db: Db | Pool): Promise<Map<Brake, number>> {
  const { rows } = await db.query<{ brake: Brake; used: number }>(
    `SELECT u.brake, count(DISTINCT u.place) AS used FROM brake_use u WHERE ${counts} GROUP BY u.brake`
  )
  return new Map(rows.map(({ brake, used }) => [brake, used]))
}

export async function insertUses(tx: Db, operationId: string, place: string, brakes: Brake[]): Promise<void> {
  await tx.query(
    `INSERT INTO brake_use (brake, operation_id, place) SELECT unnest($1::text[]), $2, $3
     ON CONFLICT (brake, operation_id) DO UPDATE SET at = locksmith_now()`,
    [brakes, operationId, place]
  )
}

/** It is about to change something: the 24 hours run from here. */
export async function renewUses(tx: Db, operationId: string): Promise<void> {
  await tx.query('UPDATE brake_use SET at = locksmith_now() WHERE operation_id = $1', [operationId])
}

/** They ended without having changed anything. */
export async function dropUses(tx: Db, ...operationIds: string[]): Promise<void> {
  await tx.query('DELETE FROM brake_use WHERE operation_id = ANY($1)', [operationIds])
}

/** The user is written otherwise than was asked. */
export async function moveUses(tx: Db, operationId: string, place: string): Promise<void> {
  await tx.query('UPDATE brake_use SET place = $2 WHERE operation_id = $1', [operationId, place])
}

/** What no brake counts any more. */
export async function deleteOldUses(tx: Db): Promise<void> {
  await tx.query(`DELETE FROM brake_use u WHERE NOT ${counts}`)
}
