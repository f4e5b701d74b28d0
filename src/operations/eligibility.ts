import { DomainError } from '../errors.ts'
import type { FencedNextcloud } from '../nextcloud/client.ts'
import { type Instance, isEnforcedFor } from '../nextcloud/instance.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import type { Input, Kind } from './operation.ts'

/** What an operation is about to need of a user. */
export type Plan = {
  kind: Kind
  input: Input
  smtp: boolean
  /** A retry, or a reset in the place of another: the password is replaced already. */
  replaced?: boolean
}

type Asked = { user: Promise<NextcloudUser>; providers: Promise<string[]>; instance: Promise<Instance> }

/** Revoking over HTTP means to log in as the user. */
const logsIn = ({ kind, input }: Plan) => kind === 'reset' && input.revoke !== 'none'

/** Asks Nextcloud everything at once; nothing is changed. Each answer may fail for itself. */
export function ask(nextcloud: FencedNextcloud, userId: string, plan: Plan, signal?: AbortSignal): Asked {
  const asked = {
    user: nextcloud.getUser(userId, signal),
    providers: logsIn(plan) ? nextcloud.twoFactorProviders(userId, signal) : Promise.resolve([]),
    instance: nextcloud.instance()
  }
  // Whoever stops at the first failure leaves the others unread.
  for (const answer of Object.values(asked)) answer.catch(() => {})
  return asked
}

/**
 * Whether the plan can work for this user.
 * @throws DomainError naming the first thing in the way; NextcloudError
 */
export async function examine(asked: Asked, plan: Plan): Promise<NextcloudUser> {
  const user = await asked.user
  judgeUser(user, plan)
  judgeSecondFactors(user, await asked.providers, plan)
  judgeInstance(user, await asked.instance, plan)
  return user
}

const soFar = ({ replaced }: Plan) =>
  replaced ? 'This check changed nothing, but the password was replaced before.' : 'Nothing was changed.'

/** What the user's own details tell. @throws DomainError */
export function judgeUser(
  { id, enabled, canSetPassword, backend, mailAddress }: NextcloudUser,
  plan: Plan
): void {
  const { kind, input, smtp } = plan
  if (!enabled) {
    throw new DomainError(
      'user-disabled',
      `The user "${id}" is disabled in Nextcloud: it mails nothing to such a user, and lets nobody log in as one. ${soFar(plan)} Enable the user first.`
    )
  }
  if (!canSetPassword) {
    throw new DomainError(
      'cannot-set-password',
      `The user "${id}" comes from the backend "${backend}", which keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. ${soFar(plan)} Reset it in that directory.`,
      { extra: { backend } }
    )
  }
  if (input.mail !== 'none' && mailAddress === null) {
    throw new DomainError(
      'no-mail-address',
      `The user "${id}" has no mail address in Nextcloud, so the mail could not reach anybody. ${soFar(plan)} Set an address${kind === 'reset' ? ', or ask with "mail": "none" and tell the user yourself' : ' in Nextcloud first'}.`
    )
  }
  if (input.mail === 'smtp' && !smtp) {
    throw new DomainError(
      'smtp-not-configured',
      `Locksmith has no SMTP_URL, so it cannot send mail of its own. ${soFar(plan)} Set SMTP_URL and MAIL_FROM, or ask with "mail": "nextcloud".`
    )
  }
}

function judgeSecondFactors({ id }: NextcloudUser, providers: string[], plan: Plan): void {
  if (providers.length === 0) return
  throw new DomainError(
    'two-factor-user',
    `The user "${id}" has a second factor (${providers.join(', ')}), at which our own log-in to revoke sessions would end. ${soFar(plan)}`,
    { extra: { providers } }
  )
}

function judgeInstance({ id, groups }: NextcloudUser, instance: Instance, plan: Plan): void {
  if (logsIn(plan) && isEnforcedFor(instance.enforcement, groups)) {
    throw new DomainError(
      'two-factor-enforced',
      `A second factor is enforced for "${id}", at which our own log-in to revoke sessions would end. ${soFar(plan)}`
    )
  }
  if (plan.kind === 'reset' && instance.perUserKeys) {
    throw new DomainError(
      'encryption-per-user-keys',
      `The server encrypts files with each user's own password: replacing it would make the files of "${id}" unreadable. ${soFar(plan)}`
    )
  }
  if (plan.input.mail !== 'none' && !instance.passwordReset) {
    throw new DomainError(
      'password-reset-off',
      `Nextcloud does not offer "Forgot password?" (lost_password_link is set), so no reset mail can work. ${soFar(plan)}`
    )
  }
}
