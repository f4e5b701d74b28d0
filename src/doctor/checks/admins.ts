import { NextcloudError } from '../../nextcloud/errors.ts'
import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { AdminFacts, Facts } from '../facts.ts'
import { addToList } from '../words.ts'

/** Each admin account: whether Nextcloud takes it, and whether it may do what an admin may. */
export const checkAdmins = (facts: Facts): Finding[] =>
  facts.admins.map((admin) => ({ about: admin.user, ...checkAdmin(admin, facts) }))

function checkAdmin({ user, variable, account }: AdminFacts, { apps, remoteAddress }: Facts): Finding {
  const name = 'admin-account'
  if (account.kind === 'failed' && account.error instanceof NextcloudError) {
    if (account.error.variant === 'credentials-refused') return refused(user, variable, account.error)
    if (account.error.isBlocked) return blocked(account.because)
  }
  const without = unanswered(name, account)
  if (without) return without
  const groups = account.kind === 'answered' ? account.value.groups : []
  if (!groups.includes('admin'))
    return {
      name,
      state: 'error',
      found: `Nextcloud takes ${user}, but it is not in the group admin.`,
      means: 'It cannot set passwords, nor read what a reset must know first.',
      mend: `occ group:adduser admin ${user}`
    }
  // In the group, and turned away all the same: admins have to call from elsewhere.
  if (apps.kind === 'failed' && isNotAllowed(apps.error))
    return {
      name,
      state: 'error',
      found: `${user} is in the group admin, but Nextcloud lets it do nothing that admins may from our address.`,
      means: '`allowed_admin_ranges` in its config.php names other addresses. No user can be reset.',
      mend: addToList(
        'allowed_admin_ranges',
        (remoteAddress.kind === 'answered' && remoteAddress.value) || 'OUR-ADDRESS'
      )
    }
  return { name, state: 'ok', found: `Nextcloud takes ${user}, and it is in the group admin.` }
}

function refused(user: string, variable: AdminFacts['variable'], error: NextcloudError): Finding {
  const name = 'admin-account'
  if (error.notSent)
    return {
      name,
      state: 'error',
      found: error.message,
      means:
        'A few more failures would block our address (Nextcloud allows ten in half an hour), so it was not tried now, either. Operations wait.',
      mend: `locksmith host credentials retry (once ${user} was mended in Nextcloud), or set the right ${variable} and restart`
    }
  if (error.passwordIgnored)
    return {
      name,
      state: 'error',
      found: `Nextcloud did not look at the password of ${user}: the account has a second factor, or must have one, or the server takes app passwords only (token_auth_enforced).`,
      means:
        'With either, only an app password works, and from Nextcloud 34 on that may not change anything. It is not tried again by itself.',
      mend: `occ twofactorauth:state ${user}, then occ twofactorauth:disable ${user} PROVIDER; where it is enforced exclude a group of it: occ twofactorauth:enforce --on --exclude=GROUP; token_auth_enforced: occ config:system:set token_auth_enforced --type=boolean --value=false. Then locksmith host credentials retry`
    }
  return {
    name,
    state: 'error',
    found: `Nextcloud refused ${user}: the password is wrong, or the account is disabled or gone.`,
    means: 'It was sent once and is not sent again, so that our address is not blocked. Operations wait.',
    mend: `Set the right ${variable} and restart; or mend the account in Nextcloud (occ user:info ${user}, occ user:enable ${user}), then locksmith host credentials retry`
  }
}

const blocked = (found: string): Finding => ({
  name: 'admin-account',
  state: 'error',
  found,
  means:
    'Nothing that needs a password works from our address. It ends by itself after half an hour without another failure.',
  mend: 'occ security:bruteforce:reset OUR-ADDRESS (see own-address), and allow-list it'
})

export const isNotAllowed = (error: unknown): boolean =>
  error instanceof NextcloudError && error.variant === 'not-allowed'
