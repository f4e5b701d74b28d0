import { DomainError } from '../errors.ts'
import type { Protection } from '../guard/protected.ts'
import type { ProtectedList } from '../guard/resolve.ts'
import type { FencedNextcloud } from '../nextcloud/client.ts'
import { type Instance, isEnforcedFor } from '../nextcloud/instance.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import { type Choice, choose, type Drivers, type Refusal } from '../revocation/choose.ts'
import { RevocationError } from '../revocation/errors.ts'
import type { Input, Kind, StepRow } from './operation.ts'
import { isPlanned, planOf } from './plan.ts'
import type { Planned } from './step.ts'
import { replacePassword } from './steps/replace-password.ts'
import { sendResetMail } from './steps/send-reset-mail.ts'

/** What an operation is about to do to a user. */
export type Wish = {
  kind: Kind
  input: Input
  smtp: boolean
  /** A retry, or one in the place of another: something was changed already. */
  touched?: boolean
  /** The steps as they are fixed, once one of them was tried. */
  fixed?: StepRow[] | undefined
}

export type Asked = {
  user: Promise<NextcloudUser>
  protected: Promise<ProtectedList>
  providers: Promise<string[]>
  instance: Promise<Instance>
}

/** What is known of the user, and what follows for the operation. */
export type Examined = { user: NextcloudUser; choice?: Choice; plan: Planned[] }

const revokes = ({ kind, input }: Wish) =>
  kind === 'revoke' ||
  kind === 'offboard' ||
  (['reset', 'enable', 'reinstate'].includes(kind) && input.revoke !== 'none')

type Sources = { nextcloud: FencedNextcloud; protection: Protection }

/** Asks Nextcloud everything at once; nothing is changed. Each answer may fail for itself. */
export function ask(
  { nextcloud, protection }: Sources,
  userId: string,
  wish: Wish,
  signal?: AbortSignal
): Asked {
  const asked = {
    user: nextcloud.getUser(userId, signal),
    protected: protection.list(),
    providers: revokes(wish) ? nextcloud.twoFactorProviders(userId, signal) : Promise.resolve([]),
    instance: nextcloud.instance()
  }
  // Whoever stops at the first failure leaves the others unread.
  for (const answer of Object.values(asked)) answer.catch(() => {})
  return asked
}

/**
 * Whether the wish can be fulfilled for this user, how, and by which steps.
 * @throws DomainError naming the first thing in the way; NextcloudError; RevocationError
 */
export async function examine(
  asked: Asked,
  wish: Wish,
  { drivers, protection }: { drivers: Drivers; protection: Protection }
): Promise<Examined> {
  const user = await asked.user
  protection.refuse(user, await asked.protected, soFar(wish))
  judgeUser(user, wish)
  const providers = await asked.providers
  const instance = await asked.instance
  const noReplacement = judgeReplacement(user, instance, wish.input)
  const isBack = (wish.kind === 'enable' || wish.kind === 'reinstate') && user.enabled && !wish.fixed
  const chosen =
    revokes(wish) && !isBack
      ? await choose(drivers, {
          user,
          providers,
          enforced: isEnforcedFor(instance.enforcement, user.groups),
          removesSecondFactors: wish.input.twoFactor === 'remove',
          noLogIn: judgeLogIn(user, wish) ?? noReplacement,
          replacesPassword: wish.kind === 'reset' && !noReplacement,
          wantsLogIn: wantsLogIn(wish)
        })
      : undefined
  const refused = chosen && 'refused' in chosen ? chosen.refused : undefined
  const choice = chosen && 'name' in chosen ? chosen : undefined
  // An off-boarding locks out as far as it goes, and says at its end what is left.
  if (refused && wish.kind !== 'offboard') throw refusal(refused, wish)
  const plan = planOf(wish.kind, wish.input, { user, providers, choice, refused, noReplacement })
  if (noReplacement && wish.kind !== 'offboard' && isPlanned(plan, replacePassword))
    throw refusal(noReplacement, wish)
  if (isPlanned(plan, sendResetMail)) judgeMail(user, instance, wish)
  if (wish.input.manager !== undefined && !wish.smtp) throw smtpMissing(wish)
  return { user, ...(choice && { choice }), plan }
}

const soFar = ({ touched }: Wish) =>
  touched ? 'This check changed nothing, but something was changed before.' : 'Nothing was changed.'

function refusal({ code, because, extra }: Refusal, wish: Wish): Error {
  const detail = `${because} ${soFar(wish)}`
  if (code === 'revocation-unavailable') return new RevocationError('sql', detail, { isPassing: true })
  return new DomainError(code, detail, extra ? { extra } : {})
}

