import { BlockList, isIP, isIPv4 } from 'node:net'

type Family = 'ipv4' | 'ipv6'
type Network = { address: string; family: Family; prefix: number }

const mapped = /^::ffff:([\da-f]{1,4}):([\da-f]{1,4})$/

/**
 * One way of writing for each address: IPv6 compressed and without a zone, IPv4 within IPv6 as IPv4.
 * @returns undefined for what is no address
 */
export function canonicalAddress(given: string): string | undefined {
  const address = given.replace(/%.*$/, '')
  if (isIPv4(address)) return address
  if (isIP(address) !== 6) return undefined
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1)
  const [, high, low] = mapped.exec(written) ?? []
  if (high === undefined) return written
  const bits = Number.parseInt(high, 16) * 65_536 + Number.parseInt(low!, 16)
  return [24, 16, 8, 0].map((shift) => Math.floor(bits / 2 ** shift) % 256).join('.')
}

/** @param cidr `10.0.0.0/8`, `2001:db8::/32`, or one address. @returns undefined for what is none */
export function parseNetwork(cidr: string): Network | undefined {
  const [, given = '', digits] = /^([\da-fA-F:.]+)(?:\/(0|[1-9]\d{0,2}))?$/.exec(cidr) ?? []
  const address = canonicalAddress(given)
  if (address === undefined) return undefined
  const family: Family = isIPv4(address) ? 'ipv4' : 'ipv6'
  const bits = family === 'ipv4' ? 32 : 128
  // Of an IPv4 network that is written as IPv6 the first 96 bits are not its own.
  const prefix = digits === undefined ? bits : Number(digits) - (family === 'ipv4' && !isIPv4(given) ? 96 : 0)
  return prefix >= 0 && prefix <= bits ? { address, family, prefix } : undefined
}

/** @param cidrs each one that {@link parseNetwork} reads. @returns whether an address is in one of them; what is no address is in none */
export function networks(cidrs: string[]): (address: string) => boolean {
  const v4 = new BlockList()
  const v6 = new BlockList()
  for (const cidr of cidrs) {
    const { address, family, prefix } = parseNetwork(cidr)!
    // Apart: IPv6 networks such as ::/0 are not to take IPv4 addresses in.
    const list = family === 'ipv4' ? v4 : v6
    list.addSubnet(address, prefix, family)
  }
  return (given) => {
    const address = canonicalAddress(given)
    if (address === undefined) return false
    return isIPv4(address) ? v4.check(address, 'ipv4') : v6.check(address, 'ipv6')
  }
}

/** Whether each of `inner` lies within one of `outer`. */
export const isWithin = (inner: string[], outer: string[]): boolean =>
  inner.every((cidr) => {
    const { address, family, prefix } = parseNetwork(cidr)!
    return outer.some((each) => {
      const around = parseNetwork(each)!
      return around.family === family && around.prefix <= prefix && networks([each])(address)
    })
  })

/** Whom a failed log-in is counted for: an IPv6 customer has a whole /64, and can take a fresh address for each try. */
export function placeOfAddress(given: string): string {
  const address = canonicalAddress(given)
  if (address === undefined) return 'unknown'
  if (isIPv4(address)) return address
  const [head = '', tail] = address.split('::')
  const first = head === '' ? [] : head.split(':')
  const last = tail === undefined || tail === '' ? [] : tail.split(':')
  const groups =
    tail === undefined ? first : [...first, ...Array(8 - first.length - last.length).fill('0'), ...last]
  return `${groups.slice(0, 4).join(':')}::/64`
}
