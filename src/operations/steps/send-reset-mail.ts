import { problemOf } from '../../errors.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { Input, Outcome } from '../operation.ts'
import { done, type Step, type StepContext, type StepResult, skipped } from '../step.ts'

/** The mail that lets the user back in. Last of all: our own log-in as the user would kill its link (fact 4). */
export const sendResetMail: Step = {
  name: 'send-reset-mail',
  repeat: {
    atMostOnce: 'a second mail kills the link in the first',
    unknown: ({ input }, known) => unknownDelivery(input.mail, known)
  },
  limited: ({ mail }) => (mail === 'nextcloud' ? 'mail' : undefined),
  async run(context) {
    const { operation, outcome, nextcloud } = context
    const via = operation.input.mail
    if (via === 'none') return skipped({ mail: { via, delivery: 'not-requested' } })
    // Whoever held the account a minute ago may have changed the address meanwhile (fact 14).
    const user = await nextcloud.getUser(operation.userId)
    const to = outcome.user?.mailAddress ?? null
    if (user.mailAddress === null || user.mailAddress !== to) return addressChanged(to, user.mailAddress)
    if (!user.enabled) {
      return refused(
        'user-disabled',
        'The user was disabled meanwhile, so no mail was asked for. Enable the user and `retry`.'
      )
    }
    return via === 'nextcloud' ? mailByNextcloud(context, to!) : mailBySmtp(context, to!)
  }
}

async function mailByNextcloud(
  { nextcloud, operation, outcome, grant, begin }: StepContext,
  to: string
): Promise<StepResult> {
  await begin()
  try {
    await nextcloud.requestResetMail(operation.userId, grant!)
  } catch (error) {
    if (!(error instanceof NextcloudError)) throw error
    if (error.variant === 'not-allowed')
      return refused('password-reset-off', `${error.message} Switch password reset on and \`retry\`.`)
    if (error.variant === 'effect-unknown') return unknownDelivery('nextcloud', outcome)
    throw error
  }
  return done({ mail: { via: 'nextcloud', delivery: 'requested', to } })
}

async function mailBySmtp(
  { mailer, operation, outcome, begin, fence }: StepContext,
  to: string
): Promise<StepResult> {
  if (!mailer)
    return refused(
      'smtp-not-configured',
      'Locksmith has no SMTP_URL any more, so no mail was sent. Set it and `retry`.'
    )
  const { displayName, language } = outcome.user!
  await begin()
  await fence.confirm()
  const sent = await mailer.sendAccessReset({
    to,
    userId: operation.userId,
    displayName,
    language,
    operationId: operation.id,
    revoked: operation.input.revoke
  })
  switch (sent.kind) {
    case 'accepted':
      return done({ mail: { via: 'smtp', delivery: 'accepted', to } })
    case 'rejected':
      return {
        kind: 'refused',
        problem: problemOf(
          'mail-rejected',
          `The mail server refused the mail to ${to} (${sent.response}). The user does not know of the reset.`
        ),
        outcome: { mail: { via: 'smtp', delivery: 'rejected', to } }
      }
    case 'not-sent':
      return {
        kind: 'wait',
        problem: problemOf(
          'mail-server-unavailable',
          `The mail server did not take the mail (${sent.response}). Nothing was sent; it is tried again.`
        )
      }
    case 'unknown':
      return unknownDelivery('smtp', outcome)
  }
}

function unknownDelivery(via: Input['mail'], known: Outcome): Extract<StepResult, { kind: 'unknown' }> {
  const to = known.user?.mailAddress
  return {
    kind: 'unknown',
    problem: problemOf(
      'delivery-unknown',
      'The mail was asked for, and the answer was lost: it may be on its way or not. It is not asked for again by itself, since a second mail kills the link in the first. `retry` mails again, and the newest link wins.'
    ),
    outcome: { mail: { via, delivery: 'unknown', ...(to && { to }) } }
  }
}

const refused = (code: Parameters<typeof problemOf>[0], detail: string): StepResult => ({
  kind: 'refused',
  problem: problemOf(code, detail)
})

function addressChanged(before: string | null, after: string | null): StepResult {
  const problem = problemOf(
    'address-changed',
    `The user's mail address changed since the operation began (from ${before ?? 'none'} to ${after ?? 'none'}), so no mail was sent: it may be an intruder's. Make sure that the new one is right, then \`retry\`.`,
    { before, after }
  )
  return { kind: 'refused', problem }
}
