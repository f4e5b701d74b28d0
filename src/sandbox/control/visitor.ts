import type { Exchange } from '../http/exchange.ts'
import { type Handle, nothingObserved } from '../http/nextcloud.ts'
import type { Reply } from '../http/reply.ts'

/** Somebody who uses Nextcloud from an address of their own, past faults, latency and the log. */
export interface Visitor {
  handle: () => Handle
  /** Host and port as the address bar shows it. */
  host: string
}

let visitors = 0
const newAddress = (): string => `person-${++visitors}`

/** Whether it is a person's address: no caller over HTTP has such a one. */
export const isVisitor = (address: string): boolean => address.startsWith('person-')

/** One request. */
export function visit(
  visitor: Visitor,
  method: string,
  target: string,
  headers: Record<string, string>,
  parameters: Record<string, unknown>,
  address: string
): Reply {
  const url = new URL(target, 'http://sandbox.invalid')
  const cookies = new Map(
    (headers.cookie ?? '')
      .split('; ')
      .filter((pair) => pair.includes('='))
      .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)])
  )
  const exchange: Exchange = {
    method,
    target,
    path: decodeURIComponent(url.pathname),
    query: url.searchParams,
    headers: { host: visitor.host, ...headers },
    cookies,
    parameters: { ...Object.fromEntries(url.searchParams), ...parameters },
    address,
    host: visitor.host,
    scheme: 'http'
  }
  return visitor.handle()(exchange, nothingObserved())
}

/** One request of somebody without cookies, from an address that nobody else uses. */
export function visitOnce(visitor: Visitor, method: string, path: string): Reply {
  return visit(visitor, method, path, { accept: 'text/html' }, {}, newAddress())
}

export interface BrowserSession {
  origin: string
  get(path: string): Reply
  send(
    method: string,
    path: string,
    parameters: Record<string, unknown>,
    headers?: Record<string, string>
  ): Reply
  requestToken(page: string): string
  cookie(): string
}

/** A browser: keeps cookies, comes from an address that nobody else uses. */
export function createSession(
  visitor: Visitor,
  userAgent = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
): BrowserSession {
  const jar = new Map<string, string>()
  const address = newAddress()
  const cookie = (): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const send: BrowserSession['send'] = (method, path, parameters, headers = {}) => {
    const reply = visit(
      visitor,
      method,
      path,
      { accept: 'text/html', 'user-agent': userAgent, cookie: cookie(), ...headers },
      parameters,
      address
    )
    for (const line of [reply.headers['set-cookie'] ?? []].flat()) {
      const pair = line.split(';')[0]!
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return reply
  }
  return {
    origin: `http://${visitor.host}`,
    get: (path) => send('GET', path, {}),
    send,
    requestToken: (page) => /data-requesttoken="([^"]+)"/.exec(page)?.[1] ?? '',
    cookie
  }
}

/** Tries a credential on "who am I"; the answer's status says whether it lives. */
export function tryCredential(visitor: Visitor, credential: Credential): number {
  const headers: Record<string, string> = {
    'ocs-apirequest': 'true',
    accept: 'application/json',
    'user-agent': 'credential check'
  }
  if ('cookie' in credential) headers.cookie = credential.cookie
  else
    headers.authorization = `Basic ${Buffer.from(`${credential.user}:${credential.password}`).toString('base64')}`
  return visit(visitor, 'GET', '/ocs/v2.php/cloud/user', headers, {}, newAddress()).status
}

/** What somebody may hold: a user name with a password or app password, or a browser's cookies. */
export type Credential = { user: string; password: string } | { cookie: string }
