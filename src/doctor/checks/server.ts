import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { majorOf } from '../versions.ts'
import { duration, isLoopback } from '../words.ts'

/** With which Locksmith was tried, from end to end. */
const tried = ['31.0.2', '33.0.3', '34.0.1']

/** A version that is known to work. */
export function checkVersion({ server }: Facts): Finding {
  const name = 'nextcloud-version'
  if (server.kind !== 'answered') return unanswered(name, { kind: 'skipped', because: 'See nextcloud.' })!
  const { version } = server.value
  const major = majorOf(version)
  if (major < 31)
    return {
      name,
      state: 'error',
      found: `Nextcloud ${version} is older than any that Locksmith knows (31 to 34).`,
      means: 'Resets may fail halfway.',
      mend: 'Upgrade Nextcloud to 31 or later.'
    }
  if (major > 34)
    return {
      name,
      state: 'warning',
      found: `Nextcloud ${version} is newer than any that Locksmith knows (31 to 34).`,
      means:
        'It reads everything back and reports only what it saw, but may stop where Nextcloud has changed.',
      mend: 'Try a reset of a user of no importance first, and look for a newer Locksmith.'
    }
  const tests = tried.includes(version) ? 'tried with exactly this version' : `tried with ${tried.join(', ')}`
  return {
    name,
    state: 'ok',
    found: `Nextcloud ${version}: Locksmith works with 31 to 34, and was ${tests}.`
  }
}

const noticedMs = 10_000
const seriousMs = 300_000

export function checkClock({ server }: Facts): Finding {
  const name = 'nextcloud-clock'
  if (server.kind !== 'answered') return unanswered(name, { kind: 'skipped', because: 'See nextcloud.' })!
  const { aheadMs } = server.value
  const apart = Math.abs(aheadMs)
  if (apart < noticedMs) return { name, state: 'ok', found: "Nextcloud's clock and ours agree." }
  return {
    name,
    state: apart >= seriousMs ? 'error' : 'warning',
    found: `Nextcloud's clock is ${duration(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours.`,
    means:
      '"Last used before" is judged by Nextcloud\'s clock: what is revoked by time is off by as much, and so are last logins.',
    mend: 'Let NTP keep the clocks of both machines.'
  }
}

/** Whether passwords cross a network in the clear. */
export function checkTransport({ url, simulated }: Facts): Finding {
  const name = 'nextcloud-connection'
  if (url.protocol === 'https:') return { name, state: 'ok', found: 'Passwords travel over TLS.' }
  if (simulated || isLoopback(url.hostname))
    return { name, state: 'ok', found: 'Plain http, within this machine.' }
  return {
    name,
    state: 'warning',
    found: `NEXTCLOUD_URL is plain http to ${url.hostname}.`,
    means: "The admin's password, and each that is set for a user, can be read on the way.",
    mend: `Set NEXTCLOUD_URL to https://${url.host} (within a network of containers on one machine this can be accepted)`
  }
}

/** Whether Locksmith leaves it alone just now. */
export function checkCircuit({ circuit }: Facts): Finding {
  const name = 'circuit'
  const without = unanswered(name, circuit)
  if (without) return without
  const open = circuit.kind === 'answered' ? circuit.value : undefined
  if (!open) return { name, state: 'ok', found: 'Nextcloud is called as usual.' }
  return {
    name,
    state: 'error',
    found: `Since ${open.openSince.toISOString()} Locksmith leaves Nextcloud alone: ${open.detail}`,
    means: `Operations wait. The next look is at ${open.nextProbeAt.toISOString()}, and they go on by themselves once it is back.`,
    mend: 'Mend what is said of it here, then wait for the next look: `locksmith serve` or `work` must be running.'
  }
}
