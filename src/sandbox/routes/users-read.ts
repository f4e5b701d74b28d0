import { NOT_FOUND, OcsFailure } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import { isAdmin, membersOf } from '../model/groups.ts'
import type { User } from '../model/users.ts'
import { subadminOnly } from './may.ts'
import { byId, listedId, userDetails } from './user-details.ts'

function page(call: UserCall): { search: string; limit: number | undefined; offset: number } {
  const limit = text(call, 'limit')
  return {
    search: text(call, 'search'),
    limit: limit === '' ? undefined : Number(limit),
    offset: Number(text(call, 'offset')) || 0
  }
}

/** Whom the caller sees in lists: an admin everybody, a group admin its members. */
function visible(call: UserCall): User[] {
  const { nextcloud, actor } = call
  const { search, limit, offset } = page(call)
  if (isAdmin(actor)) return nextcloud.users.search(search, limit, offset)
  const wanted = new Set(nextcloud.users.search(search))
  const end = limit === undefined ? undefined : offset + limit
  return actor.subadminOf.flatMap((group) =>
    membersOf(nextcloud.users, group)
      .filter((user) => wanted.has(user))
      .slice(offset, end)
  )
}

export const usersReadRoutes = [
  ocs({
    method: 'GET',
    path: '/cloud/users',
    access: 'user',
    run(call) {
      subadminOnly(call)
      return { users: visible(call).map((user) => listedId(user.id)) }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/users/details',
    access: 'user',
    run(call) {
      subadminOnly(call)
      return { users: byId(call.nextcloud, call.actor, visible(call)) }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/users/disabled',
    access: 'user',
    run(call) {
      subadminOnly(call)
      return {
        users: byId(
          call.nextcloud,
          call.actor,
          visible(call).filter((user) => !user.enabled)
        )
      }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/users/recent',
    access: 'admin',
    run(call) {
      const recent = visible(call).filter((user) => user.lastLogin > 0)
      return {
        users: byId(
          call.nextcloud,
          call.actor,
          recent.sort((a, b) => b.lastLogin - a.lastLogin)
        )
      }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/users/{userId}',
    access: 'user',
    run(call) {
      const user = call.nextcloud.users.find(text(call, 'userId'))
      if (!user) throw new OcsFailure(404, 'User does not exist')
      const data = userDetails(call.nextcloud, call.actor, user, call.actor.id === text(call, 'userId'))
      if (!data) throw new OcsFailure(NOT_FOUND)
      return data
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/user',
    access: 'user',
    run: ({ nextcloud, actor }) => userDetails(nextcloud, actor, actor, true)
  })
]
