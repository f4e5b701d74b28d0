import type { Nextcloud } from './nextcloud.ts'
import type { Token } from './tokens.ts'
import type { User } from './users.ts'

/** Why a token does not count: `unknown`, waiting for a `wipe`, or `password-invalid`. */
export type TokenState = { token: Token } | { refused: 'unknown' | 'wipe' | 'password-invalid' }

export function findToken({ tokens }: Nextcloud, secret: string): TokenState {
  // Shorter ones are never tokens, always passwords.
  const token = secret.length >= 22 ? tokens.lookUp(secret) : undefined
  if (!token) return { refused: 'unknown' }
  if (token.type === 2) return { refused: 'wipe' }
  if (token.passwordInvalid) return { refused: 'password-invalid' }
  return { token }
}

const CHECK_EVERY = 5 * 60

/**
 * Whether a token still counts. Its password is looked at only every five minutes: until then a
 * changed password goes unnoticed, after that the token is marked and stays dead until a log-in
 * with the new password (fact 1). `knownDisabled`: a session of a user who is known to be disabled
 * is deleted at that check.
 */
export function tokenHolds(nextcloud: Nextcloud, token: Token, knownDisabled = false): boolean {
  const now = nextcloud.clock.seconds()
  if (token.lastCheck <= now - CHECK_EVERY) {
    if (knownDisabled) {
      nextcloud.tokens.remove(token)
      return false
    }
    if (token.password !== null) {
      const user = nextcloud.users.get(token.userId)
      if (!user || !passwordIs(user, token.password)) {
        token.passwordInvalid = true
        return false
      }
      token.lastCheck = now
      token.lastActivity = now
      nextcloud.tokens.remember(token)
    }
  }
  if (token.lastActivity < now - 60) {
    token.lastActivity = now
    nextcloud.tokens.remember(token)
  }
  return true
}

export function passwordIs(user: User, password: string): boolean {
  return user.password !== null && user.password === password
}

/** What a log-in writes down: at most once a minute (fact 4 rests on it). True for the first ever. */
export function noteLogin({ clock }: Nextcloud, user: User): boolean {
  const now = clock.seconds()
  const first = user.lastLogin === 0
  if (now - user.lastLogin > 60) user.lastLogin = now
  if (user.firstLogin === 0) user.firstLogin = first ? now : -1
  return first
}
