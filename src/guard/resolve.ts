/** From the names that people wrote to those that Nextcloud has. */
import { DomainError } from '../errors.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError, type Variant } from '../nextcloud/errors.ts'
import type { ProtectSettings } from './protected.ts'

/** Ids as Nextcloud writes them. */
export type ProtectedList = {
  /** The accounts by which Locksmith works. */
  own: string[]
  users: string[]
  groups: string[]
}

type Asking = Pick<Nextcloud, 'adminUsers' | 'examine' | 'getUser' | 'listUsers' | 'findGroups'>

/** Nextcloud as a whole does not work for us now: that has a problem of its own, and passes by itself. */
const away: ReadonlySet<Variant> = new Set(['down', 'maintenance', 'busy', 'credentials-refused'])

/** How many names are asked for at one time. */
const atOnce = 4

/**
 * @param own ids of our own accounts
 * @throws DomainError protected-users-unresolved naming each that is in the way; NextcloudError while it is away
 */
export async function resolveProtected(
  nextcloud: Asking,
  { users, groups }: ProtectSettings,
  own: string[]
): Promise<ProtectedList> {
  const wrong: string[] = []
  const resolved = async (variable: string, name: string, ask: () => Promise<string | undefined>) => {
    const found = await ask().catch((error) => {
      if (isAway(error)) throw error
      throw unresolved([`${variable}: "${name}" could not be asked for (${error.message})`], error)
    })
    if (found === undefined) wrong.push(`${variable}: "${name}" is not there`)
    return found ?? name
  }
  const list = {
    own,
    users: await inTurn(users, (name) => resolved('PROTECTED_USERS', name, () => idOf(nextcloud, name))),
    groups: await inTurn(groups, (name) => resolved('PROTECTED_GROUPS', name, () => groupOf(nextcloud, name)))
  }
  if (wrong.length > 0) throw unresolved(wrong)
  return list
}

async function idOf({ getUser }: Asking, name: string): Promise<string | undefined> {
  try {
    return (await getUser(name)).id
  } catch (error) {
    if (error instanceof NextcloudError && error.variant === 'unknown-user') return undefined
    throw error
  }
}

/** A search finds by name, too, and in some directories by nothing else: then the group itself is looked at. */
async function groupOf({ findGroups, listUsers }: Asking, name: string): Promise<string | undefined> {
  const found = await findGroups(name)
  const same = found.find((id) => id === name) ?? found.find((id) => id.toLowerCase() === name.toLowerCase())
  if (same !== undefined || /[/\\]|^\.+$/.test(name)) return same
  return (await listUsers({ group: name, limit: 1, offset: 0 })) && name
}

/**
 * Who we are, by asking: the user name of a log-in may be a mail address, or in another case. An account that
 * Nextcloud refuses is known by what it said before, or by its name.
 */
export function resolveOwn(nextcloud: Asking): () => Promise<string[]> {
  const known = new Map<string, string>()
  const whoIs = async (name: string): Promise<string> => {
    try {
      const { id } = await nextcloud.examine.account(name, new AbortController().signal)
      known.set(name, id)
      return id
    } catch (error) {
      if (!(error instanceof NextcloudError)) throw error
      const before = known.get(name)
      if (before !== undefined) return before
      if (error.variant !== 'credentials-refused') throw error
      // By another account; where all are refused this fails as everything does.
      const id = await idOf(nextcloud, name)
      if (id === undefined) throw unnamed(name, error)
      return id
    }
  }
  return () => inTurn(nextcloud.adminUsers, whoIs)
}

const isAway = (error: unknown): boolean => !(error instanceof NextcloudError) || away.has(error.variant)

const unnamed = (name: string, cause: unknown) =>
  unresolved(
    [
      `"${name}", an account of Locksmith, is refused by Nextcloud, and no user has that id (see locksmith host doctor)`
    ],
    cause
  )

/** Order is kept. */
async function inTurn<T, R>(list: readonly T[], work: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  for (let at = 0; at < list.length; at += atOnce)
    results.push(...(await Promise.all(list.slice(at, at + atOnce).map(work))))
  return results
}

/** Who cannot tell whom to leave alone leaves everybody alone. */
const unresolved = (wrong: string[], cause?: unknown) =>
  new DomainError(
    'protected-users-unresolved',
    `It is not known who is protected, so nothing is done to anybody: ${wrong.join('; ')}. Mend the setting and restart, or make it be there in Nextcloud.`,
    { cause, extra: { unresolved: wrong } }
  )
