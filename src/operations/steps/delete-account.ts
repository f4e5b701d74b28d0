import { problemOf } from '../../errors.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { done, type Step, type StepContext, skipped } from '../step.ts'

/** How much the clocks of Nextcloud and of our database may be apart. */
const slackMs = 300_000

/**
 * For good, with all files. Only of a user who is disabled: someone who enabled the account needs it. And only of one as
 * whom nobody has logged in since: who came back, and is disabled for another reason, is no leaver.
 */
export const deleteAccount: Step = {
  name: 'delete-account',
  repeat: { safe: 'what is gone stays gone, and the user is looked at again first' },
  async run(context) {
    const { nextcloud, operation, progress, saveProgress, ownLogins } = context
    const user = await findUser(context)
    // Gone by our own call, whose answer was lost, or by somebody else's.
    if (!user) return progress?.asked ? done({ deleted: true }) : skipped({ deleted: false })
    if (user.enabled) {
      return {
        kind: 'refused',
        problem: problemOf(
          'user-enabled',
          `The user "${user.id}" was enabled meanwhile, so the account is not deleted. Disable the user and \`retry\`, or cancel.`
        )
      }
    }
    const lastLogin = await ownLogins.lastLoginOfPerson(user.id, user.lastLogin)
    if (lastLogin && lastLogin.getTime() > operation.createdAt.getTime() + slackMs) {
      return {
        kind: 'refused',
        problem: problemOf(
          'user-enabled',
          `Somebody logged in as "${user.id}" since the deletion was asked for (${lastLogin.toISOString()}), so the person came back, or another one has the account. It is not deleted: off-board the user anew.`
        )
      }
    }
    await saveProgress({ asked: true })
    await nextcloud.deleteUser(operation.userId)
    return done({ deleted: true })
  }
}

async function findUser({ nextcloud, operation }: StepContext): Promise<NextcloudUser | undefined> {
  try {
    return await nextcloud.getUser(operation.userId)
  } catch (error) {
    if (error instanceof NextcloudError && error.variant === 'unknown-user') return undefined
    throw error
  }
}
