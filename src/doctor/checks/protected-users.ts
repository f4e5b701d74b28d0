import { DomainError } from '../../errors.ts'
import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'

const name = 'protected-users'

/** Who is never touched, and whether Nextcloud has everybody who is named. */
export function checkProtectedUsers({ config, protectedList }: Facts): Finding {
  const { admins } = config.protect
  if (protectedList.kind === 'failed' && protectedList.error instanceof DomainError)
    return {
      name,
      state: 'error',
      found: protectedList.because,
      means:
        'Nothing is done to anybody: requests are refused, and operations wait (protected-users-unresolved).',
      mend: 'Set the right PROTECTED_USERS and PROTECTED_GROUPS and restart, or make what they name in Nextcloud'
    }
  const without = unanswered(name, protectedList)
  if (without || protectedList.kind !== 'answered') return without!
  const { own, users, groups } = protectedList.value
  const who = [
    `its own ${own.join(', ')}`,
    ...(admins ? ['the members of the group admin'] : []),
    ...(users.length > 0 ? [`${users.length} named (${some(users)})`] : []),
    ...(groups.length > 0 ? [`the members of ${some(groups)}`] : [])
  ]
  const found = `Never touched: ${who.join('; ')}.`
  if (admins) return { name, state: 'ok', found }
  return {
    name,
    state: 'warning',
    found,
    means: 'Whoever has a key can reset and off-board the administrators of Nextcloud.',
    mend: 'Leave PROTECT_ADMINS out, unless that is wanted'
  }
}

const some = (names: string[]): string =>
  names.slice(0, 5).join(', ') + (names.length > 5 ? `, and ${names.length - 5} more` : '')
