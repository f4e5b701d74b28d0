/** Groups of Nextcloud, and who is in them, as a SCIM client may see them. They are read and never changed. */
import type { Caller } from '../../access/scope.ts'
import { placeOf } from '../../operations/operation.ts'
import { peopleOf } from '../../users/people.ts'
import type { World } from '../../world.ts'
import type { Members } from './attributes.ts'
import { readFilter } from './filter.ts'
import { findDeleted } from './scim.sql.ts'
import { urn } from './urns.ts'
import { locationOf } from './user.ts'

/** Of whom the members can be asked for: `..` would climb the path, even escaped, and `/` is not passed on by all servers. */
export const groupForm = '^(?!\\.+$)[^/\\\\\\u0000-\\u001f]+$'
const form = new RegExp(groupForm)

const lookups = ['id', 'displayname', 'members.value'] as const
const sideBySide = 4

export function groupsOf({ pool, nextcloud, config }: World, caller: Caller) {
  const people = peopleOf(nextcloud, caller)

  /** Those that the key is for, in Nextcloud's order. */
  async function ids(search = ''): Promise<string[]> {
    const all = await nextcloud.findGroups(search)
    return caller.groups ? all.filter((id) => caller.groups!.includes(id)) : all
  }

  const toView = (id: string, members: string[] | undefined): Members => ({
    schemas: [urn.group],
    id,
    displayName: id,
    ...(members && {
      members: members.map((user) => ({
        value: user,
        type: 'User',
        $ref: locationOf(config.publicOrigin, 'Users', user)
      }))
    }),
    meta: { resourceType: 'Group', location: locationOf(config.publicOrigin, 'Groups', id) }
  })

  /** @param withMembers each group is a question of its own */
  async function view(groups: string[], withMembers: boolean): Promise<Members[]> {
    if (!withMembers) return groups.map((id) => toView(id, undefined))
    const deleted = await findDeleted(pool, caller.owner)
    const told: Members[] = []
    for (let at = 0; at < groups.length; at += sideBySide) {
      const some = groups.slice(at, at + sideBySide)
      const members = await Promise.all(
        some.map((id) => (form.test(id) ? nextcloud.listMemberIds(id) : undefined))
      )
      for (const [n, id] of some.entries())
        told.push(
          toView(
            id,
            members[n]?.filter((user) => !deleted.has(placeOf(user)))
          )
        )
    }
    return told
  }

  /** @throws ScimError invalidFilter */
  async function search(filter: string, withMembers: boolean): Promise<Members[]> {
    const { by, value, isMeant } = readFilter(filter, lookups)
    const asked = withMembers || /members/i.test(filter)
    const found = by === 'members.value' ? await groupsWith(value) : await named(value)
    return (await view(found, asked)).filter(isMeant)
  }

  async function groupsWith(userId: string): Promise<string[]> {
    const user = await people.find(userId)
    return user ? user.groups.filter((group) => !caller.groups || caller.groups.includes(group)) : []
  }

  const named = async (name: string) =>
    (await ids(name)).filter((id) => id.toLowerCase() === name.toLowerCase())

  return { ids, view, search }
}
