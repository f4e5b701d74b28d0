import { guestPage } from '../http/page.ts'
import { json } from '../http/reply.ts'
import { type Call, ocs, text, web } from '../http/route.ts'

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
    ...(nextcloud.users.all().some(({ backend }) => backend === 'LDAP') ? ['user_ldap'] : [])
  ]
  return [...apps, ...more].sort()
}

/** One of the checks on the admin's overview page. */
function check(name: string, severity: 'success' | 'info' | 'warning' | 'error', description: string | null) {
  return { name, severity, description, descriptionParameters: null, linkToDoc: null }
}

function setupChecks({ nextcloud, exchange }: Call): Record<string, Record<string, unknown>> {
  const { throttler, settings } = nextcloud
  const delay = throttler.delayMs(exchange.address, null)
  const slowed = `Your remote address was identified as "${exchange.address}" and is brute-force throttled at the moment slowing down the performance of various requests. If the remote address is not your address this can be an indication that a proxy is not configured correctly.`
  return {
    system: {
      'OCA\\Settings\\SetupChecks\\BruteForceThrottler':
        delay > 0
          ? check('Brute-force Throttle', 'error', slowed)
          : check(
              'Brute-force Throttle',
              'success',
              `Your remote address "${exchange.address}" is not brute-force throttled.`
            )
    },
    security: {
      'OCA\\Settings\\SetupChecks\\ForwardedForHeaders': check('Forwarded for headers', 'success', null)
    },
    config: {
      'OCA\\Settings\\SetupChecks\\EmailTestSuccessful': settings.mailServerDown
        ? check(
            'Email test',
            'info',
            'You have not set or verified your email server configuration, yet. Please head over to the "Basic settings" in order to set them. Afterwards, use the "Send email" button below the form to verify your settings.'
          )
        : check('Email test', 'success', 'Email test was successfully sent')
    }
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
        states: {
          'bruteforcesettings-remote-address': call.exchange.address,
          'bruteforcesettings-bypass-listed': call.nextcloud.settings.allowListed,
          'bruteforcesettings-delay': call.nextcloud.throttler.delayMs(call.exchange.address, null)
        }
      })
  })
]
