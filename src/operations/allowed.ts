/** Whether the user may be touched: groups change, and so do lists, while an operation waits. */
import { NextcloudError } from '../nextcloud/errors.ts'
import { hasTouched } from './kinds.ts'
import type { Run } from './record.ts'

/** So long what was found holds within one claim. */
const freshMs = 10_000

export const isFresh = ({ allowedAt = Number.NEGATIVE_INFINITY }: Run): boolean =>
  performance.now() - allowedAt < freshMs

/**
 * Asked before anything is changed under a claim that did not check the user itself: after a crash, a wait, a retry.
 * @throws DomainError protected-user, own-account, protected-users-unresolved; NextcloudError
 */
export async function assertAllowed(run: Run): Promise<void> {
  const { world, operation } = run
  const asked = performance.now()
  const [user, list] = await Promise.all([findUser(run), world.protection.list()])
  const soFar = hasTouched(operation)
    ? 'Something was changed before, and nothing more is: see what the steps say.'
    : 'Nothing was changed.'
  world.protection.refuse(user, list, soFar)
  run.allowedAt = asked
}

/** One whom our own deletion may have taken is in no group any more; the step looks again before it deletes. */
async function findUser({ world, operation }: Run) {
  const { userId, kind } = operation
  try {
    return await world.nextcloud.getUser(userId)
  } catch (error) {
    const isGone = error instanceof NextcloudError && error.variant === 'unknown-user'
    if (isGone && kind === 'delete') return { id: userId, groups: [] }
    throw error
  }
}
