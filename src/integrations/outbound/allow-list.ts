import { isIP } from 'node:net'
import { networks, parseNetwork } from '../../access/network.ts'

/** Internal targets that may be called, as `OUTBOUND_ALLOW` names them. */
export type AllowList = {
  /** Whether the host of a URL is named: then over http as well, and whatever addresses it has. */
  names(url: URL): boolean
  /** Whether an address is in one of the networks: then over http as well. */
  has(address: string): boolean
  /** Whether there is any network: then a name may turn out to be in it. */
  hasNetworks: boolean
}

const hostForm = /^[a-z\d]([a-z\d-]*[a-z\d])?(\.[a-z\d]([a-z\d-]*[a-z\d])?)*$/

/**
 * Reads `http://n8n.internal:5678` (this scheme, host and port), `n8n.internal` (a host, on any port), and `10.0.5.0/24` or
 * `10.0.5.7` (networks and addresses).
 * @returns undefined where an entry is none of these
 */
export function parseAllowList(entries: string[]): AllowList | undefined {
  const origins = new Set<string>()
  const hosts = new Set<string>()
  const cidrs: string[] = []
  for (const entry of entries) {
    const url = /^https?:\/\//i.test(entry) ? URL.parse(entry) : null
    if (url && `${url.origin}/` === url.href) origins.add(url.origin)
    else if (parseNetwork(entry)) cidrs.push(entry)
    // Digits and dots alone would be an address that is written wrongly.
    else if (hostForm.test(entry.toLowerCase()) && /[a-z]/i.test(entry)) hosts.add(entry.toLowerCase())
    else return undefined
  }
  return {
    names: (url) => origins.has(url.origin) || hosts.has(url.hostname),
    has: networks(cidrs),
    hasNetworks: cidrs.length > 0
  }
}

/** The host of a URL as it is dialled: an IPv6 address without its brackets. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1')

/** Whether the host is an address itself. The URL parser has put `0x7f.1`, `2130706433` and the like right before. */
export const isLiteral = (url: URL): boolean => isIP(hostOf(url)) !== 0
