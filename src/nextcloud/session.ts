import type { Secret } from '../secret.ts'
import { refuseCommonFailures, unexpected } from './answer.ts'
import type { AppApiCalls } from './app-api.ts'
import { type Cookies, keep } from './cookies.ts'
import { NextcloudError, wrongPassword } from './errors.ts'
import {
  deleteFromPage,
  leadsToSecondFactor,
  passes,
  readSecurityPage,
  type SecurityPage
} from './security-page.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** 34 has one-time app passwords (type 3), made by "show QR code": app passwords to us. */
export type TokenKind = 'session' | 'app-password' | 'wiped'

/** A row of Nextcloud's `oc_authtoken` as the security page shows it. */
export type Token = {
  id: number
  name: string
  kind: TokenKind
  /** When it was last used; Nextcloud writes it down every few minutes only. null: it does not say. */
  lastActivity: Date | null
  /** The session that asked. */
  current: boolean
}

/** Our own log-in as the user. Ends when its token is deleted. */
export type Session = {
  userId: string
  /** What it is called in the user's list of devices. */
  name: string
  password: Secret
  cookies: Cookies
  /** On Nextcloud's clock: between these it set `lastLogin` (fact 13). */
  loggedIn: { from: Date; to: Date }
}

export type Login =
  | { kind: 'ok'; session: Session }
  | { kind: 'refused' }
  /**
   * Counts as no failure, but leaves a session row that cannot be listed. `appApi`: `refused` where the AppAPI
   * credentials were taken a moment before, and did not get past it all the same.
   */
  | { kind: 'second-factor'; appApi: 'not-sent' | 'refused' }

type FormLogin = { kind: 'ok' | 'challenged'; session: Session } | { kind: 'refused' }

export type LoginOptions = {
  /** Sends the AppAPI credentials, where there are any. The second factor stays as it is. Default: false. */
  pastSecondFactor?: boolean
}

export function sessionCalls(wire: Wire, appApi: Pick<AppApiCalls, 'passing'>) {
  /**
   * One-request form login. Only ever with a password that was just set: each refused one counts
   * against our address (fact 7).
   * @param name what the session is called in the user's list of devices
   * @throws NextcloudError credentials-refused, without having logged in, where it is to pass and would not
   */
  async function logIn(
    userId: string,
    password: Secret,
    name: string,
    { pastSecondFactor = false }: LoginOptions = {}
  ): Promise<Login> {
    const passing = pastSecondFactor ? appApi.passing : undefined
    const login = await logInByForm(userId, password, name, passing)
    if (login.kind === 'refused') return login
    const ok: Login = { kind: 'ok', session: login.session }
    if (login.kind === 'ok') return ok
    if (!passing) return { kind: 'second-factor', appApi: 'not-sent' }
    // It leads to the second factor whether or not the credentials were taken: only the next page tells.
    if (await passes(wire, login.session)) return ok
    return { kind: 'second-factor', appApi: 'refused' }
  }

  async function logInByForm(
    userId: string,
    password: Secret,
    name: string,
    passing: AppApiCalls['passing']
  ): Promise<FormLogin> {
    const call: Call = {
      method: 'POST',
      path: '/index.php/login',
      name: 'log in',
      form: { user: userId, password: password.reveal() },
      // Nextcloud takes the OCS header for its CSRF token, but wants an Origin that it trusts.
      headers: { origin: wire.publicUrl.origin, 'user-agent': name, ...passing?.headers },
      ...(passing && { beforeSend: passing.beforeSend }),
      effect: true
    }
    const started = performance.now()
    return wire
      .asUser(userId, call, (answer): FormLogin => {
        refuseCommonFailures(answer)
        const location = answer.header('location')
        if (answer.status !== 303 || location === undefined) throw unexpected(call, answer)
        if (/\/login$/.test(new URL(location, wire.publicUrl).pathname)) throw wrongPassword(call)
        const cookies: Cookies = new Map()
        keep(cookies, answer)
        const tookMs = performance.now() - started
        // The Date header has whole seconds, and so has lastLogin: one second of slack on both sides.
        const loggedIn = {
          from: new Date(answer.date.getTime() - tookMs - 1_000),
          to: new Date(answer.date.getTime() + 1_000)
        }
        const kind = leadsToSecondFactor(answer, wire.publicUrl) ? 'challenged' : 'ok'
        return { kind, session: { userId, name, password, cookies, loggedIn } }
      })
      .catch((error): FormLogin => {
        if (error instanceof NextcloudError && error.variant === 'wrong-password') return { kind: 'refused' }
        throw error
      })
  }

  /**
   * The user's tokens, at most 1,000 of them and in no order: with more our own (`current`) can be missing,
   * so a list without it is not the whole one.
   * @throws NextcloudError session-gone; rubbish for an empty list, since ours has a row
   */
  const listTokens = async (session: Session): Promise<Token[]> => (await look(session)).tokens

  /** The tokens as {@link listTokens} gives them, and the passkeys, from the same page. */
  const look = (session: Session): Promise<SecurityPage> => readSecurityPage(wire, session)

  /** @returns false where the token was not there any more. @throws NextcloudError wrong-password, session-gone */
  const deleteToken = (session: Session, id: number): Promise<boolean> =>
    deleteFromPage(wire, session, {
      path: `/index.php/settings/personal/authtokens/${id}`,
      name: 'delete token',
      says404: true
    })

  return { logIn, listTokens, look, deleteToken }
}
