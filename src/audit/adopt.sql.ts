import type { Db } from '../db/pool.ts'
import { timeText } from './time-text.ts'

/**
 * Whether there are events from before the tree; then nobody else takes them. Once there is an event in the new form
 * they are no longer taken: whoever may make a table would have Locksmith sign what they like.
 */
export async function lockEarlier(tx: Db): Promise<boolean> {
  await tx.query('SELECT FROM audit_tree FOR UPDATE')
  return (await hasEarlier(tx)) && !(await hasBegun(tx))
}

export async function hasEarlier(db: Db): Promise<boolean> {
  const { rows } = await db.query<{ is: boolean }>(
    `SELECT to_regclass('audit_event_before') IS NOT NULL AS is`
  )
  return rows[0]!.is
}

async function hasBegun(tx: Db): Promise<boolean> {
  const { rows } = await tx.query<{ is: boolean }>(
    `SELECT size > 0 OR EXISTS (SELECT FROM audit_event) AS is FROM audit_tree`
  )
  return rows[0]?.is !== false
}

export type Earlier = {
  seq: number
  /** With every digit. */
  at: string
  action: string
  actor: string
  userId: string | null
  operationId: string | null
  requestId: string | null
  details: object
}

export async function readEarlier(tx: Db, after: number, most: number): Promise<Earlier[]> {
  const { rows } = await tx.query<Earlier>(
    `SELECT seq, ${timeText('at')} AS at, action, actor, user_id AS "userId", operation_id AS "operationId",
            request_id AS "requestId", details
       FROM audit_event_before WHERE seq > $1 ORDER BY seq LIMIT $2`,
    [after, most]
  )
  return rows
}

export async function dropEarlier(tx: Db): Promise<void> {
  await tx.query('DROP TABLE audit_event_before')
}
