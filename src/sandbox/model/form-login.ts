import { noteLogin, passwordIs } from './credentials.ts'
import type { Nextcloud } from './nextcloud.ts'
import type { Session } from './sessions.ts'
import { challengePath, needsSecondFactor, noteProviders } from './two-factor.ts'
import type { User } from './users.ts'

export type LoginOutcome =
  | { user: User; challenge: string | null }
  | { failed: 'userdisabled' | 'invalidpassword' }

/** A log-in with the form, CSRF and Origin being in order. */
export function logInByForm(
  nextcloud: Nextcloud,
  session: Session,
  {
    loginName,
    password,
    userAgent,
    address
  }: { loginName: string; password: string; userAgent: string; address: string }
): LoginOutcome {
  const named = nextcloud.users.find(loginName)
  if (named && !named.enabled) return { failed: 'userdisabled' } // fact 12
  const user = named && passwordIs(named, password) ? named : byAddress(nextcloud, loginName, password)
  if (!user) return { failed: 'invalidpassword' }
  if (!user.enabled) return { failed: 'userdisabled' }

  noteLogin(nextcloud, user)
  nextcloud.tokens.learnPassword(user.id, password) // what was dead comes back to life (fact 1)
  nextcloud.throttler.forget('login', address, user.id)
  return { user, ...begin(nextcloud, session, { user, loginName, password, userAgent }) }
}

/** What every log-in in a browser does: a new session with a token row, and no reset link any more (fact 4). */
export function begin(
  nextcloud: Nextcloud,
  session: Session,
  {
    user,
    loginName,
    password,
    userAgent
  }: { user: User; loginName: string; password: string | null; userAgent: string }
): { challenge: string | null } {
  nextcloud.sessions.regenerate(session)
  session.lasting = true
  session.userId = user.id
  session.loginName = loginName
  session.appPassword = null
  session.passwordConfirmedAt = nextcloud.clock.seconds()
  nextcloud.tokens.add({ userId: user.id, loginName, secret: session.id, password, name: userAgent, type: 0 })
  user.pendingLink = null
  noteProviders(user)
  session.secondFactorPending = needsSecondFactor(user, nextcloud.settings)
  return { challenge: session.secondFactorPending ? challengePath(user) : null }
}

function byAddress({ users }: Nextcloud, address: string, password: string): User | undefined {
  const found = users.byAddress(address)
  return found.length === 1 && passwordIs(found[0]!, password) ? found[0] : undefined
}

/** Ends a session: its token row goes with it. */
export function logOut(nextcloud: Nextcloud, session: Session): void {
  nextcloud.tokens.removeSecret(session.id)
  nextcloud.sessions.clear(session)
}
