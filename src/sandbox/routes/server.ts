import { guestPage } from '../http/page.ts'
import { json } from '../http/reply.ts'
import { type Call, ocs, text, web } from '../http/route.ts'
import { setupChecks } from './setup-checks.ts'

const apps = [
  'activity',
  'app_api',
  'bruteforcesettings',
  'dav',
  'files',
  'files_sharing',
  'password_policy',
  'provisioning_api',
  'settings',
  'theming',
  'twofactor_backupcodes',
  'twofactor_totp'
]

function enabledApps({ nextcloud }: Call): string[] {
  const more = [
    ...(nextcloud.settings.encryption === 'off' ? [] : ['encryption']),
    ...(nextcloud.users.all().some(({ backend }) => backend === 'LDAP') ? ['user_ldap'] : []),
    ...nextcloud.settings.moreApps
  ]
  return [...apps, ...more].filter((app) => !nextcloud.settings.missingApps.includes(app)).sort()
}

/** What the app `bruteforcesettings` puts on the page about security, where it is enabled. */
function bruteForceStates({ nextcloud, exchange }: Call): Record<string, unknown> {
  const { settings, throttler, version } = nextcloud
  if (settings.missingApps.includes('bruteforcesettings')) return {}
  return {
    'bruteforcesettings-remote-address': exchange.address,
    'bruteforcesettings-bypass-listed': settings.allowListed,
    'bruteforcesettings-delay': throttler.delayMs(exchange.address, null),
    ...(version > 31 && {
      'bruteforcesettings-apply_allowlist_to_ratelimit': settings.applyAllowlistToRateLimit
    })
  }
}

/** What an admin can read about the server itself: apps, setup checks, its own address. */
export const serverRoutes = [
  ocs({
    method: 'GET',
    path: '/cloud/apps',
    access: 'admin',
    run: (call) => ({ apps: text(call, 'filter') === 'disabled' ? [] : enabledApps(call) })
  }),
  web({
    method: 'GET',
    path: '/settings/ajax/checksetup',
    access: 'admin',
    run: (call) => json(call.nextcloud.version === 31 ? { generic: setupChecks(call) } : setupChecks(call))
  }),
  web({
    method: 'GET',
    path: '/settings/admin/security',
    access: 'admin',
    skipsCsrf: true,
    run: (call) =>
      guestPage(call, {
        title: 'Administration - Nextcloud',
        heading: 'Brute-force IP whitelist',
        states: bruteForceStates(call)
      })
  })
]
