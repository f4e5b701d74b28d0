import { absolute } from '../http/exchange.ts'
import { escapeHtml } from '../http/html.ts'
import { guestPage } from '../http/page.ts'
import { type Reply, redirect } from '../http/reply.ts'
import { type Call, text, web } from '../http/route.ts'
import { activeProviders } from '../model/two-factor.ts'

function challenge(call: Call, heading: string): Reply {
  if (!call.session.secondFactorPending) return redirect(absolute(call.exchange, '/apps/files/'))
  const links = call.actor
    ? activeProviders(call.actor).map(
        (id) => `<li><a href="/login/challenge/${encodeURIComponent(id)}">${escapeHtml(id)}</a></li>`
      )
    : []
  return guestPage(call, {
    title: 'Two-factor authentication – Nextcloud',
    heading,
    body: `<ul>${links.join('')}</ul>`
  })
}

const page = { method: 'GET', access: 'user', skipsCsrf: true, worksWithoutSecondFactor: true } as const

/** Where a log-in stops while a second factor is asked for. The sandbox never lets one pass. */
export const challengeRoutes = [
  web({
    ...page,
    path: '/login/selectchallenge',
    run: (call) => challenge(call, 'Two-factor authentication')
  }),
  web({
    ...page,
    path: '/login/setupchallenge',
    run: (call) => challenge(call, 'Set up two-factor authentication')
  }),
  web({
    ...page,
    path: '/login/challenge/{provider}',
    run: (call) => challenge(call, `Second factor: ${text(call, 'provider')}`)
  }),
  web({
    method: 'GET',
    path: '/apps/dashboard/',
    access: 'user',
    skipsCsrf: true,
    run: (call) =>
      guestPage(call, {
        title: 'Dashboard - Nextcloud',
        heading: `Logged in as ${call.actor?.displayName}`,
        body: `<p><a href="/settings/user/security">Devices &amp; sessions</a></p><p><a href="/logout?requesttoken=${encodeURIComponent(call.session.requestToken)}">Log out</a></p>`
      })
  })
]
