import type { Nextcloud } from './nextcloud.ts'
import { mailPasswordChanged } from './notices.ts'
import { weakness } from './password-policy.ts'
import type { User } from './users.ts'

/** A password that Nextcloud does not take, or a change that it calls failed; the text is shown. */
export class PasswordHint extends Error {}

export const MAX_PASSWORD_BYTES = 469

export interface PasswordChange {
  user: User
  password: string
  /** Who is logged in: an admin, the user, or nobody. */
  actor: User | null
  /** Whoever is logged in: it came by a reset link. */
  byLink?: boolean
  instanceUrl: string
}

/** Sets a password as an admin, the user, or the holder of a reset link. */
export function setPassword(
  nextcloud: Nextcloud,
  { user, password, actor, byLink = false, instanceUrl }: PasswordChange
): void {
  const complaint = weakness(password, nextcloud.settings.passwordPolicy)
  if (complaint !== undefined) throw new PasswordHint(complaint)
  user.password = password
  nextcloud.histories.notePassword(user, byLink ? 'reset link' : actor === user ? 'person' : 'admin', actor)
  // Fact 11: from 32 on a new password kills the link that was mailed before. No token is touched (fact 1).
  if (nextcloud.quirks.passwordChangeKillsLink) user.pendingLink = null
  mailPasswordChanged(nextcloud, user, actor, instanceUrl)
  if (nextcloud.settings.encryption !== 'off' && actor !== null && actor !== user) {
    // Fact 8: it says so although the password was changed.
    throw new PasswordHint(
      'Can not decrypt the recovery key. Maybe you provided the wrong password. Try again.'
    )
  }
}
