import { DomainError } from '../errors.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { isEnforcedFor } from '../nextcloud/instance.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { Input, Kind } from './operation.ts'

/** What an operation is about to need of a user. */
export type Plan = { kind: Kind; input: Input; smtp: boolean }

/**
 * Asks Nextcloud, in one go and without changing anything, whether the plan can work for this user.
 * @throws DomainError naming the first thing in the way; NextcloudError
 */
export async function examine(
  nextcloud: Nextcloud,
  userId: string,
  plan: Plan,
  signal?: AbortSignal
): Promise<NextcloudUser> {
  const logsIn = plan.kind === 'reset' && plan.input.revoke !== 'none'
  const [user, providers, instance] = await Promise.all([
    nextcloud.getUser(userId, signal),
    logsIn ? nextcloud.twoFactorProviders(userId, signal) : [],
    nextcloud.instance(signal)
  ])
  const who = `The user "${user.id}"`
  const nothing = 'Nothing was changed.'
  if (!user.enabled) {
    throw new DomainError(
      'user-disabled',
      `${who} is disabled in Nextcloud, so no mail would be sent. ${nothing} Enable the user first.`
    )
  }
  if (!user.canSetPassword) {
    throw new DomainError(
      'cannot-set-password',
      `${who} comes from the backend "${user.backend}", which keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. ${nothing} Reset it in that directory.`,
      { extra: { backend: user.backend } }
    )
  }
  if (plan.kind === 'reset' && instance.perUserKeys) {
    throw new DomainError(
      'encryption-per-user-keys',
      `The server encrypts files with each user's own password: replacing it would make the files of "${user.id}" unreadable. ${nothing}`
    )
  }
  if (logsIn && providers.length > 0) {
    throw new DomainError(
      'two-factor-user',
      `${who} has a second factor (${providers.join(', ')}), at which our own log-in to revoke sessions would end. ${nothing}`,
      { extra: { providers } }
    )
  }
  if (logsIn && isEnforcedFor(instance.enforcement, user.groups)) {
    throw new DomainError(
      'two-factor-enforced',
      `A second factor is enforced for "${user.id}", at which our own log-in to revoke sessions would end. ${nothing}`
    )
  }
  if (plan.input.mail !== 'none' && user.mailAddress === null) {
    throw new DomainError(
      'no-mail-address',
      `${who} has no mail address in Nextcloud, so the mail could not reach anybody. ${nothing} Set an address, or ask with "mail": "none" and tell the user yourself.`
    )
  }
  if (plan.input.mail !== 'none' && !instance.passwordReset) {
    throw new DomainError(
      'password-reset-off',
      `Nextcloud does not offer "Forgot password?" (lost_password_link is set), so no reset mail can work. ${nothing}`
    )
  }
  if (plan.input.mail === 'smtp' && !plan.smtp) throw smtpNotConfigured()
  return user
}

export const smtpNotConfigured = () =>
  new DomainError(
    'smtp-not-configured',
    'Locksmith has no SMTP_URL, so it cannot send mail of its own. Nothing was changed. Set SMTP_URL and MAIL_FROM, or ask with "mail": "nextcloud".'
  )
