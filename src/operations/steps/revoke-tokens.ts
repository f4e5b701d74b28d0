import { type Problem, problemOf } from '../../errors.ts'
import type { RevokeResult, Which } from '../../revocation/driver.ts'
import { RevocationError } from '../../revocation/errors.ts'
import { ownSessionName } from '../../revocation/own-session.ts'
import type { Input, Outcome } from '../operation.ts'
import { done, type Step, type StepContext, type StepResult, skipped } from '../step.ts'

/** Changing the password ends no session and no app password (fact 1): only deleting them does. */
export const revokeTokens: Step = {
  name: 'revoke-tokens',
  repeat: { safe: 'what is gone stays gone, and the list is read again' },
  // What is met is saved right before the first of it is deleted.
  hasBegun: ({ tokens }) => tokens !== undefined,
  needs: ({ revoke }, { driver, passwordReplaced }) => {
    if (revoke === 'none') return undefined
    const isVerified = driver?.name !== 'session' && passwordReplaced !== 'unknown'
    return driver && isVerified ? undefined : 'password'
  },
  async run(context) {
    const { input } = context.operation
    // Without a log-in only Nextcloud 32 and later kill a link mailed before (fact 4): that is known already.
    if (input.revoke === 'none')
      return skipped({ remaining: 'unknown', ...earlierLink(context.outcome, 'unknown') })
    const shut = context.operation.steps.find(
      ({ name, state }) => /^enable-/.test(name) && state === 'failed'
    )
    // Nobody is logged in as a disabled user: the try would count as a failure (fact 12).
    if (shut) return notRevoked(context.outcome, shut.problem!)
    const verified = await verifyPassword(context)
    if (verified === 'refused') return notRevoked(context.outcome, loginRefused(context.outcome))
    const result = await revoke(context)
    if (result.kind === 'login-refused') return notRevoked(context.outcome, loginRefused(context.outcome))
    if (result.kind === 'second-factor') return notRevoked(context.outcome, secondFactor(result.leftSession))
    return revoked(context, result, verified)
  }
}

/** An operation that was begun before there was a choice is done by a log-in, as it was meant. */
const driverOf = ({ driver }: Outcome): NonNullable<Outcome['driver']> =>
  driver ?? { name: 'session', because: 'it was the only one' }

/** A passkey opens the account as a password does. */
const deletesPasskeys = ({ kind, input }: StepContext['operation']) =>
  input.passkeys !== 'keep' && input.revoke === 'all' && kind !== 'revoke'

function revoke(context: StepContext): Promise<RevokeResult> {
  const { drivers, nextcloud, fence, operation, memory, outcome, progress, saveProgress, ownLogins } = context
  const { userId, input, kind } = operation
  const { name, pastSecondFactor } = driverOf(outcome)
  const driver =
    name === 'session' ? drivers.session(nextcloud) : drivers.direct.find((direct) => direct.name === name)
  if (!driver) {
    throw new RevocationError(name, `${name} is not configured any more.`, {
      isPassing: false,
      mend: 'Set it again and `retry`; or just `retry`, which takes another way where there is one.'
    })
  }
  const lastLogin = outcome.user?.lastLogin ? new Date(outcome.user.lastLogin) : null
  return driver.revoke({
    operationId: operation.id,
    userId,
    which: whichOf(input),
    ...(memory.password && { password: memory.password }),
    ...(pastSecondFactor && { pastSecondFactor }),
    deletesPasskeys: deletesPasskeys(operation),
    looksAround: kind === 'offboard',
    fence,
    progress,
    saveProgress,
    onLogin: (window) => ownLogins.record(userId, window, lastLogin)
  })
}

export function whichOf({ revoke, only }: Input): Which {
  if (!only) return revoke === 'sessions' ? { kind: 'session' } : {}
  const { lastUsedBefore, ...which } = only
  return { ...which, ...(lastUsedBefore !== undefined && { lastUsedBefore: new Date(lastUsedBefore) }) }
}

/**
 * With server-side encryption Nextcloud may say that it failed although the password was changed (fact 8): a
 * log-in tells. Who revokes without one tries it here; the session it leaves is revoked with the others.
 */
