import { problemOf } from '../../errors.ts'
import type { Outcome } from '../operation.ts'
import { done, type Step } from '../step.ts'

/**
 * Every client is told to erase what it has synchronised, and from now on its token opens nothing else. It learns
 * of it through that token, so nobody deletes such tokens (fact 9).
 */
export const wipeDevices: Step = {
  name: 'wipe-devices',
  repeat: { safe: 'what is to be wiped stays so' },
  async run({ nextcloud, operation, drivers, fence, saveProgress, ownLogins, progress }) {
    const driver = await drivers.wipe(nextcloud)
    const result = await driver.revoke({
      operationId: operation.id,
      userId: operation.userId,
      which: {},
      fence,
      progress,
      saveProgress,
      onLogin: (window) => ownLogins.record(operation.userId, window, null)
    })
    if (result.kind !== 'revoked') throw new Error('a wipe needs no log-in')
    const { wipePending, remaining } = result
    const outcome: Outcome = { wipe: 'asked', wipePending }
    if (typeof remaining !== 'number' || remaining === 0) return done(outcome)
    return {
      kind: 'refused',
      problem: problemOf(
        'tokens-remain',
        `${remaining} sessions or app passwords are not marked to be wiped, however often Nextcloud was asked. \`retry\` asks again.`
      ),
      outcome: { ...outcome, remaining },
      inPart: true
    }
  }
}
