import type { Secret } from '../secret.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import { NextcloudError } from './errors.ts'
import { initialState } from './page.ts'
import type { Answer, Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** 34 has one-time app passwords (type 3), made by "show QR code": app passwords to us. */
export type TokenKind = 'session' | 'app-password' | 'wiped'

/** A row of Nextcloud's `oc_authtoken` as the security page shows it. */
export type Token = {
  id: number
  name: string
  kind: TokenKind
  /** When it was last used; null where that is not known. */
  lastActivity: Date | null
  /** The session that asked. */
  current: boolean
}

/** Our own log-in as the user. Ends when its token is deleted. */
export type Session = {
  userId: string
  password: Secret
  cookies: Map<string, string>
  /** On Nextcloud's clock: between these it set `lastLogin` (fact 13). */
  loggedIn: { from: Date; to: Date }
}

export type Login =
  | { kind: 'ok'; session: Session }
  | { kind: 'refused' }
  /** Counts as no failure, but leaves a session row that cannot be listed. */
  | { kind: 'second-factor' }

const kinds = ['session', 'app-password', 'wiped'] as const
/** By `oc_authtoken.type`. A kind that a later Nextcloud invents is still access: to be revoked like an app password. */
export const kindOf = (type: number): TokenKind => kinds[type] ?? 'app-password'

export function sessionCalls(wire: Wire) {
  /**
   * One-request form login. Only ever with a password that was just set: each refused one counts
   * against our address (fact 7).
   * @param name what the session is called in the user's list of devices
   */
  async function logIn(userId: string, password: Secret, name: string): Promise<Login> {
    const call: Call = {
      method: 'POST',
      path: '/index.php/login',
      name: 'log in',
      form: { user: userId, password: password.reveal() },
      // Nextcloud takes the OCS header for its CSRF token, but wants an Origin that it trusts.
      headers: { origin: wire.publicUrl.origin, 'user-agent': name },
      effect: true
    }
    const started = performance.now()
    return wire
      .asUser(userId, call, (answer): Login => {
        refuseCommonFailures(answer)
        const location = answer.header('location')
        if (answer.status !== 303 || location === undefined) throw unexpected(call, answer)
        const path = new URL(location, wire.publicUrl).pathname
        if (/\/login\/(challenge|setupchallenge|selectchallenge)(\/|$)/.test(path))
          return { kind: 'second-factor' }
        if (/\/login$/.test(path)) throw wrongPassword(call)
        const cookies = new Map<string, string>()
        keep(cookies, answer)
        const tookMs = performance.now() - started
        // The Date header has whole seconds, and so has lastLogin: one second of slack on both sides.
        const loggedIn = {
          from: new Date(answer.date.getTime() - tookMs - 1_000),
          to: new Date(answer.date.getTime() + 1_000)
        }
        return { kind: 'ok', session: { userId, password, cookies, loggedIn } }
      })
      .catch((error): Login => {
        if (error instanceof NextcloudError && error.variant === 'wrong-password') return { kind: 'refused' }
        throw error
      })
  }

  /**
   * The user's tokens, at most 1,000 of them and in no order: with more our own (`current`) can be missing,
   * so a list without it is not the whole one.
   * @throws NextcloudError session-gone; rubbish for an empty list, since ours has a row
   */
  async function listTokens(session: Session): Promise<Token[]> {
    const call: Call = {
      method: 'GET',
      path: '/index.php/settings/user/security',
      name: 'list tokens',
      cookies: header(session.cookies),
      headers: { accept: 'text/html' }
    }
    return wire.send(call, (answer) => {
      refuseCommonFailures(answer)
      keep(session.cookies, answer)
      if (answer.status === 303) throw sessionGone(call)
      const list = answer.status === 200 ? initialState(answer.body, 'settings-app_tokens') : undefined
      const tokens = Array.isArray(list) ? list.map(toToken) : undefined
      // The list is `[]` for who has no token row. Ours has one: an empty list is not the list.
      if (!tokens?.every((token) => token !== undefined) || tokens.length === 0) {
        throw unexpected(call, answer)
      }
      return tokens
    })
  }

  /**
   * Cookie and Basic with the account's password, which every version takes.
   * @returns false where the token was not there any more
   */
  async function deleteToken(session: Session, id: number): Promise<boolean> {
    const call: Call = {
      method: 'DELETE',
      path: `/index.php/settings/personal/authtokens/${id}`,
      name: 'delete token',
      cookies: header(session.cookies),
      auth: { user: session.userId, password: session.password.reveal() },
      effect: true
    }
    return wire.asUser(session.userId, call, (answer) => {
      refuseCommonFailures(answer)
      keep(session.cookies, answer)
      if (answer.status === 200 && answer.body.trim() === '[]') return true
      if (answer.status === 404) return false
      // The session is gone, and so the password was tried.
      if (answer.status === 401) throw wrongPassword(call)
      if (answer.status === 303) throw sessionGone(call)
      throw unexpected(call, answer)
    })
  }

  return { logIn, listTokens, deleteToken }
}

const wrongPassword = (call: Call) =>
  new NextcloudError(
    'wrong-password',
    `Nextcloud did not take the password that was set a moment ago (at "${call.name}"): someone or something else changed it.`
  )

const sessionGone = (call: Call) =>
  new NextcloudError('session-gone', `Our own log-in as the user ended before its time (at "${call.name}").`)

function toToken(raw: unknown): Token | undefined {
  const { id, name, type, current, lastActivity } = (raw ?? {}) as Record<string, unknown>
  if (typeof id !== 'number' || typeof type !== 'number') return undefined
  return {
    id,
    name: String(name ?? ''),
    kind: kindOf(type),
    lastActivity:
      typeof lastActivity === 'number' && lastActivity > 0 ? new Date(lastActivity * 1_000) : null,
    current: current === true
  }
}

/** Takes the cookies of an answer as a browser would; PHP deletes one by the value `deleted`. */
function keep(cookies: Map<string, string>, { setCookies }: Answer) {
  for (const line of setCookies) {
    const pair = line.split(';', 1)[0]!
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    const value = pair.slice(at + 1).trim()
    if (value === '' || value === 'deleted') cookies.delete(name)
    else cookies.set(name, value)
  }
}

const header = (cookies: Map<string, string>) =>
  [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
