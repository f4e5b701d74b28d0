import { ocs, text } from '../http/route.ts'
import type { Settings } from '../model/settings.ts'

/** The two settings that tell how files are encrypted; every other is unset, and an unset one is `""`. */
function configured({ encryption }: Settings, app: string, key: string): string {
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
