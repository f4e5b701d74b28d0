import { problemOf } from '../../errors.ts'
import { done, type Step, skipped } from '../step.ts'

/** Changing the password ends no session and no app password (fact 1): only deleting them does. */
export const revokeTokens: Step = {
  name: 'revoke-tokens',
  repeat: { safe: 'what is gone stays gone, and the list is read again' },
  needs: 'password',
  async run({ revoker, fence, operation, memory, outcome, progress, saveProgress, ownLogins }) {
    const { userId, input } = operation
    // Without a log-in only Nextcloud 32 and later kill a link mailed before (fact 4): not known here.
    if (input.revoke === 'none') return skipped({ remaining: 'unknown', earlierResetLink: 'unknown' })
    const lastLogin = outcome.user?.lastLogin ? new Date(outcome.user.lastLogin) : null
    const result = await revoker.revoke({
      operationId: operation.id,
      userId,
      password: memory.password!,
      which: input.revoke === 'sessions' ? { kind: 'session' } : {},
      fence,
      progress,
      saveProgress,
      onLogin: (window) => ownLogins.record(userId, window, lastLogin)
    })
    if (result.kind === 'login-refused') {
      const replaced =
        outcome.passwordReplaced === true
          ? 'The old password is replaced'
          : 'Whether the old password is replaced is not known'
      return {
        kind: 'refused',
        problem: problemOf(
          'login-refused',
          `Nextcloud did not take the password that was set a moment ago (someone or something else may have changed it). ${replaced}; sessions and app passwords are not revoked. It is not tried again by itself, since each failed log-in counts against our address. \`retry\` starts again with a fresh password.`
        ),
        outcome: { remaining: 'unknown', earlierResetLink: 'unknown' }
      }
    }
    if (result.kind === 'second-factor') {
      return {
        kind: 'refused',
        problem: problemOf(
          'login-needs-second-factor',
          `Our log-in ended at a second factor, set up or enforced after the check. The old password is replaced; sessions and app passwords are not revoked. Our log-in left a session named "${result.leftSession}", which can do nothing.`,
          { leftSession: result.leftSession }
        ),
        outcome: { remaining: 'unknown', earlierResetLink: 'unknown' }
      }
    }
    const { revoked, remaining, kept, wipePending, earlierResetLink } = result
    delete memory.password
    const known = {
      // We got in with it, so it is the account's.
      passwordReplaced: true as const,
      revoked,
      remaining,
      earlierResetLink,
      ...(input.revoke === 'sessions' && kept !== 'unknown' && { kept }),
      ...(wipePending !== 0 && { wipePending })
    }
    if (remaining !== 0) {
      return {
        kind: 'refused',
        problem: problemOf(
          'tokens-remain',
          `${remaining} sessions or app passwords came back or could not be deleted, however often they were listed. The old password is replaced. \`retry\` starts again.`
        ),
        outcome: known
      }
    }
    return done(known)
  }
}
