import { composeMail } from '../mail/compose.ts'
import { letter } from './letter.ts'
import type { Nextcloud } from './nextcloud.ts'
import { mailAddress, type User } from './users.ts'
import type { MailKind } from './witness.ts'

const instance = 'Nextcloud'

/** Nextcloud's own mails, each with the wording of the real one. A failure to send stays silent (fact 3). */
function send(
  nextcloud: Nextcloud,
  kind: MailKind,
  user: User,
  address: string,
  subject: string,
  content: Parameters<typeof letter>[0]
): boolean {
  if (nextcloud.settings.mailServerDown) return false
  try {
    nextcloud.mailbox.check(address)
  } catch {
    return false
  }
  const raw = composeMail(
    {
      from: { name: instance, address: 'nextcloud@sandbox.example' },
      to: { name: user.displayName, address },
      subject,
      ...letter(content)
    },
    new Date(nextcloud.clock.now())
  )
  nextcloud.mailbox.deliver('nextcloud', [address], raw)
  nextcloud.witness.mailDelivered(user.id, kind)
  return true
}

export function mailResetLink(nextcloud: Nextcloud, user: User, link: string): boolean {
  return send(nextcloud, 'reset-link', user, mailAddress(user), `${instance} password reset`, {
    heading: 'Password reset',
    text: 'Click the following link to reset your password. If you have not requested the password reset, then ignore this email.',
    html: 'Click the following button to reset your password. If you have not requested the password reset, then ignore this email.',
    button: { label: 'Reset your password', url: link }
  })
}

/** Who changed it, for the wording: somebody else, the user, or nobody logged in (the reset link). */
export function mailPasswordChanged(
  nextcloud: Nextcloud,
  user: User,
  actor: User | null,
  instanceUrl: string
): void {
  // Fact 13: to anyone who ever logged in.
  if (user.lastLogin === 0 || mailAddress(user) === '') return
  const what =
    actor === null
      ? `Your password on ${instanceUrl} was reset.`
      : actor === user
        ? `Your password on ${instanceUrl} was changed.`
        : `${actor.displayName} changed your password on ${instanceUrl}.`
  send(
    nextcloud,
    'password-changed',
    user,
    mailAddress(user),
    `Password for ${user.displayName} changed on ${instance}`,
    {
      text: `${what} If you did not request this, please contact an administrator.`
    }
  )
}

/** Tells the old address that there is a new one. */
export function mailAddressChanged(
  nextcloud: Nextcloud,
  user: User,
  old: string | null,
  instanceUrl: string
): void {
  if (user.lastLogin === 0 || !old || old === mailAddress(user)) return
  const now = mailAddress(user) ? ` The new email address is ${mailAddress(user)}` : ''
  send(
    nextcloud,
    'address-changed',
    user,
    old,
    `Email address for ${user.displayName} changed on ${instance}`,
    {
      text: `Your email address on ${instanceUrl} was changed. If you did not request this, please contact an administrator.${now}`
    }
  )
}

export function mailWelcome(nextcloud: Nextcloud, user: User, instanceUrl: string): boolean {
  return send(nextcloud, 'welcome', user, mailAddress(user), `Your ${instance} account was created`, {
    heading: 'Welcome aboard',
    text: `Welcome to your ${instance} account, you can add, protect, and share your data.\r\n\r\nYour Login is: ${user.id}\r\n`,
    button: { label: `Go to ${instance}`, url: instanceUrl, named: true }
  })
}
