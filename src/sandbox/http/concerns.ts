import { isAdmin } from '../model/groups.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { FindDestination } from './destination.ts'
import { type Exchange, readBasic } from './exchange.ts'

/** The routes that name a user in a parameter, by path. */
const naming: Record<string, string> = {
  '/cloud/users': 'userid',
  '/twofactor/state': 'user',
  '/twofactor/disable': 'user',
  '/login': 'user',
  '/lostpassword/email': 'user'
}

/**
 * Whom a call concerns, in lower case: the user in its path or its parameters, whose Basic auth it carries (admins
 * aside: theirs is on every call) and whose session its cookies are. For faults aimed at one user.
 */
export function usersOf(nextcloud: Nextcloud, destination: FindDestination, exchange: Exchange): Set<string> {
  const { users, sessions } = nextcloud
  const found = new Set<string>()
  const add = (name: unknown): void => {
    if (typeof name !== 'string' || name === '') return
    const trimmed = name.trim()
    const [only, second] = users.byAddress(trimmed)
    const user = users.find(trimmed) ?? (second === undefined ? only : undefined)
    found.add((user?.id ?? trimmed).toLowerCase())
  }
  const { found: match } = destination(exchange)
  if (typeof match === 'object') {
    add(match.parts.userId)
    const parameter = naming[match.route.path]
    if (parameter) add(exchange.parameters[parameter])
  }
  const basic = readBasic(exchange)
  const caller = basic && users.find(basic.user)
  if (basic && !(caller && isAdmin(caller))) add(basic.user)
  const { cookies } = exchange
  add(sessions.find(cookies.get(sessions.cookieName) ?? '', cookies.get('oc_sessionPassphrase'))?.userId)
  return found
}
