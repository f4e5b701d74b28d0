import { readBasic } from '../http/exchange.ts'
import { type Call, web } from '../http/route.ts'
import { isAdmin } from '../model/groups.ts'

/** When the caller last proved the password. Up to 33 an app password counts as a proof, from 34 on it does not. */
function confirmedAt({ nextcloud, exchange, session, actor }: Call): number {
  if (!actor) return 0
  if (readBasic(exchange) && !nextcloud.quirks.appPasswordIsReadOnly) return nextcloud.clock.seconds()
  return session.passwordConfirmedAt
}

/** What Nextcloud tells the scripts of its pages about whoever looks at them. */
export const ocJsRoutes = [
  web({
    method: 'GET',
    path: '/core/js/oc.js',
    access: 'anyone',
    skipsCsrf: true,
    worksWithoutSecondFactor: true,
    run: (call) => ({
      status: 200,
      headers: { 'content-type': 'text/javascript;charset=UTF-8' },
      body: [
        `var _oc_isadmin=${call.actor !== null && isAdmin(call.actor)};`,
        `var nc_lastLogin=${confirmedAt(call)};`,
        `var nc_pageLoad=${call.nextcloud.clock.seconds()};`
      ].join('\n')
    })
  })
]
