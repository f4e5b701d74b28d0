import { absolute } from '../http/exchange.ts'
import { type Call, ocs } from '../http/route.ts'

/** What is told to everybody. */
function publicCapabilities({ nextcloud, exchange }: Call): Record<string, unknown> {
  return {
    bruteforce: {
      delay: nextcloud.throttler.delayMs(exchange.address, null),
      'allow-listed': nextcloud.settings.allowListed
    },
    theming: {
      name: 'Nextcloud',
      productName: 'Nextcloud',
      url: 'https://nextcloud.com',
      slogan: 'a safe home for all your data',
      color: '#00679e',
      logo: absolute(exchange, '/core/img/logo/logo.svg?v=0')
    }
  }
}

function userCapabilities(call: Call): Record<string, unknown> {
  const { enforceHaveIBeenPwned, ...policy } = call.nextcloud.settings.passwordPolicy
  const api = absolute(call.exchange, '/ocs/v2.php/apps/password_policy/api/v1')
  return {
    core: {
      pollinterval: 60,
      'webdav-root': 'remote.php/webdav',
      'reference-api': true,
      'mod-rewrite-working': true
    },
    ...publicCapabilities(call),
    files: { bigfilechunking: true, undelete: true, versioning: true },
    password_policy: {
      api: { generate: `${api}/generate`, validate: `${api}/validate` },
      policies: { account: { ...policy, enforceHaveIBeenPwned } },
      ...policy
    },
    provisioning_api: {
      version: '1.0.0',
      AccountPropertyScopesVersion: 2,
      AccountPropertyScopesFederatedEnabled: true,
      AccountPropertyScopesPublishedEnabled: false
    }
  }
}

export const capabilityRoutes = [
  ocs({
    method: 'GET',
    path: '/cloud/capabilities',
    access: 'anyone',
    run(call) {
      const [major, minor, micro] = call.nextcloud.quirks.versionString.split('.').map(Number)
      const { versionString: string } = call.nextcloud.quirks
      return {
        version: { major, minor, micro, string, edition: '', extendedSupport: false },
        capabilities: call.actor ? userCapabilities(call) : publicCapabilities(call)
      }
    }
  })
]
