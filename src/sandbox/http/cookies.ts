import type { Nextcloud } from '../model/nextcloud.ts'
import type { Session } from '../model/sessions.ts'
import type { Exchange } from './exchange.ts'
import { readBasic } from './exchange.ts'
import type { Reply } from './reply.ts'
import type { Call } from './route.ts'

export interface OpenedSession {
  session: Session
  /** The caller brought it; else it is new. */
  known: boolean
  /** Its id when the request came in. */
  id: string
}

/** The session that the cookies stand for, or a new one. All its cookies are needed. */
export function openSession({ sessions }: Nextcloud, { cookies }: Exchange): OpenedSession {
  const passphrase = cookies.get('oc_sessionPassphrase')
  const known = sessions.find(cookies.get(sessions.cookieName) ?? '', passphrase)
  const session = known ?? sessions.create(passphrase)
  return { session, known: known !== undefined, id: session.id }
}

const forever = 'expires=Fri, 31-Dec-2100 23:59:59 GMT'

/** Sets the cookies that the caller does not have yet, as Nextcloud does. */
export function addCookies(call: Call, opened: OpenedSession, reply: Reply): void {
  const { cookies } = call.exchange
  const set: string[] = []
  if (!cookies.has('oc_sessionPassphrase')) {
    set.push(`oc_sessionPassphrase=${call.session.passphrase}; path=/; HttpOnly; SameSite=Lax`)
  }
  for (const kind of ['lax', 'strict']) {
    if (!cookies.has(`nc_sameSiteCookie${kind}`)) {
      set.push(`nc_sameSiteCookie${kind}=true; path=/; httponly;${forever}; SameSite=${kind}`)
    }
  }
  if (!opened.known || call.session.id !== opened.id) {
    set.push(`${call.nextcloud.sessions.cookieName}=${call.session.id}; path=/; HttpOnly; SameSite=Lax`)
  }
  // Sent along with a real password: a caller that keeps it gets a session row next time.
  if (call.actor && readBasic(call.exchange) && !call.session.appPassword && !cookies.has('cookie_test')) {
    set.push('cookie_test=test; Max-Age=3600')
  }
  if (set.length > 0) reply.headers['set-cookie'] = set
}
