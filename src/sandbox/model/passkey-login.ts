import { noteLogin } from './credentials.ts'
import { begin } from './form-login.ts'
import type { Nextcloud } from './nextcloud.ts'
import type { Session } from './sessions.ts'
import type { User } from './users.ts'

/**
 * A log-in without the password; undefined where the account is disabled. Its token knows no password, so no change of
 * it ever ends that session. The second factor is asked for all the same (Nextcloud's WebAuthnChain).
 */
export function logInByPasskey(
  nextcloud: Nextcloud,
  session: Session,
  user: User,
  userAgent: string
): { challenge: string | null } | undefined {
  if (!user.enabled) return undefined
  noteLogin(nextcloud, user)
  return begin(nextcloud, session, { user, loginName: user.id, password: null, userAgent })
}
