import { problemOf } from '../../errors.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { Share } from '../../nextcloud/possessions.ts'
import type { Session } from '../../nextcloud/session.ts'
import { logInAs } from '../../revocation/own-session.ts'
import type { Outcome } from '../operation.ts'
import { done, type Step, type StepContext } from '../step.ts'

/** What the user has put before the world: public links and shares with other servers. They outlive every password. */
export const deleteShares: Step = {
  name: 'delete-shares',
  repeat: { safe: 'what is gone stays gone, and the list is read again' },
  needs: () => 'password',
  async run(context) {
    const { nextcloud, operation, outcome, memory, ownLogins } = context
    const failed = operation.steps.find(({ name, state }) => name === 'revoke-tokens' && state === 'failed')
    // Its log-in was refused, or stopped: another one would be, too.
    if (failed) return { kind: 'refused', problem: failed.problem! }
    const lastLogin = outcome.user?.lastLogin ? new Date(outcome.user.lastLogin) : null
    const request = {
      operationId: operation.id,
      userId: operation.userId,
      password: memory.password!,
      pastSecondFactor: outcome.driver?.pastSecondFactor ?? false,
      onLogin: (window: { from: Date; to: Date }) => ownLogins.record(operation.userId, window, lastLogin)
    }
    const ended = await logInAs(nextcloud, request, (session) => removeAll(context, session))
    if (ended.kind !== 'done') {
      return {
        kind: 'refused',
        problem: problemOf(
          'cannot-act-as-user',
          `Our log-in as the user to delete shares ended at ${ended.kind === 'refused' ? 'the password' : 'a second factor'}. \`retry\` tries again.`
        )
      }
    }
    delete memory.password
    return done(ended.result)
  }
}

/** One that cannot be ended, or whose file is being written to, keeps no other; what is left is counted. */
function leaveIt(error: unknown): void {
  const isOfThisOne = error instanceof NextcloudError && (error.variant === 'not-allowed' || error.isLocked)
  if (!isOfThisOne) throw error
}

async function removeAll(
  { nextcloud, progress, saveProgress }: StepContext,
  session: Session
): Promise<Outcome> {
  const isPublic = ({ kind }: Share) => kind !== 'internal'
  const found = (await nextcloud.listShares(session)).filter(isPublic)
  const met = new Set([...((progress?.shares ?? []) as string[]), ...found.map(({ id }) => id)])
  await saveProgress({ shares: [...met] })
  for (const { id } of found) await nextcloud.deleteShare(session, id).catch(leaveIt)
  const left = (await nextcloud.listShares(session)).filter(isPublic)
  const count = (wanted: Share['kind']) => left.filter(({ kind }) => kind === wanted).length
  return {
    shares: {
      deleted: met.size - left.length,
      publicLinks: count('public-link'),
      federatedShares: count('federated')
    }
  }
}
