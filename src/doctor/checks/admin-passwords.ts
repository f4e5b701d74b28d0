import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { AdminFacts, Facts } from '../facts.ts'
import { majorOf } from '../versions.ts'

/** Whether each account may change users with the password that it has: the real one, or an app password. */
export const checkAdminPasswords = (facts: Facts): Finding[] =>
  facts.admins.map((admin) => ({ about: admin.user, ...checkPassword(admin, facts) }))

function checkPassword(
  { user, variable, confirmed, looksLikeAppPassword }: AdminFacts,
  facts: Facts
): Finding {
  const name = 'admin-password'
  const without = unanswered(name, confirmed)
  if (without) return without
  const version = facts.server.kind === 'answered' ? facts.server.value.version : ''
  if (confirmed.kind === 'answered' && !confirmed.value)
    return {
      name,
      state: 'error',
      found: `Nextcloud ${version} does not take the password of ${user} as a confirmation: it is an app password.`,
      means:
        'From Nextcloud 34 on an app password can only read: no user can be reset (403 "Password confirmation is required", nextcloud/server#61974).',
      mend: `Set ${variable} to the real password of ${user}. It must be without a second factor.`
    }
  if (!looksLikeAppPassword)
    return { name, state: 'ok', found: `The password of ${user} may change users on Nextcloud ${version}.` }
  return {
    name,
    state: 'ok',
    found: `${user} has an app password, and on Nextcloud ${version} it may change users; from 34 on only the real one may.`,
    means:
      majorOf(version) < 34
        ? `After an upgrade to 34 it can only read: set ${variable} to the real password before.`
        : 'It only looks like one.'
  }
}
