import type { Db, Pool } from '../db/pool.ts'
import { type Action, type Approval, type ApprovalState, hashOfAction, type Owned } from './approval.ts'

const columns = `id, state, action, brakes, requested_by AS "requestedBy", owner, vouchers, gathering, created_at AS "createdAt",
  expires_at AS "expiresAt", decided_at AS "decidedAt", decided_by AS "decidedBy", reason, hash`

export type NewApproval = Owned & {
  id: string
  action: Action
  brakes: string[]
  requestedBy: string
  hours: number
  /** More will join the list: it cannot be approved before {@link completeApprovals}. */
  gathering: boolean
}

/**
 * The one open question of this caller for this action: a new one, or the list that is there and grows. Locked until
 * `tx` ends, so that nothing joins a list which is being decided.
 */
export async function openApproval(tx: Db, asked: NewApproval): Promise<{ id: string; isNew: boolean }> {
  const { rows } = await tx.query<{ id: string; isNew: boolean }>(
    `INSERT INTO approval AS a (id, action, action_hash, brakes, requested_by, owner, vouchers, gathering, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $9, locksmith_now() + make_interval(hours => $8))
     ON CONFLICT (requested_by, action_hash) WHERE state = 'pending'
     DO UPDATE SET expires_at = excluded.expires_at,
                   brakes = ARRAY(SELECT DISTINCT unnest(a.brakes || excluded.brakes) ORDER BY 1)
     RETURNING id, xmax = 0 AS "isNew"`,
    [
      asked.id,
      asked.action,
      hashOfAction(asked.action),
      asked.brakes,
      asked.requestedBy,
      asked.owner,
      asked.vouchers,
      asked.hours,
      asked.gathering
    ]
  )
  return rows[0]!
}

/** The lists of this caller are whole, and can be decided: from now on there are so many hours. */
export async function completeApprovals(
  db: Db | Pool,
  requestedBy: string,
  hours: number
): Promise<{ id: string; kind: string }[]> {
  const { rows } = await db.query<{ id: string; kind: string }>(
    `UPDATE approval SET gathering = false, expires_at = locksmith_now() + make_interval(hours => $2)
      WHERE requested_by = $1 AND state = 'pending' AND gathering
      RETURNING id, action->>'kind' AS kind`,
    [requestedBy, hours]
  )
  return rows
}

export async function findApproval(
  db: Db | Pool,
  id: string,
  { lock = false } = {}
): Promise<Approval | undefined> {
  const { rows } = await db.query<Approval>(
    `SELECT ${columns} FROM approval WHERE id = $1 ${lock ? 'FOR UPDATE' : ''}`,
    [id]
  )
  return rows[0]
}

export type ApprovalFilter = { state?: ApprovalState; before?: string; limit: number }

/** Newest first. */
export async function listApprovals(db: Db | Pool, filter: ApprovalFilter): Promise<Approval[]> {
  const { rows } = await db.query<Approval>(
    `SELECT ${columns} FROM approval
      WHERE ($1::text IS NULL OR state = $1) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
    [filter.state ?? null, filter.before ?? null, filter.limit]
  )
  return rows
}

/**
 * Questions whose time is over; locked until `tx` ends. Not a list that is still being written, however long that takes:
 * nobody could have approved it yet, and whoever is put on it afterwards would be on another one.
 */
export async function findExpired(tx: Db, most: number): Promise<Approval[]> {
  const { rows } = await tx.query<Approval>(
    `SELECT ${columns} FROM approval WHERE state = 'pending' AND NOT gathering AND expires_at <= locksmith_now()
      ORDER BY expires_at LIMIT $1 FOR UPDATE SKIP LOCKED`,
    [most]
  )
  return rows
}

export type Decision = {
  state: Exclude<ApprovalState, 'pending'>
  by: string
  reason?: string | undefined
  hash: string
}

export async function decideApproval(
  tx: Db,
  id: string,
  { state, by, reason, hash }: Decision
): Promise<void> {
  await tx.query(
    `UPDATE approval SET state = $2, decided_by = $3, reason = $4, hash = $5, decided_at = locksmith_now()
      WHERE id = $1 AND state = 'pending'`,
    [id, state, by, reason ?? null, hash]
  )
}

/** Its time is over, whether anybody has come to say so or not. */
export async function isOver(db: Db | Pool, { expiresAt }: Pick<Approval, 'expiresAt'>): Promise<boolean> {
  return isOlderThan(db, expiresAt, 0)
}

/** Whether it is so many hours ago, by the database's clock. */
export async function isOlderThan(db: Db | Pool, since: Date, hours: number): Promise<boolean> {
  const { rows } = await db.query<{ older: boolean }>(
    'SELECT $1::timestamptz <= locksmith_now() - make_interval(hours => $2) AS older',
    [since, hours]
  )
  return rows[0]!.older
}
