import type { User, Users } from './users.ts'

/** The groups of the sandbox; membership is kept by the users. */
export class Groups {
  #ids = new Set<string>(['admin'])

  add(id: string): void {
    this.#ids.add(id)
  }

  remove(id: string): void {
    this.#ids.delete(id)
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  all(): string[] {
    return [...this.#ids].sort()
  }
}

export const isAdmin = (user: User): boolean => user.groups.includes('admin')

/** What a group admin may see and change: members of the groups it administers, admins excepted. */
export function mayManage(actor: User, target: User): boolean {
  if (isAdmin(actor)) return true
  if (isAdmin(target)) return false
  return actor.subadminOf.some((group) => target.groups.includes(group))
}

export function membersOf(users: Users, group: string): User[] {
  return users.all().filter((user) => user.groups.includes(group))
}
