/** What was decided about a user, and how the user is: both are needed to say whether it is active. */
import type { Db, Pool } from '../../db/pool.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { type Act, findActs } from '../../operations/acts.sql.ts'
import { openStates, placeOf } from '../../operations/operation.ts'

export type Standing = {
  /** It holds the user's place. */
  open?: Act
  /** Off-boardings that a second person has to approve. */
  held: Act[]
  /** The last off-boarding that is over, unless something has let the user in since. */
  offboarded?: Act
  /** The account will be deleted. */
  deletion?: Act
}

const isOpen = ({ state }: Act) => (openStates as readonly string[]).includes(state)
const letsIn = ({ kind }: Act) => kind === 'enable' || kind === 'reinstate'
const isOver = ({ state }: Act) => state === 'succeeded' || state === 'needs-attention'

/** @param acts the oldest first */
export function standingOf(acts: Act[]): Standing {
  const open = acts.find(isOpen)
  const offboarded = acts.findLast((act) => act.kind === 'offboard' && isOver(act))
  const back = acts.findLast((act) => letsIn(act) && (isOver(act) || isOpen(act)))
  const isBack = offboarded && back && back.id > offboarded.id
  const deletion = acts.find(
    ({ kind, state }) => kind === 'delete' && (state === 'scheduled' || state === 'awaiting-approval')
  )
  return {
    ...(open && { open }),
    held: acts.filter(({ kind, state }) => kind === 'offboard' && state === 'awaiting-approval'),
    ...(offboarded && !isBack && { offboarded }),
    ...(deletion && { deletion })
  }
}

/** By place. */
export async function findStandings(db: Db | Pool, userIds: string[]): Promise<(userId: string) => Standing> {
  const acts = await findActs(db, userIds)
  const byPlace = Map.groupBy(acts, ({ place }) => place)
  return (userId) => standingOf(byPlace.get(placeOf(userId)) ?? [])
}

/**
 * What was decided and recorded counts before it is done: a leaver is not active from then on, who comes back is. What
 * only waits for an approval is not decided.
 */
export function isActive({ enabled }: Pick<NextcloudUser, 'enabled'>, { open }: Standing): boolean {
  if (open && locksOut(open)) return false
  return enabled || (open !== undefined && letsIn(open))
}

export const locksOut = ({ kind }: Act) => kind === 'offboard' || kind === 'disable' || kind === 'delete'
