import { problemOf } from '../../errors.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { done, type Step, type StepContext, skipped } from '../step.ts'

/** For good, with all files. Only of a user who is disabled: someone who enabled the account needs it. */
export const deleteAccount: Step = {
  name: 'delete-account',
  repeat: { safe: 'what is gone stays gone, and the user is looked at again first' },
  async run(context) {
    const { nextcloud, operation, progress, saveProgress } = context
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
