import { done, type Step, skipped } from '../step.ts'
import { closedNow } from './disable-user.ts'

/** The user is to come back. What was issued before may come back with it, until it is revoked. */
export const enableUser: Step = {
  name: 'enable-user',
  repeat: { safe: 'who is enabled stays enabled' },
  opens: {
    until: 'revoke-tokens',
    undo: ({ nextcloud, operation }) => nextcloud.disableUser(operation.userId)
  },
  async run({ nextcloud, operation }) {
    if ((await nextcloud.getUser(operation.userId)).enabled) return skipped({ enabled: true })
    await nextcloud.enableUser(operation.userId)
    return done({ enabled: true })
  }
}

/** A disabled user cannot be logged in (fact 12): enabled for as long as revoking takes, and no longer. */
export const enableBriefly: Step = {
  name: 'enable-briefly',
  repeat: { safe: 'who is enabled stays enabled, and is disabled again in the end' },
  opens: {
    until: 'disable-user',
    async undo({ nextcloud, operation, outcome: { windows = [] }, saveProgress }) {
      await nextcloud.disableUser(operation.userId)
      // Also where it was closed before: an enabling that was given up may have come since.
      const to = new Date().toISOString()
      await saveProgress({
        windows: windows.map((one, n) => (n === windows.length - 1 ? { ...one, to } : one))
      })
    }
  },
  async run({ nextcloud, operation, outcome, saveProgress }) {
    // What it is for was tried, and failed: nobody is let in for nothing.
    if (operation.steps.some(({ name, state }) => name === 'revoke-tokens' && state === 'failed'))
      return skipped()
    // Kept before it is opened: whoever comes after a crash reports it, too.
    const windows = [...closedNow(outcome.windows ?? []), { from: new Date().toISOString(), to: null }]
    await saveProgress({ windows })
    await nextcloud.enableUser(operation.userId)
    return done({ enabled: true, windows })
  }
}
