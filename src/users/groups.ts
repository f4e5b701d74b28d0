/** Callers that are for the users of some groups alone. */
import type { Caller } from '../access/scope.ts'
import { DomainError } from '../errors.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { NextcloudError } from '../nextcloud/errors.ts'
import type { NextcloudUser, UserPage } from '../nextcloud/users.ts'

/** How long Nextcloud may take to say in which groups a user is; whoever is not known in time is refused. */
const askMs = 5_000

const isIn = (groups: string[], wanted: string[]) => wanted.some((group) => groups.includes(group))

/** Whether the caller may know of this user, as Nextcloud told it just now. */
export const isFor = ({ groups }: Caller, user: Pick<NextcloudUser, 'groups'>): boolean =>
  !groups || isIn(user.groups, groups)

/**
 * Whoever is in none of the caller's groups is answered as one who is not there.
 * @throws DomainError unknown-user; NextcloudError where it could not be looked up in time
 */
export async function refuseOutsiders(
  { getUser }: Pick<Nextcloud, 'getUser'>,
  { groups }: Caller,
  userId: string
): Promise<void> {
  if (!groups) return
  const unknown = () =>
    new DomainError('unknown-user', `Nextcloud has no user "${userId}". Nothing was done.`)
  const over = new AbortController()
  const asked = getUser(userId, over.signal)
  asked.catch(() => {})
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      over.abort()
      const detail = `Nextcloud did not say within ${askMs / 1_000} s in which groups "${userId}" is, and your key is for some groups only. Nothing was done: try again.`
      reject(new NextcloudError('down', detail))
    }, askMs)
  })
  try {
    const user = await Promise.race([asked, late])
    if (!isIn(user.groups, groups)) throw unknown()
  } catch (error) {
    if (error instanceof NextcloudError && error.variant === 'unknown-user') throw unknown()
    throw error
  } finally {
    clearTimeout(timer)
  }
}

type Query = { search?: string; limit: number; offset: number }
export type GroupsPage = UserPage & { next: string | null }

/** `<which group>.<offset>`: where the page after ends and begins. */
export const groupCursor = /^\d{1,3}\.\d{1,9}$/

/**
 * Members of several groups, one group after the other, each user once: with the first of the groups that has it.
 * A page can hold fewer than asked for although there are more.
 */
export async function listMembers(
  { listUsers }: Pick<Nextcloud, 'listUsers'>,
  groups: string[],
  { cursor = '0.0', ...query }: Omit<Query, 'offset'> & { cursor?: string | undefined }
): Promise<GroupsPage> {
  const [from = 0, start = 0] = cursor.split('.').map(Number)
  for (const [at, group] of groups.entries()) {
    if (at < from) continue
    const offset = at === from ? start : 0
    const page = await listUsers({ ...query, group, offset })
    // Nextcloud may have such a group no more.
    if (!page) continue
    const isLast = page.received < query.limit
    const users = page.users.filter(
      (user) => isIn(user.groups, [group]) && !isIn(user.groups, groups.slice(0, at))
    )
    const next = isLast ? (at + 1 < groups.length ? `${at + 1}.0` : null) : `${at}.${offset + query.limit}`
    // Nothing to show yet: the caller would only ask again.
    if (users.length > 0 || !isLast) return { users, received: page.received, next }
  }
  return { users: [], received: 0, next: null }
}
