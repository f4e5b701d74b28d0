import { randomPassword } from '../../secret.ts'
import { done, type Step } from '../step.ts'

/** Nobody knows the new password: it lives in this claim's memory until the tokens are revoked. */
export const replacePassword: Step = {
  name: 'replace-password',
  repeat: { safe: 'another fresh password does no harm, and settles one whose effect is unknown' },
  provides: 'password',
  async run({ nextcloud, operation, memory }) {
    const password = randomPassword()
    await nextcloud.setPassword(operation.userId, password)
    memory.password = password
    return done({ passwordReplaced: true })
  }
}
