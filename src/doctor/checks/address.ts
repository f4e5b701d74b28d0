import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { isLoopback, isPrivate } from '../words.ts'

const bare = (address: string) => address.replace(/^::ffff:/, '').toLowerCase()

/** As whom Nextcloud sees us. Its limits and its protection against guessing count by address. */
export function checkOwnAddress(facts: Facts): Finding {
  const name = 'own-address'
  const { remoteAddress, ownAddresses, nextcloudAddresses, url } = facts
  const without = unanswered(name, remoteAddress)
  if (without) return without
  const seen = remoteAddress.kind === 'answered' ? remoteAddress.value : undefined
  if (!seen)
    return {
      name,
      state: 'unknown',
      found: 'Nextcloud does not show it: its app bruteforcesettings is not enabled.',
      mend: 'occ app:enable bruteforcesettings'
    }
  const found = `Nextcloud sees us as ${seen}`
  const isOurs = ownAddresses.some((address) => bare(address) === bare(seen))
  // On its own machine, and we are not there: only a proxy calls from there.
  if (isLoopback(seen) && !isLoopback(url.hostname) && !reachesThisMachine(facts)) return everybodys(seen)
  if (isOurs) return { name, state: 'ok', found: `${found}, an address of this machine.` }
  if (
    nextcloudAddresses.kind === 'answered' &&
    nextcloudAddresses.value.some((one) => bare(one) === bare(seen))
  )
    return everybodys(seen)
  return {
    name,
    state: isPrivate(seen) ? 'warning' : 'ok',
    found: `${found}, which is no address of this machine: a proxy or a router stands between.`,
    means: isPrivate(seen)
      ? 'If that is the reverse proxy before Nextcloud, everybody has this address: their failed log-ins block us, and ours them.'
      : 'Whoever shares it with us shares its limits, too.',
    ...(isPrivate(seen) && { mend: proxyMend(seen) })
  }
}

function everybodys(seen: string): Finding {
  return {
    name: 'own-address',
    state: 'warning',
    found: `Nextcloud sees us as ${seen}, the address of the proxy before it: everybody has it.`,
    means:
      'Failed log-ins of anybody block us, and everybody else as well; and allow-listing it would switch the protection off for all.',
    mend: proxyMend(seen)
  }
}

const proxyMend = (proxy: string) =>
  `Let the proxy say who calls (X-Forwarded-For), and let Nextcloud believe it: occ config:system:set trusted_proxies N --value=${proxy}`

const reachesThisMachine = ({ nextcloudAddresses, ownAddresses }: Facts) =>
  nextcloudAddresses.kind === 'answered' &&
  nextcloudAddresses.value.some((one) => ownAddresses.some((own) => bare(own) === bare(one)))

/** Nextcloud's own check of the proxy's headers. */
export function checkProxyHeaders({ setupChecks, remoteAddress, url, publicUrl }: Facts): Finding {
  const name = 'proxy-headers'
  const without = unanswered(name, setupChecks)
  if (without) return without
  const said = setupChecks.kind === 'answered' ? setupChecks.value.proxyHeaders : undefined
  if (said === undefined)
    return { name, state: 'unknown', found: 'Nextcloud does not have its check "Forwarded for headers".' }
  if (said === 'ok') return { name, state: 'ok', found: 'Nextcloud finds nothing wrong with them.' }
  const seen = remoteAddress.kind === 'answered' ? remoteAddress.value : undefined
  const isMeant = url.protocol !== publicUrl.protocol
  return {
    name,
    state: 'warning',
    found: `Nextcloud doubts them: our call comes from a trusted proxy${seen ? ` (${seen})` : ''} that does not say who called, or trusted_proxies is malformed.`,
    means: isMeant
      ? 'If that is the address of Locksmith itself, put there so that links begin with https, all is well. If it is a proxy, everybody has its address.'
      : 'Everybody who comes through that proxy has its address, for limits and for the protection against guessing.',
    mend: 'Let the proxy send X-Forwarded-For, and look at occ config:system:get trusted_proxies'
  }
}
