import type { Nextcloud } from './nextcloud.ts'
import { mailPasswordChanged } from './notices.ts'
import { weakness } from './password-policy.ts'
import type { User } from './users.ts'

/** A password that Nextcloud does not take, or a change that it calls failed; the text is shown. */
export class PasswordHint extends Error {}

export const MAX_PASSWORD_BYTES = 469

/** Sets a password as an admin, the user, or (actor null) the holder of a reset link. */
export function setPassword(
  nextcloud: Nextcloud,
  user: User,
  password: string,
  actor: User | null,
  instanceUrl: string
): void {
  const complaint = weakness(password, nextcloud.settings.passwordPolicy)
  if (complaint !== undefined) throw new PasswordHint(complaint)
  user.password = password
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
