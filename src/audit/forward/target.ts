import { isIP } from 'node:net'
import { lineOf, ndjson } from './collector.ts'
import type { ForwardedEvent } from './forwarded.ts'
import { createPost, type Trust } from './post.ts'
import { type SyslogServer, sendSyslog } from './syslog.ts'
import { frameSyslog } from './syslog-message.ts'

/** Where events of the audit are forwarded to. */
export type ForwardAddress = ({ kind: 'syslog' } & SyslogServer) | { kind: 'collector'; url: URL }

/** Somebody who takes events. */
export type ForwardTarget = {
  /** For logs: scheme, host and port. Paths and queries of collectors can have credentials in them. */
  name: string
  /** An event as it is sent. */
  encode(event: ForwardedEvent): Buffer
  /** Sends what was encoded. @throws DeliveryError where it is not known to be received: all of it is to be sent again */
  send(encoded: Buffer[], signal: AbortSignal): Promise<void>
}

export type TargetOptions = {
  /** The value of the header `Authorization` for a collector. */
  authorization?: string | undefined
  tls?: Trust
  /** For sending one batch; default 15 s. */
  timeoutMs?: number
}

export function createTarget(
  address: ForwardAddress,
  { authorization, tls, timeoutMs }: TargetOptions = {}
): ForwardTarget {
  const options = { ...(tls && { tls }), ...(timeoutMs !== undefined && { timeoutMs }) }
  if (address.kind === 'syslog')
    return {
      name: `syslog+${address.secure ? 'tls' : 'tcp'}://${bracketed(address.host)}:${address.port}`,
      encode: frameSyslog,
      send: (messages, signal) => sendSyslog(address, messages, signal, options)
    }
  const post = createPost({ url: address.url, authorization, ...options })
  return {
    name: address.url.origin,
    encode: lineOf,
    send: (lines, signal) => post(ndjson, Buffer.concat(lines), signal)
  }
}

/**
 * `syslog+tls://host:6514`, `syslog+tcp://host:514` (those ports where none is given), or a collector: see
 * {@link parseEndpoint}.
 * @returns undefined for anything else
 */
export function parseForwardUrl(text: string): ForwardAddress | undefined {
  const url = URL.parse(text)
  const transport = /^syslog\+(tcp|tls):$/.exec(url?.protocol ?? '')?.[1]
  if (!url || !transport) {
    const endpoint = parseEndpoint(text)
    return endpoint && { kind: 'collector', url: endpoint }
  }
  // Of a scheme that it does not know URL checks little.
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  if (isIP(host) === 0 && !/^[a-z\d_-]+(\.[a-z\d_-]+)*\.?$/i.test(host)) return undefined
  if (url.username || url.password || url.search || url.hash || !/^\/?$/.test(url.pathname)) return undefined
  const secure = transport === 'tls'
  return { kind: 'syslog', host, port: Number(url.port) || (secure ? 6_514 : 514), secure }
}

/**
 * `https://host/path`, with a query or without; `http://` only to this host itself. No credentials in it: those have
 * a variable of their own.
 * @returns undefined for anything else
 */
export function parseEndpoint(text: string): URL | undefined {
  const url = URL.parse(text)
  if (!url?.hostname || url.username || url.password || url.hash) return undefined
  if (url.protocol === 'https:') return url
  return url.protocol === 'http:' && isLoopback(url.hostname) ? url : undefined
}

/** Whether it can be the value of a header (RFC 9110, 5.5): visible characters of ASCII, and spaces between them. */
export const isHeaderValue = (text: string): boolean => /^[!-~]+( +[!-~]+)*$/.test(text)

const isLoopback = (hostname: string) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname)

const bracketed = (host: string) => (isIP(host) === 6 ? `[${host}]` : host)
