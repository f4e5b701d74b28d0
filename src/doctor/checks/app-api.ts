import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { isAbove } from '../versions.ts'

/** The ExApp by which our log-in passes a second factor. */
export function checkAppApi({ exApp, apps, config }: Facts): Finding {
  const name = 'app-api'
  const app = config.appApi
  if (!app) return { name, state: 'skipped', found: 'APPAPI_ID is not set.' }
  const means =
    'Without it users with a second factor are refused, unless there is OCC_COMMAND or NEXTCLOUD_DATABASE_URL.'
  if (apps.kind === 'answered' && !apps.value.includes('app_api'))
    return {
      name,
      state: 'error',
      found: "Nextcloud's app app_api is not enabled.",
      means,
      mend: 'occ app:enable app_api'
    }
  const without = unanswered(name, exApp)
  if (without || exApp.kind !== 'answered') return without!
  const { registered, taken } = exApp.value
  if (!registered)
    return {
      name,
      state: 'error',
      found: `No ExApp "${app.id}" is registered at Nextcloud.`,
      means,
      mend: `occ app_api:app:register ${app.id} DAEMON --json-info '{"id":"${app.id}","name":"Locksmith","version":"${app.version}","secret":"…","port":9000}' with the secret of APPAPI_SECRET, while something answers there: docs/CONNECT.md says what`
    }
  const unsure = unanswered(name, taken)
  if (unsure) return unsure
  if (taken.kind === 'answered' && !taken.value)
    return {
      name,
      state: 'error',
      found: `AppAPI refused the secret of the ExApp "${app.id}". It is not sent again.`,
      means,
      mend: `Set APPAPI_SECRET to the one with which ${app.id} was registered (or register it anew), then locksmith host credentials retry`
    }
  if (!registered.enabled)
    return {
      name,
      state: 'error',
      found: `AppAPI takes the secret, but the ExApp "${app.id}" is not enabled.`,
      means,
      mend: `occ app_api:app:enable ${app.id}`
    }
  if (isAbove(app.version, registered.version))
    return {
      name,
      state: 'warning',
      found: `AppAPI takes "${app.id}". It is registered as ${registered.version}, and APPAPI_VERSION is ${app.version}.`,
      means: 'Nextcloud writes the later version down at the first log-in.',
      mend: `APPAPI_VERSION=${registered.version}`
    }
  return {
    name,
    state: 'ok',
    found: `AppAPI takes the ExApp "${app.id}": users with a second factor can be reset.`
  }
}
