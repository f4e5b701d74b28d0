import { ask, examine } from '../eligibility.ts'
import { hasBegun, hasTouched } from '../kinds.ts'
import { done, type Step } from '../step.ts'

/** Everything that can be checked is checked before anything is changed: afterwards the mail endpoint says success always. */
export const checkUser: Step = {
  name: 'check-user',
  readOnly: true,
  repeat: { safe: 'it only reads' },
  async run({ nextcloud, protection, operation, mailer, ownLogins, drivers }) {
    const { kind, input, userId, steps } = operation
    const wish = {
      kind,
      input,
      smtp: mailer !== undefined,
      touched: hasTouched(operation),
      fixed: hasBegun(operation) ? steps : undefined
    }
    const asked = ask({ nextcloud, protection }, userId, wish)
    const { user, choice, plan } = await examine(asked, wish, { drivers, protection })
    const lastLogin = await ownLogins.lastLoginOfPerson(user.id, user.lastLogin)
    const { id, displayName, mailAddress, language, enabled, backend } = user
    return {
      ...done({
        user: {
          id,
          displayName,
          mailAddress,
          language,
          enabled,
          backend,
          lastLogin: lastLogin?.toISOString() ?? null
        },
        ...(choice && { driver: choice })
      }),
      plan
    }
  }
}
