import { guestPage } from './page.ts'
import { earlyOcsError } from './refusals.ts'
import { empty, html, type Reply, redirect } from './reply.ts'
import type { Call } from './route.ts'

/** What answers before anybody is logged in: status.php and everything that is wrong with the server. */
export function gate(call: Call): Reply | undefined {
  const { settings } = call.nextcloud
  const { path, headers } = call.exchange
  const isStatus = path === '/status.php'
  if (settings.redirectAllTo !== null) return redirect(settings.redirectAllTo, 302)
  if (settings.rubbish) return html('<!DOCTYPE html><title>It works!</title><h1>It works!</h1>')
  if (!isTrusted(call, headers.host ?? '')) return untrusted(call, isStatus)
  if (isStatus && !settings.databaseDown) return status(call, settings.maintenance)
  const isOcs = path.startsWith('/ocs/')
  // Fact 6: a success by its HTTP status, and nothing in it.
  if (settings.databaseDown)
    return isOcs ? empty(200) : guestPage(call, { title: 'Nextcloud', heading: 'Internal Server Error' }, 500)
  return settings.maintenance || settings.needsDbUpgrade ? maintenance(call) : undefined
}

/** What maintenance mode answers. `status.php` is read as ever, and says so. */
export function maintenance(call: Call): Reply {
  const { path } = call.exchange
  if (path === '/status.php') return status(call, true)
  return path.startsWith('/ocs/') ? ocsMaintenance(call) : pageMaintenance(call)
}

/** A trusted domain without a port is trusted on every port. `*` stands for any characters. */
export function isTrusted({ nextcloud }: Pick<Call, 'nextcloud'>, host: string): boolean {
  const bare = host.replace(/:\d+$/, '')
  return nextcloud.settings.trustedDomains.some((domain) => {
    const pattern = new RegExp(
      `^${domain.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '[-.a-zA-Z0-9]*')}$`,
      'i'
    )
    return pattern.test(host) || pattern.test(bare)
  })
}

function untrusted(call: Call, isStatus: boolean): Reply {
  if (!isStatus)
    return guestPage(call, { title: 'Nextcloud', heading: 'Access through untrusted domain' }, 400)
  return {
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: '{"error": "Trusted domain error.", "code": 15}'
  }
}

function status({ nextcloud }: Call, maintenance: boolean): Reply {
  const body = JSON.stringify({
    installed: true,
    maintenance,
    needsDbUpgrade: nextcloud.settings.needsDbUpgrade,
    version: nextcloud.quirks.version,
    versionstring: nextcloud.quirks.versionString,
    edition: '',
    productname: 'Nextcloud',
    extendedSupport: false
  })
  return { status: 200, headers: { 'content-type': 'application/json' }, body }
}

function ocsMaintenance(call: Call): Reply {
  const version = call.exchange.path.startsWith('/ocs/v1.php') ? 1 : 2
  const reply = earlyOcsError(call, version, { code: 503, message: 'Service unavailable', data: [] }, 503)
  reply.headers['x-nextcloud-maintenance-mode'] = '1'
  return reply
}

function pageMaintenance(call: Call): Reply {
  const reply = guestPage(call, { title: 'Nextcloud', heading: 'Maintenance mode' }, 503)
  Object.assign(reply.headers, { 'x-nextcloud-maintenance-mode': '1', 'retry-after': '120' })
  return reply
}
