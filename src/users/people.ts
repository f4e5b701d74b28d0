/** Users as whoever calls from outside finds them: those of Nextcloud whom the caller is for. */
import type { Caller } from '../access/scope.ts'
import { DomainError } from '../errors.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import { userIdForm } from '../nextcloud/user-id.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import { isFor } from './groups.ts'

const form = new RegExp(userIdForm, 'u')

/** Nobody has another one, and Nextcloud searches for it in all that it knows of users. */
const addressForm = /^[^\p{Cc}\p{Cs}]+@[^\p{Cc}\p{Cs}]+$/u

/** How long Nextcloud may take to tell of one user: callers give up after 30 s. */
const askMs = 8_000

/** Questions at once. */
const sideBySide = 4
const mostFound = 1_000

/** A search that says too little. Its message goes to the caller. */
export class TooManyFound extends Error {}

export type People = ReturnType<typeof peopleOf>

/** The same sentence for whoever is not there, is not for this caller, or was deleted by it. */
export const nobody = (id: string) =>
  new DomainError('unknown-user', `Nextcloud has no user "${id}". Nothing was done.`)

export function peopleOf(nextcloud: Nextcloud, caller: Caller) {
  /** @returns undefined for nobody, or nobody whom the key is for */
  async function find(id: string): Promise<NextcloudUser | undefined> {
    if (!form.test(id)) return undefined
    try {
      const user = await nextcloud.getUser(id, AbortSignal.timeout(askMs))
      return isFor(caller, user) ? user : undefined
    } catch (error) {
      if (error instanceof NextcloudError && error.variant === 'unknown-user') return undefined
      throw error
    }
  }

  /** Everybody who has it as the address to which Nextcloud mails. @throws TooManyFound */
  async function findByAddress(address: string): Promise<NextcloudUser[]> {
    const found: NextcloudUser[] = []
    if (address.length > 254 || !addressForm.test(address)) return found
    const wanted = address.toLowerCase()
    for (let offset = 0; offset < mostFound; offset += 100) {
      const page = await nextcloud.listUsers({ search: address, limit: 100, offset })
      found.push(...page!.users.filter(({ mailAddress }) => mailAddress?.toLowerCase() === wanted))
      if (page!.received < 100) return found.filter((user) => isFor(caller, user))
    }
    throw new TooManyFound(`More than ${mostFound} users are found by "${address}".`)
  }

  /** The ids of all of them, always in the same order. */
  async function ids(): Promise<string[]> {
    if (!caller.groups) return nextcloud.listUserIds()
    const members = await Promise.all(caller.groups.map((group) => nextcloud.listMemberIds(group)))
    return [...new Set(members.flatMap((each) => each ?? []))]
  }

  /**
   * In the order of the ids; whoever is gone meanwhile is left out.
   * @param offset where they begin in the list of all: most or all of them are on that page of Nextcloud's, too, and
   *   one question finds them
   */
  async function findAll(wanted: string[], offset: number): Promise<NextcloudUser[]> {
    if (wanted.length === 0) return []
    const [group, another] = caller.groups ?? []
    const page = another
      ? undefined
      : await nextcloud.listUsers({ limit: wanted.length, offset, ...(group !== undefined && { group }) })
    const found = new Map(page?.users.map((user) => [user.id, user]))
    const missing = wanted.filter((id) => !found.has(id))
    for (let at = 0; at < missing.length; at += sideBySide)
      for (const user of await Promise.all(missing.slice(at, at + sideBySide).map(find)))
        if (user) found.set(user.id, user)
    return wanted.flatMap((id) => {
      const user = found.get(id)
      return user && isFor(caller, user) ? [user] : []
    })
  }

  return { find, findByAddress, ids, findAll }
}
