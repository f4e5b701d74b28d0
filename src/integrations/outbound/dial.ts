import type { LookupFunction, Socket } from 'node:net'
import { isIP } from 'node:net'
import { Agent, buildConnector } from 'undici'
import { isPublic } from './address.ts'
import type { AllowList } from './allow-list.ts'
import { type Resolve, resolveByName, resolveBySystem } from './resolve.ts'

/** Why nothing was connected to. */
export class NotAllowed extends Error {
  readonly code: 'address-not-allowed' | 'http-not-allowed'
  constructor(code: NotAllowed['code']) {
    super(code)
    this.code = code
  }
}

type Options = buildConnector.Options
type Callback = buildConnector.Callback

/** Opens one connection to one of these very addresses, and looks nothing up. */
export type Dial = (addresses: string[], options: Options, callback: Callback) => void

export type Dialling = {
  allow: AllowList
  /** For tests; default: the name servers, or the system for names on the allow-list. */
  resolve?: Resolve
  /** For tests; default: a socket, with TLS where the scheme says so. */
  dial?: Dial
  /** How long a connection may take, TLS included. Milliseconds. */
  connectMs?: number
}

/**
 * An agent for targets that others choose. The addresses of a name are looked at at the moment of dialling, and what was
 * looked at is what is connected to: no second look-up could say something else. Each request has a connection of its own;
 * redirects are not followed, proxies of the environment not asked, certificates always checked.
 */
export function createDialler({ allow, resolve, dial, connectMs = 5_000 }: Dialling): Agent {
  const open = dial ?? dialSocket(connectMs)
  return new Agent({
    pipelining: 0,
    maxResponseSize: 1024 * 1024,
    connect: (options: Options, callback: Callback) => {
      addressesOf(options, allow, resolve).then(
        (addresses) => open(addresses, options, callback),
        (error) => callback(error, null)
      )
    }
  })
}

/** @throws NotAllowed, or what the resolver throws */
async function addressesOf(options: Options, allow: AllowList, resolve?: Resolve): Promise<string[]> {
  const { hostname, protocol, port } = options
  const host = isIP(hostname) === 6 ? `[${hostname}]` : hostname
  const isNamed = allow.names(new URL(`${protocol}//${host}${port ? `:${port}` : ''}`))
  const addresses =
    isIP(hostname) === 0
      ? await (resolve ?? (isNamed ? resolveBySystem : resolveByName))(hostname)
      : [hostname]
  if (addresses.length === 0) throw Object.assign(new Error('no address'), { code: 'ENOTFOUND' })
  if (isNamed) return addresses
  // All of them: which one is taken is decided later, and a name that has both is no honest one.
  if (!addresses.every((address) => allow.has(address) || isPublic(address)))
    throw new NotAllowed('address-not-allowed')
  if (protocol !== 'https:' && !addresses.every(allow.has)) throw new NotAllowed('http-not-allowed')
  return addresses
}

const dialSocket =
  (timeout: number): Dial =>
  (addresses, options, callback) => {
    const connect = buildConnector({
      timeout,
      allowH2: false,
      maxCachedSessions: 0,
      // Whatever NODE_TLS_REJECT_UNAUTHORIZED says.
      rejectUnauthorized: true,
      autoSelectFamily: true,
      lookup: only(addresses)
    } as buildConnector.BuildOptions)
    connect(options, callback as (error: Error | null, socket: Socket | null) => never)
  }

/** The addresses that were looked at, in whatever form Node asks for them. */
const only =
  (addresses: string[]): LookupFunction =>
  (_hostname, { all }, done) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }))
    if (all) done(null, found)
    else done(null, found[0]!.address, found[0]!.family)
  }
