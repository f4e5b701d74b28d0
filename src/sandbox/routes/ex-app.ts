import { NOT_FOUND, OcsFailure, UNAUTHORISED } from '../http/ocs.ts'
import { type Call, ocs, text } from '../http/route.ts'
import type { Settings } from '../model/settings.ts'

type ExApp = NonNullable<Settings['appApi']>

function findExApp({ nextcloud }: Call, id: string): ExApp | undefined {
  const { missingApps, appApi } = nextcloud.settings
  if (missingApps.includes('app_api')) throw new OcsFailure(NOT_FOUND)
  return appApi?.id === id ? appApi : undefined
}

/** The app as which the caller shows itself. What is wrong with it was counted when it came in. */
function callingExApp(call: Call): ExApp {
  const { headers } = call.exchange
  const given = headers['authorization-app-api']
  const id = headers['ex-app-id'] ?? ''
  const app = findExApp(call, id)
  const secret = Buffer.from(given ?? '', 'base64')
    .toString('utf8')
    .replace(/^[^:]*:/, '')
  if (app && given && app.secret === secret && headers['ex-app-version']) return app
  throw new OcsFailure(UNAUTHORISED, 'AppAPI authentication failed')
}

/** What AppAPI says of an ExApp: to the admin, and to the app itself even while it is not enabled. */
export const exAppRoutes = [
  ocs({
    method: 'GET',
    path: '/apps/app_api/api/v1/ex-app/info/{appId}',
    access: 'admin',
    run(call) {
      const app = findExApp(call, text(call, 'appId'))
      if (!app) throw new OcsFailure(404)
      const { id, version, enabled = true } = app
      return { id, name: id, version, enabled, status: { deploy: 100, init: 0 } }
    }
  }),
  ocs({
    method: 'GET',
    path: '/apps/app_api/ex-app/state',
    access: 'anyone',
    run: (call) => (callingExApp(call).enabled === false ? 0 : 1)
  })
]
