import { NOT_FOUND, OcsFailure } from '../http/ocs.ts'
import { ocs, text, type UserCall } from '../http/route.ts'
import { isAdmin, membersOf } from '../model/groups.ts'
import type { User } from '../model/users.ts'
import { changing, subadminOnly } from './may.ts'
import { byId, listedId } from './user-details.ts'

const missing = 'The requested group could not be found'

function slice<T>(call: UserCall, list: T[]): T[] {
  const offset = Number(text(call, 'offset')) || 0
  const limit = text(call, 'limit')
  return list.slice(offset, limit === '' ? undefined : offset + Number(limit))
}

function members(call: UserCall): User[] {
  const search = text(call, 'search')
  const all = membersOf(call.nextcloud.users, text(call, 'groupId'))
  if (search === '') return slice(call, all)
  const wanted = new Set(call.nextcloud.users.search(search))
  return slice(
    call,
    all.filter((user) => wanted.has(user))
  )
}

/** Both ends of a membership, or the code that says what is missing. */
function membership(call: UserCall): { user: User; group: string } {
  subadminOnly(call)
  const group = text(call, 'groupid')
  if (group.trim() === '') throw new OcsFailure(101)
  if (!call.nextcloud.groups.has(group)) throw new OcsFailure(102)
  const user = call.nextcloud.users.find(text(call, 'userId'))
  if (!user) throw new OcsFailure(103)
  if (!isAdmin(call.actor) && !call.actor.subadminOf.includes(group)) throw new OcsFailure(104)
  return { user, group }
}

/** Nobody locks themselves out, and a group admin keeps whom it looks after. */
function mayLeave(actor: User, user: User, group: string): void {
  if (user === actor && isAdmin(actor)) {
    if (group === 'admin') throw new OcsFailure(105, 'Cannot remove yourself from the admin group')
    return
  }
  if (isAdmin(actor)) return
  if (user === actor)
    throw new OcsFailure(105, 'Cannot remove yourself from this group as you are a sub-admin')
  if (user.groups.filter((one) => actor.subadminOf.includes(one)).length <= 1)
    throw new OcsFailure(105, 'Not viable to remove user from the last group you are sub-admin of')
}

export const groupRoutes = [
  ocs({
    method: 'GET',
    path: '/cloud/groups',
    access: 'user',
    run(call) {
      subadminOnly(call)
      const wanted = text(call, 'search').toLowerCase()
      const found = call.nextcloud.groups.all().filter((group) => group.toLowerCase().includes(wanted))
      return { groups: slice(call, found).map(listedId) }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/groups/{groupId+}/users/details',
    access: 'user',
    run(call) {
      subadminOnly(call)
      const mine = isAdmin(call.actor) || call.actor.subadminOf.includes(text(call, 'groupId'))
      if (!mine || !call.nextcloud.groups.has(text(call, 'groupId'))) throw new OcsFailure(NOT_FOUND, missing)
      return { users: byId(call.nextcloud, call.actor, members(call)) }
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/groups/{groupId+}/users',
    access: 'user',
    run({ nextcloud, actor, parameters }) {
      const group = String(parameters.groupId)
      if (!nextcloud.groups.has(group)) throw new OcsFailure(404, missing)
      if (!isAdmin(actor) && !actor.subadminOf.includes(group) && !actor.groups.includes(group))
        throw new OcsFailure(403)
      return { users: membersOf(nextcloud.users, group).map((user) => user.id) }
    }
  }),
  ocs({
    method: 'POST',
    path: '/cloud/groups',
    access: 'admin',
    confirmation: changing,
    needs: ['groupid'],
    run(call) {
      const group = text(call, 'groupid')
      if (group === '') throw new OcsFailure(101, 'Invalid group name')
      if (call.nextcloud.groups.has(group)) throw new OcsFailure(102, 'group exists')
      call.nextcloud.groups.add(group)
      return []
    }
  }),
  ocs({
    method: 'GET',
    path: '/cloud/users/{userId}/groups',
    access: 'user',
    run({ nextcloud, actor, parameters }) {
      const user = nextcloud.users.find(String(parameters.userId))
      if (!user) throw new OcsFailure(NOT_FOUND)
      if (user === actor || isAdmin(actor)) return { groups: user.groups }
      const shared = user.groups.filter((group) => actor.subadminOf.includes(group))
      if (shared.length === 0) throw new OcsFailure(NOT_FOUND)
      return { groups: shared }
    }
  }),
  ocs({
    method: 'POST',
    path: '/cloud/users/{userId}/groups',
    access: 'user',
    confirmation: changing,
    run(call) {
      const { user, group } = membership(call)
      if (!user.groups.includes(group)) user.groups.push(group)
      call.affects(user.id, `join ${group}`)
      return []
    }
  }),
  ocs({
    method: 'DELETE',
    path: '/cloud/users/{userId}/groups',
    access: 'user',
    confirmation: changing,
    needs: ['groupid'],
    run(call) {
      const { user, group } = membership(call)
      mayLeave(call.actor, user, group)
      user.groups = user.groups.filter((one) => one !== group)
      call.affects(user.id, `leave ${group}`)
      return []
    }
  })
]
