import { NextcloudError } from '../../nextcloud/errors.ts'
import type { Outcome } from '../operation.ts'
import { done, type Step, type StepContext, skipped } from '../step.ts'
import { closedNow } from './disable-user.ts'

/** The user is to come back. What was issued before may come back with it, until it is revoked. */
export const enableUser: Step = {
  name: 'enable-user',
  repeat: { safe: 'who is enabled stays enabled' },
  opens: {
    until: 'revoke-tokens',
    undo: shut
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
      const outcome = await shut(context)
      // Also where it was closed before: an enabling that was given up may have come since.
      const to = new Date().toISOString()
      const windows = (context.outcome.windows ?? []).map((one, n, all) =>
        n === all.length - 1 ? { ...one, to } : one
      )
      await context.saveProgress({ windows })
      return { ...outcome, windows }
    }
  },
  async run({ nextcloud, operation, outcome, saveProgress }) {
    // Another way was found since: nobody has to be let in for it.
    if (outcome.driver?.name !== 'session') return skipped()
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

async function shut({ nextcloud, operation: { userId } }: StepContext): Promise<Outcome> {
  await nextcloud.disableUser(userId)
  // Where it cannot be read back, its own word counts: to wait for a better one would leave the window open for ever.
  const user = await nextcloud.getUser(userId).catch((error) => {
    if (error instanceof NextcloudError) return undefined
    throw error
  })
  if (!user?.enabled) return { enabled: false }
  throw new NextcloudError(
    'effect-unknown',
    'Nextcloud said that the user is disabled, and shows the user as enabled.'
  )
}
