import { problemOf } from '../../errors.ts'
import { done, type Step } from '../step.ts'

/** Out of the groups: all, or those that were named. What they were is kept, for a person who comes back. */
export const leaveGroups: Step = {
  name: 'leave-groups',
  repeat: { safe: 'who has left stays out' },
  async run({ nextcloud, operation, progress, saveProgress }) {
    const { userId, input } = operation
    const wanted = (groups: string[]) =>
      groups.filter((group) => input.groups === 'all' || input.groups!.includes(group))
    const { groups } = await nextcloud.getUser(userId)
    const met = [...new Set([...((progress?.groups ?? []) as string[]), ...wanted(groups)])]
    await saveProgress({ groups: met })
    for (const group of wanted(groups)) await nextcloud.removeFromGroup(userId, group)
    const left = wanted((await nextcloud.getUser(userId)).groups)
    const groupsRemoved = met.filter((group) => !left.includes(group))
    if (left.length === 0) return done({ groupsRemoved })
    return {
      kind: 'refused',
      problem: problemOf(
        'residual-access',
        `The user is still in ${left.map((group) => `"${group}"`).join(', ')}: groups of a directory are left in that directory.`,
        { groups: left }
      ),
      outcome: { groupsRemoved }
    }
  }
}

/** Back into the groups that the last off-boarding took. */
export const restoreGroups: Step = {
  name: 'restore-groups',
  repeat: { safe: 'who is in stays in' },
  async run({ nextcloud, operation }) {
    const groups = operation.input.groups as string[]
    const groupsRestored: string[] = []
    const groupsMissing: string[] = []
    for (const group of groups) {
      const said = await nextcloud.addToGroup(operation.userId, group)
      ;(said === 'added' ? groupsRestored : groupsMissing).push(group)
    }
    // No reason to keep the person waiting for the mail.
    return done({ groupsRestored, ...(groupsMissing.length > 0 && { groupsMissing }) })
  }
}
