import { killsResetLinks } from '../../nextcloud/instance.ts'
import { randomPassword } from '../../secret.ts'
import { done, type Step } from '../step.ts'

/** Nobody knows the new password: it lives in this claim's memory until the tokens are revoked. */
export const replacePassword: Step = {
  name: 'replace-password',
  repeat: { safe: 'another fresh password does no harm, and settles one whose effect is unknown' },
  provides: 'password',
  limited: () => 'password',
  async run({ nextcloud, operation, memory, grant }) {
    const { version } = await nextcloud.instance()
    const password = randomPassword()
    const said = await nextcloud.setPassword(operation.userId, password, grant!)
    memory.password = password
    // With server-side encryption only the log-in that follows tells (fact 8).
    if (said !== 'set') return done({ passwordReplaced: 'unknown' })
    return done({
      passwordReplaced: true,
      ...(killsResetLinks(version) && { earlierResetLink: 'dead' as const })
    })
  }
}
