import { done, type Step } from '../step.ts'

/** Only where the request says so: the user has to set them up anew. After the password, which is all that is left. */
export const removeSecondFactors: Step = {
  name: 'remove-second-factors',
  repeat: { safe: 'what is removed stays removed' },
  async run({ nextcloud, operation, progress, saveProgress }) {
    const met = (progress?.providers ?? []) as string[]
    const now = await nextcloud.twoFactorProviders(operation.userId)
    const providers = [...new Set([...met, ...now])]
    await saveProgress({ providers })
    if (now.length > 0) await nextcloud.removeSecondFactors(operation.userId, now)
    return done({ secondFactorsRemoved: providers })
  }
}
