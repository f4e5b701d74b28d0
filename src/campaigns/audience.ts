/** Who is in an audience, and who of them is not asked. No I/O but reading the list. */
import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { Audience, Contact, Definition } from './campaign.ts'
import type { OutReason } from './participant.ts'

const pageSize = 200

/** Lower-cased; '' for what is no address. */
export const domainOf = (address: string | null) => /@([^@]+)$/.exec(address ?? '')?.[1]?.toLowerCase() ?? ''

/** @param user its last login is a person's, not one of ours */
export function fits(user: NextcloudUser, audience: Audience): boolean {
  const { groups, domains, users, backends, lastLoginBefore, lastLoginAfter, neverLoggedIn, exclude } =
    audience
  const { lastLogin } = user
  return (
    (!groups || isInGroup(user, groups)) &&
    (!domains || isAtDomain(user, domains)) &&
    (!users || isNamed(user, users)) &&
    (!backends || isOneOf(backends, user.backend)) &&
    (lastLoginBefore === undefined || (lastLogin !== null && lastLogin < new Date(lastLoginBefore))) &&
    (lastLoginAfter === undefined || (lastLogin !== null && lastLogin > new Date(lastLoginAfter))) &&
    (neverLoggedIn === undefined || neverLoggedIn === (lastLogin === null)) &&
    !(exclude?.groups && isInGroup(user, exclude.groups)) &&
    !(exclude?.domains && isAtDomain(user, exclude.domains)) &&
    !(exclude?.users && isNamed(user, exclude.users))
  )
}

const isInGroup = ({ groups }: NextcloudUser, wanted: string[]) => groups.some((id) => wanted.includes(id))
const isAtDomain = ({ mailAddress }: NextcloudUser, wanted: string[]) =>
  isOneOf(wanted, domainOf(mailAddress))
const isNamed = ({ id }: NextcloudUser, wanted: string[]) => isOneOf(wanted, id)
const isOneOf = (wanted: string[], value: string) =>
  wanted.some((each) => each.toLowerCase() === value.toLowerCase())

/**
 * Why this one is not asked, as far as can be told of one user alone.
 * @param isProtected whether nothing may be done to the user
 */
export function outReasonOf(
  user: NextcloudUser,
  { audience }: Pick<Definition, 'audience'>,
  isProtected: boolean
): OutReason | undefined {
  if (isProtected) return 'protected'
  if (!user.enabled) return 'disabled'
  // Who comes and goes in a directory is known there; unless this backend is asked for by name.
  if (!user.canSetPassword && !isOneOf(audience.backends ?? [], user.backend)) return 'directory-user'
  if (domainOf(user.mailAddress) === '') return 'no-mail-address'
  return undefined
}

/** The number of the contact who answers for this user: the first that fits. */
export function contactOf(user: NextcloudUser, contacts: Contact[]): number | null {
  const at = contacts.findIndex(({ domain, group }) =>
    domain === undefined ? isInGroup(user, [group!]) : isAtDomain(user, [domain])
  )
  return at === -1 ? null : at
}

/**
 * All users who can be in the audience, in pages, each as Nextcloud has it now; some may come twice.
 * @throws NextcloudError unknown-user never: who is named and not there is left out
 * @throws UnknownGroup for a group that Nextcloud does not have
 */
export async function* listCandidates(
  nextcloud: Pick<Nextcloud, 'listUsers' | 'getUser'>,
  { users, groups }: Audience
): AsyncGenerator<NextcloudUser[]> {
  if (users) yield* namedUsers(nextcloud, users)
  else if (groups) for (const group of groups) yield* pages(nextcloud, group)
  else yield* pages(nextcloud)
}

export class UnknownGroup extends Error {
  readonly group: string
  constructor(group: string) {
    super(`Nextcloud has no group "${group}".`)
    this.group = group
  }
}

/** The next page is asked for while this one is worked on: Nextcloud takes longest. */
async function* pages({ listUsers }: Pick<Nextcloud, 'listUsers'>, group?: string) {
  const page = (offset: number) => {
    const asked = listUsers({ limit: pageSize, offset, ...(group !== undefined && { group }) })
    asked.catch(() => {})
    return asked
  }
  let offset = 0
  for (let asked = page(0); ; ) {
    const { users, received } = (await asked) ?? unknownGroup(group!)
    if (received === 0) return
    // Fewer than asked may come while there are more, and nobody may be missed: by what came.
    offset += received
    asked = page(offset)
    yield users
  }
}

function unknownGroup(group: string): never {
  throw new UnknownGroup(group)
}

async function* namedUsers({ getUser }: Pick<Nextcloud, 'getUser'>, ids: string[]) {
  for (const id of ids) {
    const user = await getUser(id).catch((error) => {
      if (error instanceof NextcloudError && error.variant === 'unknown-user') return undefined
      throw error
    })
    if (user) yield [user]
  }
}
