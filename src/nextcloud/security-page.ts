import { storable } from '../db/storable.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import { cookieHeader, keep } from './cookies.ts'
import { sessionGone, wrongPassword } from './errors.ts'
import { initialState } from './page.ts'
import type { Passkey } from './possessions.ts'
import type { Session, Token, TokenKind } from './session.ts'
import type { Answer, Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** All by which a user gets in besides the password. */
export type SecurityPage = {
  /** At most 1,000 and in no order: with more our own (`current`) can be missing. */
  tokens: Token[]
  /** `[]` also where the server has passkeys switched off: none lets anybody in then. */
  passkeys: Passkey[]
}

const kinds = ['session', 'app-password', 'wiped'] as const
/** By `oc_authtoken.type`. A kind that a later Nextcloud invents is still access: to be revoked like an app password. */
export const kindOf = (type: number): TokenKind => kinds[type] ?? 'app-password'

const pageOf = (session: Session): Call => ({
  method: 'GET',
  path: '/index.php/settings/user/security',
  name: 'list tokens',
  cookies: cookieHeader(session.cookies),
  headers: { accept: 'text/html' }
})

/** @throws NextcloudError session-gone; rubbish for a list that is not whole */
export function readSecurityPage(wire: Wire, session: Session): Promise<SecurityPage> {
  const call = pageOf(session)
  return wire.send(call, (answer) => {
    refuseCommonFailures(answer)
    keep(session.cookies, answer)
    if (answer.status === 303) throw sessionGone(call)
    const state = (name: string) => (answer.status === 200 ? initialState(answer.body, name) : undefined)
    const tokens = whole(state('settings-app_tokens'), toToken)
    const passkeys = whole(state('settings-webauthn-devices') ?? [], toPasskey)
    // The list is `[]` for who has no token row. Ours has one: an empty list is not the list.
    if (!tokens || tokens.length === 0 || !passkeys) throw unexpected(call, answer)
    return { tokens, passkeys }
  })
}

/**
 * Deletes what the page shows: by cookie and Basic with the account's password, which every version takes.
 * @param what.says404 Nextcloud says so where it was not there any more
 * @returns false where it said so
 * @throws NextcloudError session-gone, wrong-password, effect-unknown
 */
export function deleteFromPage(
  wire: Wire,
  session: Session,
  { says404, ...what }: { path: string; name: string; says404?: true }
): Promise<boolean> {
  const call: Call = {
    ...what,
    method: 'DELETE',
    cookies: cookieHeader(session.cookies),
    // One that arrives when the session is gone logs in by its password: what that leaves is known as ours.
    headers: { 'user-agent': session.name },
    auth: { user: session.userId, password: session.password.reveal() },
    effect: true
  }
  return wire.asUser(session.userId, call, (answer) => {
    refuseCommonFailures(answer)
    keep(session.cookies, answer)
    if (answer.status === 200 && answer.body.trim() === '[]') return true
    if (answer.status === 404 && says404) return false
    // The session is gone or the user disabled, and so the password was tried.
    if (answer.status === 401) throw wrongPassword(call)
    if (answer.status === 303) throw sessionGone(call)
    throw unexpected(call, answer)
  })
}

/** Whether a log-in that was sent to a second factor is let through all the same. @throws NextcloudError */
export function passes(wire: Wire, session: Session): Promise<boolean> {
  const call = pageOf(session)
  return wire.send(call, (answer) => {
    refuseCommonFailures(answer)
    keep(session.cookies, answer)
    if (leadsToSecondFactor(answer, wire.publicUrl)) return false
    if (answer.status === 303) throw sessionGone(call)
    if (answer.status !== 200) throw unexpected(call, answer)
    return true
  })
}

/** Where Nextcloud sends whoever owes it a second factor. */
export function leadsToSecondFactor(answer: Answer, publicUrl: URL): boolean {
  const location = answer.status === 303 ? answer.header('location') : undefined
  if (location === undefined) return false
  return /\/login\/(challenge|setupchallenge|selectchallenge)(\/|$)/.test(
    new URL(location, publicUrl).pathname
  )
}

/** @returns undefined unless it is a list of which every entry is one */
function whole<T>(list: unknown, read: (raw: Record<string, unknown>) => T | undefined): T[] | undefined {
  if (!Array.isArray(list)) return undefined
  const entries = list.map((raw) => read((raw ?? {}) as Record<string, unknown>))
  return entries.every((entry) => entry !== undefined) ? entries : undefined
}

function toToken({ id, name, type, lastActivity, current }: Record<string, unknown>): Token | undefined {
  if (typeof id !== 'number' || typeof type !== 'number') return undefined
  return {
    id,
    name: String(name ?? ''),
    kind: kindOf(type),
    // Whole seconds.
    lastActivity:
      typeof lastActivity === 'number' && lastActivity > 0 ? new Date(lastActivity * 1_000) : null,
    current: current === true
  }
}

function toPasskey({ id, name }: Record<string, unknown>): Passkey | undefined {
  return typeof id === 'number' ? { id, name: storable(String(name ?? '')) } : undefined
}
