import { ocs, text } from '../http/route.ts'
import type { Settings } from '../model/settings.ts'

/** The settings that are known; every other is unset, and an unset one is `""`. */
function configured(settings: Settings, app: string, key: string): string {
  const { encryption, applyAllowlistToRateLimit } = settings
  if (app === 'bruteforcesettings' && key === 'apply_allowlist_to_ratelimit')
    return applyAllowlistToRateLimit ? '1' : ''
  if (encryption === 'off') return ''
  if (app === 'core' && key === 'encryption_enabled') return 'yes'
  return app === 'encryption' && key === 'useMasterKey' ? (encryption === 'user-keys' ? '0' : '1') : ''
}

export const appConfigRoutes = [
  ocs({
    method: 'GET',
    path: '/apps/provisioning_api/api/v1/config/apps/{app}/{key}',
    access: 'admin',
    run: (call) => ({ data: configured(call.nextcloud.settings, text(call, 'app'), text(call, 'key')) })
  })
]
