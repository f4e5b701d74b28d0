import { problemOf } from '../../errors.ts'
import { done, type Step, type StepResult } from '../step.ts'

/** Tells the person who answers for the leaver what was done, what is left, and when the account goes. */
export const notifyManager: Step = {
  name: 'notify-manager',
  repeat: {
    atMostOnce: 'two notices of one off-boarding look like two off-boardings',
    unknown: ({ input }) => unknownNotice(input.manager!)
  },
  async run({ operation, outcome, mailer, begin, fence }) {
    const to = operation.input.manager!
    if (!mailer) {
      return {
        kind: 'refused',
        problem: problemOf(
          'smtp-not-configured',
          'Locksmith has no SMTP_URL any more, so the manager was not told. Set it and `retry`.'
        )
      }
    }
    const { residualAccess, enabled } = outcome
    if (!residualAccess || enabled === undefined) {
      const report = operation.steps.find(({ name }) => name === 'report-residual-access')
      return {
        kind: 'refused',
        problem: problemOf(
          'residual-access',
          `What is left is not known, so the manager was not told. ${report?.problem?.detail ?? ''} \`retry\` looks again.`
        )
      }
    }
    await begin()
    await fence.confirm()
    const { id, displayName, language } = outcome.user!
    const sent = await mailer.sendOffboardingNotice({
      to,
      userId: id,
      displayName,
      language,
      operationId: operation.id,
      enabled,
      residualAccess,
      ...(outcome.deletion && { deletionAt: outcome.deletion.at })
    })
    switch (sent.kind) {
      case 'accepted':
        return done({ notice: { to, delivery: 'accepted' } })
      case 'rejected':
        return {
          kind: 'refused',
          problem: problemOf(
            'mail-rejected',
            `The mail server refused the notice to ${to} (${sent.response}).`
          ),
          outcome: { notice: { to, delivery: 'rejected' } }
        }
      case 'not-sent':
        return {
          kind: 'wait',
          problem: problemOf(
            'mail-server-unavailable',
            `The mail server did not take the notice (${sent.response}). Nothing was sent; it is tried again.`
          )
        }
      case 'unknown':
        return unknownNotice(to)
    }
  }
}

const unknownNotice = (to: string): Extract<StepResult, { kind: 'unknown' }> => ({
  kind: 'unknown',
  problem: problemOf(
    'delivery-unknown',
    `The notice to ${to} was handed over, and the answer was lost: it may be on its way or not. \`retry\` sends another.`
  ),
  outcome: { notice: { to, delivery: 'unknown' } }
})
