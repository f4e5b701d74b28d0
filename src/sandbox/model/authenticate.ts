import { type AppApiCredentials, logInApp } from './app-api.ts'
import { findToken, noteLogin, passwordIs, tokenHolds } from './credentials.ts'
import { logOut } from './form-login.ts'
import type { Nextcloud } from './nextcloud.ts'
import type { Session } from './sessions.ts'
import { isEnforcedFor, needsSecondFactor, noteProviders } from './two-factor.ts'
import type { User } from './users.ts'

/** Wrong credentials were given: 401, whatever was asked for. */
export class LoginFailed extends Error {}

/** How somebody came to be logged in. `charge` gets each brute-force delay. */
export interface Attempt {
  session: Session
  basic: { user: string; password: string } | null
  hadSessionCookie: boolean
  hadTestCookie: boolean
  /** Of an external app; null where its header is missing. */
  appApi: AppApiCredentials | null
  address: string
  userAgent: string
  charge: (delayMs: number) => void
}

/** Who is calling; null for nobody. Cookies come first, Basic only counts without them. */
export function authenticate(nextcloud: Nextcloud, attempt: Attempt): User | null {
  const bySession = fromSession(nextcloud, attempt.session)
  if (bySession) return bySession
  // Only where nobody is logged in yet: on a later call of a session its header changes nothing.
  const app = attempt.appApi && logInApp(nextcloud, attempt.session, attempt, attempt.appApi)
  if (app) return app.user
  if (attempt.hadSessionCookie) {
    const found = findToken(nextcloud, attempt.session.id)
    // The row is there and its user is disabled: refused loudly, not as nobody (recordings).
    if ('token' in found && nextcloud.users.get(found.token.userId)?.enabled === false)
      throw new LoginFailed()
  }
  return attempt.basic ? fromBasic(nextcloud, attempt, attempt.basic) : null
}

function fromSession(nextcloud: Nextcloud, session: Session): User | null {
  if (session.userId === null) return null
  const user = nextcloud.users.get(session.userId)
  if (!user) return null
  const found = findToken(nextcloud, session.appPassword ?? session.id)
  if (!('token' in found) || !tokenHolds(nextcloud, found.token, !user.enabled)) {
    logOut(nextcloud, session)
    return null
  }
  return user.enabled ? user : null
}

function fromBasic(
  nextcloud: Nextcloud,
  attempt: Attempt,
  { user: loginName, password }: { user: string; password: string }
): User | null {
  const { throttler, clock, settings, tokens } = nextcloud
  if (loginName === '' || password === '') return null
  const delay = throttler.delayOrRefuse(attempt.address, 'login')
  attempt.charge(delay)

  const found = findToken(nextcloud, password)
  // A marked token is refused without counting as a failed log-in.
  if ('refused' in found && found.refused === 'password-invalid') throw new LoginFailed()
  if ('token' in found) {
    // From 33 on a session's id does not do as a password.
    if (found.token.type === 0 && nextcloud.version >= 33) throw new LoginFailed()
    const user = nextcloud.users.get(found.token.userId)
    if (user && sameLogin(found.token.loginName, loginName, user) && tokenHolds(nextcloud, found.token)) {
      if (!user.enabled) throw new LoginFailed()
      enter(nextcloud, attempt, user, found.token.loginName)
      // A one-time one is used up by any call; what it would be exchanged at is not simulated.
      if (found.token.type === 3) {
        tokens.remove(found.token)
        nextcloud.sessions.clear(attempt.session)
        throw new LoginFailed()
      }
      attempt.session.appPassword = password
      return user
    }
    return fail(nextcloud, attempt, loginName, delay)
  }

  const first = nextcloud.users.find(loginName)
  const candidates = first ? [first] : nextcloud.users.byAddress(loginName)
  const named = candidates.length === 1 ? candidates[0] : undefined
  // An enforced one is not even looked at.
  if (named && !settings.tokenAuthEnforced && !isEnforcedFor(named, settings)) noteProviders(named)
  // The real password of an account with a second factor is ignored, right or wrong, and so is that of an address
  // which several accounts share.
  if (settings.tokenAuthEnforced || candidates.length > 1 || (named && needsSecondFactor(named, settings)))
    return null
  if (!named || !passwordIs(named, password)) return fail(nextcloud, attempt, loginName, delay)
  if (!named.enabled) throw new LoginFailed()
  enter(nextcloud, attempt, named, loginName)
  attempt.session.passwordConfirmedAt = clock.seconds()
  tokens.learnPassword(named.id, password)
  // Callers that keep cookies get a session row for it.
  if (attempt.hadTestCookie && !tokens.bySecret(attempt.session.id)) {
    tokens.add({
      userId: named.id,
      loginName,
      secret: attempt.session.id,
      password,
      name: attempt.userAgent,
      type: 0
    })
    attempt.session.lasting = true
  }
  return named
}

function enter(nextcloud: Nextcloud, { session, address }: Attempt, user: User, loginName: string): void {
  session.userId = user.id
  session.loginName = loginName
  session.secondFactorPending = false
  noteLogin(nextcloud, user)
  nextcloud.throttler.forget('login', address, user.id)
}

function fail(
  { throttler }: Nextcloud,
  { address, charge }: Attempt,
  loginName: string,
  delay: number
): never {
  throttler.register('login', address, loginName)
  if (delay === 0) charge(throttler.delayOrRefuse(address, 'login'))
  throw new LoginFailed()
}

function sameLogin(expected: string, given: string, user: User): boolean {
  return (
    expected.toLowerCase() === given.toLowerCase() ||
    (user.email !== null && user.email === given && expected === given)
  )
}
