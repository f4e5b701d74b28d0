import type { IncomingMessage } from 'node:http'
import type { AppApiCredentials } from '../model/app-api.ts'
import type { Settings } from '../model/settings.ts'

/** One request, read as PHP would. */
export interface Exchange {
  method: string
  /** As sent, with the query. */
  target: string
  /** Decoded, without `/index.php`. */
  path: string
  query: URLSearchParams
  headers: Record<string, string>
  cookies: Map<string, string>
  /** Query, then form or JSON body on top. */
  parameters: Record<string, unknown>
  /** The caller, through trusted proxies. */
  address: string
  host: string
  scheme: string
}

/** Reads a request and its body. */
export async function readExchange(request: IncomingMessage, settings: Settings): Promise<Exchange> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const body = Buffer.concat(chunks).toString('utf8')
  const target = request.url ?? '/'
  const url = new URL(target.replace(/^\/+/, '/'), 'http://sandbox.invalid')
  const headers: Record<string, string> = {}
  for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value)
  const proxied = settings.trustedProxies.includes(request.socket.remoteAddress ?? '')
  return {
    method: request.method ?? 'GET',
    target,
    path: decode(url.pathname),
    query: url.searchParams,
    headers,
    cookies: readCookies(headers.cookie ?? ''),
    parameters: { ...phpForm(url.searchParams), ...readBody(body, headers['content-type'] ?? '') },
    address:
      settings.seenAs ||
      (proxied && headers['x-forwarded-for']?.split(',')[0]?.trim()) ||
      (request.socket.remoteAddress ?? ''),
    host: settings.overwriteHost || headers.host || '',
    scheme: settings.overwriteProtocol || (proxied && headers['x-forwarded-proto']) || 'http'
  }
}

/** The absolute URL by which the caller reached Nextcloud: links in mails carry it (fact 10). */
export function absolute({ scheme, host }: Exchange, path: string): string {
  return `${scheme}://${host}${path}`
}

export function readBasic({ headers }: Exchange): { user: string; password: string } | null {
  const match = /^basic (.+)$/i.exec(headers.authorization ?? '')
  if (!match) return null
  const text = Buffer.from(match[1]!, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? null : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Who an external app says it is; null without its `AUTHORIZATION-APP-API`. */
export function readAppApi({ headers }: Exchange): AppApiCredentials | null {
  const given = headers['authorization-app-api']
  if (!given) return null
  const [user = '', ...secret] = Buffer.from(given, 'base64').toString('utf8').split(':')
  return {
    id: headers['ex-app-id'] ?? '',
    version: headers['ex-app-version'] ?? '',
    user,
    secret: secret.join(':')
  }
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

function readCookies(header: string): Map<string, string> {
  const pairs = header.split(';').map((pair) => pair.trim().split('='))
  return new Map(pairs.filter(([name]) => name).map(([name, ...value]) => [name!, value.join('=')]))
}

function readBody(body: string, type: string): Record<string, unknown> {
  if (body === '') return {}
  if (type.includes('json')) {
    try {
      const data: unknown = JSON.parse(body)
      return typeof data === 'object' && data !== null && !Array.isArray(data)
        ? (data as Record<string, unknown>)
        : {}
    } catch {
      return {}
    }
  }
  return type.includes('application/x-www-form-urlencoded') ? phpForm(new URLSearchParams(body)) : {}
}

/** `a[]=1&a[]=2` is a list in PHP. */
function phpForm(form: URLSearchParams): Record<string, unknown> {
  const out: Record<string, unknown> = {}
  for (const [name, value] of form) {
    const list = /^(.+)\[\d*\]$/.exec(name)?.[1]
    if (list === undefined) out[name] = value
    else out[list] = [...(Array.isArray(out[list]) ? out[list] : []), value]
  }
  return out
}