async function verifyPassword(context: StepContext): Promise<'verified' | 'refused' | undefined> {
  const { outcome, operation, memory, nextcloud, ownLogins } = context
  const isDisabled = operation.steps.some(({ name, state }) => name === 'disable-user' && state === 'done')
  if (outcome.passwordReplaced !== 'unknown' || driverOf(outcome).name === 'session' || isDisabled)
    return undefined
  const { userId, id } = operation
  const login = await nextcloud.logIn(userId, memory.password!, ownSessionName(id))
  if (login.kind === 'refused') return 'refused'
  if (login.kind === 'ok') {
    const lastLogin = outcome.user?.lastLogin ? new Date(outcome.user.lastLogin) : null
    await ownLogins.record(userId, login.session.loggedIn, lastLogin)
  }
  // Who got as far as the second factor has passed the password.
  return 'verified'
}

function revoked(
  { operation, outcome, memory }: StepContext,
  result: Extract<RevokeResult, { kind: 'revoked' }>,
  verified: 'verified' | undefined
): StepResult {
  const { input } = operation
  const { revoked, remaining, kept, wipePending, earlierResetLink, passkeys, seen } = result
  const loggedIn = driverOf(outcome).name === 'session' || verified
  const known: Outcome = {
    // We got in with it, so it is the account's.
    ...(loggedIn && { passwordReplaced: true as const }),
    revoked,
    remaining,
    // Read back, or killed by our log-in: it counts for more than what the new password is known to do.
    earlierResetLink,
    ...((input.revoke === 'sessions' || input.only) && kept !== 'unknown' && { kept }),
    ...(wipePending !== 0 && { wipePending }),
    ...(passkeys && { passkeys }),
    ...(seen && { shares: { deleted: sharesDeleted(operation, seen), ...seen } })
  }
  if (remaining !== 0) {
    return {
      kind: 'refused',
      problem: problemOf(
        'tokens-remain',
        `${remaining} sessions or app passwords came back or could not be deleted, however often they were listed. ${said(outcome)} \`retry\` starts again.`
      ),
      outcome: known,
      inPart: true
    }
  }
  if (passkeys && passkeys.remaining > 0 && deletesPasskeys(operation)) {
    return {
      kind: 'refused',
      problem: problemOf(
        'tokens-remain',
        `${passkeys.remaining} passkeys came back or could not be deleted, however often they were listed: each opens the account by itself. ${said(outcome)} \`retry\` starts again.`
      ),
      outcome: known,
      inPart: true
    }
  }
  if (input.shares !== 'delete') delete memory.password
  return done(known)
}

/** Where nobody looked, the new password alone may have killed it. */
const earlierLink = ({ earlierResetLink }: Outcome, now: 'dead' | 'unknown'): Outcome => ({
  earlierResetLink: earlierResetLink === 'dead' ? 'dead' : now
})

const notRevoked = (outcome: Outcome, problem: Problem): StepResult => ({
  kind: 'refused',
  problem,
  outcome: { remaining: 'unknown', ...earlierLink(outcome, 'unknown') }
})

const said = ({ passwordReplaced }: Outcome) =>
  passwordReplaced === true
    ? 'The old password is replaced.'
    : passwordReplaced === 'unknown'
      ? 'Whether the old password is replaced is not known.'
      : 'The password is as it was.'

const loginRefused = (outcome: Outcome) =>
  problemOf(
    'login-refused',
    `Nextcloud did not take the password that was set a moment ago (someone or something else may have changed it). ${said(outcome)} Sessions and app passwords are not revoked. It is not tried again by itself, since each failed log-in counts against our address. \`retry\` starts again with a fresh password.`
  )

const secondFactor = (leftSession: string) =>
  problemOf(
    'login-needs-second-factor',
    `Our log-in ended at a second factor, set up or enforced after the check. The old password is replaced; sessions and app passwords are not revoked. Our log-in left a session named "${leftSession}", which can do nothing.`,
    { leftSession }
  )

/** Of those that an earlier try to delete them had met: it may have been given up, and they are gone all the same. */
function sharesDeleted(
  { steps }: StepContext['operation'],
  seen: { publicLinks: number; federatedShares: number }
): number {
  const met = steps.find(({ name }) => name === 'delete-shares')?.progress?.shares as string[] | undefined
  return Math.max(0, (met?.length ?? 0) - seen.publicLinks - seen.federatedShares)
}
