import { ask, examine } from '../eligibility.ts'
import { done, type Step } from '../step.ts'

/** Everything that can be checked is checked before anything is changed: afterwards the mail endpoint says success always. */
export const checkUser: Step = {
  name: 'check-user',
  readOnly: true,
  repeat: { safe: 'it only reads' },
  async run({ nextcloud, operation, outcome, mailer, ownLogins }) {
    const { kind, input, userId } = operation
    const replaced = operation.supersedes || outcome.passwordReplaced !== undefined
    const plan = { kind, input, smtp: mailer !== undefined, replaced }
    const user = await examine(ask(nextcloud, userId, plan), plan)
    const lastLogin = await ownLogins.lastLoginOfPerson(user.id, user.lastLogin)
    const { id, displayName, mailAddress, language } = user
    return done({
      user: { id, displayName, mailAddress, language, lastLogin: lastLogin?.toISOString() ?? null }
    })
  }
}
