import type { User } from '../model/users.ts'
import type { Sandbox } from './sandbox.ts'

/** A user as the control API shows one, with tokens. */
export function userView(sandbox: Sandbox, user: User): Record<string, unknown> {
  const {
    id,
    displayName,
    email,
    notifyEmail,
    groups,
    subadminOf,
    backend,
    enabled,
    language,
    firstLogin,
    lastLogin
  } = user
  return {
    id,
    displayName,
    email,
    notifyEmail,
    groups,
    subadminOf,
    backend,
    enabled,
    language,
    firstLogin,
    lastLogin,
    twoFactor: Object.fromEntries(user.twoFactor),
    hasPendingLink: user.pendingLink !== null,
    tokens: sandbox.tokens(id)
  }
}
