import { problemOf } from '../../errors.ts'
import type { Known, Outcome, ResidualAccess } from '../operation.ts'
import { done, type Step, type StepContext } from '../step.ts'

type Part = [left: Known, what: string]
const where = (wanted: boolean, ...parts: Part[]): Part[] => (wanted ? parts : [])

/** What is left after all that was done, read back where that can be, and else what was seen on the way. */
export const reportResidualAccess: Step = {
  name: 'report-residual-access',
  readOnly: true,
  repeat: { safe: 'it only reads' },
  async run(context) {
    const { nextcloud, operation, outcome } = context
    const { enabled } = await nextcloud.getUser(operation.userId)
    const residualAccess = { ...seenOnTheWay(outcome), ...(await readBack(context)) }
    const { tokens, resetLink, passkeys, publicLinks, federatedShares } = residualAccess
    const { input } = operation
    const asked: Part[] = [
      [tokens, 'sessions and app passwords, which work again once the user is enabled'],
      // Whoever has it sets a password with it then (fact 11).
      [resetLink, 'reset links, likewise'],
      ...where(input.passkeys === 'delete', [passkeys, 'passkeys']),
      ...where(
        input.shares === 'delete',
        [publicLinks, 'public links'],
        [federatedShares, 'federated shares']
      )
    ]
    const left = asked.flatMap(([known, what]) =>
      known === 0 || known === 'unknown' ? [] : [`${known} ${what}`]
    )
    const notKnown = asked.flatMap(([known, what]) => (known === 'unknown' ? [what] : []))
    if (!enabled && left.length + notKnown.length === 0) return done({ enabled, residualAccess })
    const sentences = [
      ...(enabled ? ['The user is enabled.'] : []),
      ...(left.length > 0 ? [`Left: ${left.join('; ')}.`] : []),
      ...(notKnown.length > 0 ? [`Not known whether any are left: ${notKnown.join('; ')}.`] : [])
    ]
    const problem = problemOf(
      'residual-access',
      `Not everything that was asked for could be taken away. ${sentences.join(' ')} The steps say why, and what has to be set; then \`retry\`.`,
      { residualAccess }
    )
    return { kind: 'refused', problem, outcome: { enabled, residualAccess } }
  }
}

function seenOnTheWay({
  remaining,
  revoked,
  wipePending,
  earlierResetLink,
  passkeys,
  shares
}: Outcome): ResidualAccess {
  return {
    tokens: remaining ?? 'unknown',
    // Left out of the outcome where a list had none.
    wipePending: wipePending ?? (revoked === undefined || revoked === 'unknown' ? 'unknown' : 0),
    resetLink: earlierResetLink === 'dead' ? 0 : 'unknown',
    passkeys: passkeys?.remaining ?? 'unknown',
    publicLinks: shares?.publicLinks ?? 'unknown',
    federatedShares: shares?.federatedShares ?? 'unknown'
  }
}

/** Nothing is counted on that a driver can look up now. */
async function readBack({ drivers, operation, log }: StepContext): Promise<Partial<ResidualAccess>> {
  for (const { list, hasResetLink } of drivers.direct) {
    try {
      const tokens = await list!(operation.userId)
      const wipePending = tokens.filter(({ kind }) => kind === 'wiped').length
      const resetLink = (await hasResetLink!(operation.userId)) ? 1 : 0
      return { tokens: tokens.length - wipePending, wipePending, resetLink }
    } catch (error) {
      log.warn({ err: error }, 'what is left could not be read back')
    }
  }
  return {}
}
