import type { Db, Pool } from '../db/pool.ts'
import { type Kind, openStates, placeOf, type State } from './operation.ts'

/** An operation as far as it matters for whether the user is let in. */
export type Act = {
  id: string
  place: string
  kind: Kind
  state: State
  owner: string
  approvalId: string | null
  /** ISO 8601 duration. */
  deleteAfter: string | null
  /** Every session and app password that there is now will be revoked by it: it has not begun with that yet. */
  willRevokeAll: boolean
}

const actColumns = `o.id, o.place, o.kind, o.state, o.owner, o.approval_id AS "approvalId", o.input->>'deleteAfter' AS "deleteAfter",
  o.input->>'revoke' = 'all' AND NOT o.input ? 'only'
    AND EXISTS (SELECT FROM operation_step s WHERE s.operation_id = o.id AND s.name = 'revoke-tokens' AND s.state = 'pending')
    AS "willRevokeAll"`

/** What works on these users now, or will; and of what is over, whatever locked them out or let them in. The oldest first. */
export async function findActs(db: Db | Pool, userIds: string[]): Promise<Act[]> {
  const { rows } = await db.query<Act>(
    `SELECT ${actColumns} FROM operation o
      WHERE o.place = ANY($1)
        AND (o.state = ANY($2) OR o.state IN ('awaiting-approval', 'scheduled')
             OR o.kind IN ('offboard', 'enable', 'reinstate') AND o.state IN ('succeeded', 'needs-attention'))
      ORDER BY o.id`,
    [userIds.map(placeOf), openStates]
  )
  return rows
}
