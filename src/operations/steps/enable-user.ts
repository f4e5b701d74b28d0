import { done, type Step, type StepContext, skipped } from '../step.ts'
import { closedNow } from './disable-user.ts'

type Windows = { from: string; to: string | null }[]

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
    async undo(context) {
      await context.nextcloud.disableUser(context.operation.userId)
      await context.saveProgress({ windows: closedNow(windowsOf(context)) })
    }
  },
  async run(context) {
    // Kept before it is opened: whoever comes after a crash reports it, too.
    const windows = [...closedNow(windowsOf(context)), { from: new Date().toISOString(), to: null }]
    await context.saveProgress({ windows })
    await context.nextcloud.enableUser(context.operation.userId)
    return done({ enabled: true, windows })
  }
}

const windowsOf = ({ progress }: StepContext) => (progress?.windows ?? []) as Windows
