import { isIPv4, isIPv6 } from 'node:net'
import { networks } from '../../access/network.ts'

/**
 * Of IPv6 only what is given out as global unicast (RFC 4291, 2.4). So everything that carries an IPv4 address within it is
 * out (mapped ::ffff:0:0/96, compatible ::/96, NAT64 64:ff9b::/96 and 64:ff9b:1::/48), and so are ::1, fc00::/7, fe80::/10,
 * fec0::/10 and ff00::/8.
 */
const globalUnicast = networks(['2000::/3'])

/** What is not for everybody: IANA's registries of special-purpose addresses (RFC 6890 and its updates), and multicast. */
const special = networks([
  '0.0.0.0/8', // this host
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT
  '127.0.0.0/8', // loopback
  '169.254.0.0/16', // link-local, metadata of clouds
  '172.16.0.0/12', // private
  '192.0.0.0/24', // IETF protocol assignments
  '192.0.2.0/24', // documentation
  '192.31.196.0/24', // AS112
  '192.52.193.0/24', // AMT
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '192.175.48.0/24', // AS112
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, and broadcast
  '2001::/23', // IETF protocol assignments, Teredo 2001::/32 among them
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '2620:4f:8000::/48', // AS112
  '3fff::/20' // documentation
])

/**
 * Whether anybody on the internet could be meant by it.
 * @param address as a resolver gives it or as it stands in a URL without brackets; what is no address is not public
 */
export const isPublic = (address: string): boolean =>
  (isIPv4(address) || (isIPv6(address) && globalUnicast(address))) && !special(address)