/** What the user's own details tell. @throws DomainError */
export function judgeUser({ id, enabled, canSetPassword, backend }: NextcloudUser, wish: Wish): void {
  const { kind, input } = wish
  if (
    !enabled &&
    (kind === 'reset' || kind === 'reset-mail' || (kind === 'revoke' && input.replacePassword))
  ) {
    throw new DomainError(
      'user-disabled',
      `The user "${id}" is disabled in Nextcloud: it mails nothing to such a user, and lets nobody log in as one. ${soFar(wish)} Enable the user first.`
    )
  }
  if (kind === 'delete' && enabled) {
    throw new DomainError(
      'user-enabled',
      `The user "${id}" is enabled in Nextcloud, so somebody may need the account. ${soFar(wish)} Disable the user first, or leave the account alone.`
    )
  }
  if (enabled && isLetInOtherwise(wish)) {
    throw new DomainError(
      'user-enabled',
      `The user "${id}" was enabled by somebody else since, and may be at work: what is left to do would lock the user out. ${soFar(wish)} Cancel this operation, and reset the user where it is needed.`
    )
  }
  if (!canSetPassword && (kind === 'reset-mail' || (kind === 'reset' && input.revoke === 'none'))) {
    throw new DomainError(
      'cannot-set-password',
      `The user "${id}" comes from the backend "${backend}", which keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. ${soFar(wish)} Reset it in that directory.`,
      { extra: { backend } }
    )
  }
}

/**
 * No brake counts what ends the access of one who is disabled. So it is not done to one whom this operation has not let in.
 * A step that lets in, and had to be undone, is pending.
 */
function isLetInOtherwise({ kind, fixed = [] }: Wish): boolean {
  const stateOf = (wanted: string) => fixed.find(({ name }) => name === wanted)?.state
  return (
    (kind === 'enable' || kind === 'reinstate') &&
    stateOf('enable-user') === 'pending' &&
    stateOf('revoke-tokens') === 'pending'
  )
}

/** Why the password may not be replaced. */
function judgeReplacement(
  { id, canSetPassword, backend }: NextcloudUser,
  { perUserKeys }: Instance,
  { acceptDataLoss }: Input
): Refusal | undefined {
  if (!canSetPassword) {
    return {
      code: 'cannot-set-password',
      because: `The backend "${backend}" keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. Lock the user out in that directory, too.`,
      extra: { backend }
    }
  }
  if (perUserKeys && !acceptDataLoss) {
    return {
      code: 'encryption-per-user-keys',
      because: `The server encrypts files with each user's own password: replacing it would make the files of "${id}" unreadable. Who accepts that says so with "acceptDataLoss": true.`
    }
  }
  return undefined
}

/** Why we may not log in as the user, whatever the user's kind. */
function judgeLogIn({ id, enabled }: NextcloudUser, { kind, input, fixed }: Wish): Refusal | undefined {
  if (kind === 'revoke' && !input.replacePassword) {
    return {
      code: 'needs-password-replacement',
      because: `Over HTTP alone sessions and app passwords of "${id}" can only be revoked by replacing the password and logging in with it. Ask with replacePassword=true, which includes the reset mail; or set OCC_COMMAND or NEXTCLOUD_DATABASE_URL, by which the password stays.`
    }
  }
  const enables = (name: string) => name === 'enable-user' || name === 'enable-briefly'
  const at = fixed?.findIndex(({ name }) => name === 'revoke-tokens') ?? -1
  if (!enabled && fixed && !fixed.some(({ name, position }) => enables(name) && position < at)) {
    return {
      code: 'user-disabled',
      because: `The user "${id}" is disabled by now, and nobody can log in as a disabled user. Begin a new operation instead of this one.`
    }
  }
  return undefined
}

/** What only a log-in as the user can do. */
function wantsLogIn({ kind, input }: Wish): string | undefined {
  if (kind !== 'offboard') return undefined
  const wanted = [
    ...(input.shares === 'delete' ? ['shares'] : []),
    ...(input.passkeys === 'delete' ? ['passkeys'] : [])
  ]
  return wanted.length > 0 ? `delete ${wanted.join(' and ')}` : undefined
}

function judgeMail({ id, mailAddress }: NextcloudUser, instance: Instance, wish: Wish): void {
  const { kind, input, smtp } = wish
  if (input.mail === 'none') return
  if (mailAddress === null) {
    throw new DomainError(
      'no-mail-address',
      `The user "${id}" has no mail address in Nextcloud, so the mail could not reach anybody. ${soFar(wish)} Set an address${kind === 'reset-mail' ? ' in Nextcloud first' : ', or ask with "mail": "none" and tell the user yourself'}.`
    )
  }
  if (input.mail === 'smtp' && !smtp) throw smtpMissing(wish)
  if (!instance.passwordReset) {
    throw new DomainError(
      'password-reset-off',
      `Nextcloud does not offer "Forgot password?" (lost_password_link is set), so no reset mail can work. ${soFar(wish)}`
    )
  }
}

const smtpMissing = (wish: Wish) =>
  new DomainError(
    'smtp-not-configured',
    `Locksmith has no SMTP_URL, so it cannot send mail of its own. ${soFar(wish)} Set SMTP_URL and MAIL_FROM, or ask ${wish.input.manager === undefined ? 'with "mail": "nextcloud"' : 'without "manager"'}.`
  )
