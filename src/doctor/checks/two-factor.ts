import type { TwoFactorEnforcement } from '../../nextcloud/instance.ts'
import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'

/** Who must have a second factor, and whether Locksmith gets past it. */
export function checkTwoFactor({ enforcement, config, exApp }: Facts): Finding {
  const name = 'two-factor'
  const without = unanswered(name, enforcement)
  if (without || enforcement.kind !== 'answered') return without!
  const found = whom(enforcement.value)
  const ways = [
    exApp.kind === 'answered' && exApp.value.taken.kind === 'answered' && exApp.value.taken.value && 'AppAPI',
    config.occ && 'occ',
    config.nextcloudDatabase && "Nextcloud's database"
  ].filter((way) => typeof way === 'string')
  if (ways.length > 0)
    return {
      name,
      state: 'ok',
      found: `${found} Locksmith gets past it, and leaves it as it is: by ${ways.join(', ')}.`
    }
  const { enforced } = enforcement.value
  return {
    name,
    state: enforced ? (isEverybody(enforcement.value) ? 'error' : 'warning') : 'ok',
    found: `${found} Whoever has one is refused: Locksmith cannot log in as them to revoke.`,
    means: enforced
      ? 'Also those who must have one and have not set it up (two-factor-enforced, two-factor-user).'
      : 'Nothing of them is changed (two-factor-user).',
    mend: 'Set APPAPI_ID, APPAPI_VERSION and APPAPI_SECRET of an ExApp; or OCC_COMMAND; or NEXTCLOUD_DATABASE_URL'
  }
}

const isEverybody = ({ enforcedGroups, excludedGroups }: TwoFactorEnforcement) =>
  enforcedGroups.length === 0 && excludedGroups.length === 0

function whom(rule: TwoFactorEnforcement): string {
  if (!rule.enforced) return 'A second factor is enforced for nobody.'
  if (rule.enforcedGroups.length > 0)
    return `A second factor is enforced for the group(s) ${rule.enforcedGroups.join(', ')}.`
  return rule.excludedGroups.length > 0
    ? `A second factor is enforced for everybody but the group(s) ${rule.excludedGroups.join(', ')}.`
    : 'A second factor is enforced for everybody.'
}
