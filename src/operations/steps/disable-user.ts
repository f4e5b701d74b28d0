import { problemOf } from '../../errors.ts'
import type { Windows } from '../operation.ts'
import { done, type Step } from '../step.ts'

/** Disabled is not revoked: what was issued works again once the user is enabled (fact 2). It holds until then. */
export const disableUser: Step = {
  name: 'disable-user',
  repeat: { safe: 'who is disabled stays disabled' },
  async run({ nextcloud, operation, outcome }) {
    await nextcloud.disableUser(operation.userId)
    const { enabled } = await nextcloud.getUser(operation.userId)
    if (enabled) {
      return {
        kind: 'wait',
        problem: problemOf(
          'effect-unknown',
          'Nextcloud said that the user is disabled, and shows the user as enabled. It is asked again in a moment.'
        )
      }
    }
    const { windows } = outcome
    return done({ enabled, ...(windows && { windows: closedNow(windows) }) })
  }
}

/** The last of them is over. */
export const closedNow = (windows: Windows): Windows => {
  const now = new Date().toISOString()
  return windows.map(({ from, to }) => ({ from, to: to ?? now }))
}
