import { OcsFailure } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import type { User } from '../model/users.ts'
import { changing } from './may.ts'

/** Both ends, or what is missing. The user is looked for first, unlike where groups are joined. */
function both(call: UserCall): { user: User; group: string } {
  const user = call.nextcloud.users.find(text(call, 'userId'))
  const group = text(call, 'groupid')
  if (!user) throw new OcsFailure(101, 'User does not exist')
  if (!call.nextcloud.groups.has(group)) throw new OcsFailure(101, 'Group does not exist')
  return { user, group }
}

const path = '/cloud/users/{userId}/subadmins'
const change = { path, access: 'admin', confirmation: changing, needs: ['groupid'] } as const

/** Of which groups somebody is the admin. */
export const subadminRoutes = [
  ocs({
    method: 'GET',
    path,
    access: 'admin',
    run(call) {
      const user = call.nextcloud.users.find(text(call, 'userId'))
      if (!user) throw new OcsFailure(404, 'User does not exist')
      return user.subadminOf
    }
  }),
  ocs({
    ...change,
    method: 'POST',
    run(call) {
      const { user, group } = both(call)
      if (group === 'admin') throw new OcsFailure(103, 'Cannot create sub-admins for admin group')
      if (!user.subadminOf.includes(group)) user.subadminOf.push(group)
      call.affects(user.id, `administer ${group}`)
      return []
    }
  }),
  ocs({
    ...change,
    method: 'DELETE',
    run(call) {
      const { user, group } = both(call)
      if (!user.subadminOf.includes(group)) throw new OcsFailure(102, 'User is not a sub-admin of this group')
      user.subadminOf = user.subadminOf.filter((one) => one !== group)
      call.affects(user.id, `no longer administer ${group}`)
      return []
    }
  })
]
