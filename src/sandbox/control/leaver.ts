import type { LoginResult } from './person.ts'
import { createSession, type Visitor, visitOnce } from './visitor.ts'

/** Somebody with a passkey in hand: no password is asked for, the second factor is. */
export function logInWithPasskey(visitor: Visitor, userId: string, passkeyId: number): LoginResult {
  const browser = createSession(visitor)
  const requesttoken = browser.requestToken(browser.get('/login').body)
  browser.send('POST', '/login/webauthn/start', { loginName: userId }, { requesttoken })
  browser.send('POST', '/login/webauthn/finish', { data: String(passkeyId) }, { requesttoken })
  const home = browser.get('/apps/dashboard/')
  return { ok: home.status === 200, location: String(home.headers.location ?? ''), cookie: browser.cookie() }
}

/** The status that anybody gets who opens the link. */
export function openLink(visitor: Visitor, token: string): number {
  return visitOnce(visitor, 'GET', `/s/${encodeURIComponent(token)}`).status
}

/** The status that a program gets which asks for the files behind the link. */
export function openFiles(visitor: Visitor, token: string): number {
  return visitOnce(visitor, 'PROPFIND', `/public.php/dav/files/${encodeURIComponent(token)}/`).status
}
