import { problemOf } from '../../errors.ts'
import type { Known, Outcome, ResidualAccess } from '../operation.ts'
import { done, type Step, type StepContext } from '../step.ts'

/** What is left after all that was done, read back where that can be, and else what was seen on the way. */
export const reportResidualAccess: Step = {
  name: 'report-residual-access',
  readOnly: true,
  repeat: { safe: 'it only reads' },
  async run(context) {
    const { nextcloud, operation, outcome } = context
    const { enabled } = await nextcloud.getUser(operation.userId)
    const residualAccess = { ...seenOnTheWay(outcome), ...(await readBack(context)) }
    const { tokens, passkeys, publicLinks, federatedShares } = residualAccess
    const { input } = operation
    const left = [
      ...(enabled ? ['the user is enabled'] : []),
      ...say(tokens, 'sessions and app passwords, which work again once the user is enabled'),
      ...(input.passkeys === 'delete' ? say(passkeys, 'passkeys') : []),
      ...(input.shares === 'delete' ? say(publicLinks, 'public links') : []),
      ...(input.shares === 'delete' ? say(federatedShares, 'federated shares') : [])
    ]
    if (left.length === 0) return done({ enabled, residualAccess })
    const problem = problemOf(
      'residual-access',
      `Not everything that was asked for could be taken away. Left: ${left.join('; ')}. The steps say why, and what has to be set; then \`retry\`.`,
      { residualAccess }
    )
    return { kind: 'refused', problem, outcome: { enabled, residualAccess } }
  }
}

const say = (left: Known, what: string) =>
  left === 0 ? [] : [left === 'unknown' ? `unknown: ${what}` : `${left} ${what}`]

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
