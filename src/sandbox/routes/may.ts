import { absolute } from '../http/exchange.ts'
import { NOT_FOUND, OcsFailure } from '../http/ocs.ts'
import { text, type UserCall } from '../http/route.ts'
import { isAdmin, mayManage } from '../model/groups.ts'
import type { User } from '../model/users.ts'

/** The provisioning API is for admins and group admins. */
export function subadminOnly({ actor }: UserCall): void {
  if (!isAdmin(actor) && actor.subadminOf.length === 0) {
    throw new OcsFailure(403, 'Logged in account must be at least a sub admin')
  }
}

/** The user of the path, if the caller may manage them: unknown and foreign ones look the same. */
export function managed(call: UserCall): User {
  const user = call.nextcloud.users.find(text(call, 'userId'))
  if (!user || !mayManage(call.actor, user)) throw new OcsFailure(NOT_FOUND)
  return user
}

/** Asked of everything that changes something in the provisioning API: a fresh proof of the password. */
export const changing = (): 'recent' => 'recent'

export const instanceUrl = ({ exchange }: UserCall): string => absolute(exchange, '/')
