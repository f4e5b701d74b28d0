import type { Agent } from 'undici'
import { request } from 'undici'
import { isPublic } from './address.ts'
import { type AllowList, hostOf, isLiteral } from './allow-list.ts'
import { createDialler, type Dialling, NotAllowed } from './dial.ts'

/** What came of one request. `failed`: how, in a word of ours; nobody's text is handed on. */
export type Posted =
  | { status: number; retryAfter: string | undefined }
  | { failed: PostFailure; code?: string }

export const postFailures = [
  'address-not-allowed',
  'http-not-allowed',
  'name-not-resolved',
  'tls-refused',
  'not-reached',
  'timed-out',
  'broken-off'
] as const
export type PostFailure = (typeof postFailures)[number]

/** HTTP to addresses that others choose. */
export type Outbound = {
  /**
   * Whether a URL can be called at all, as far as its text says; the addresses of a name are looked at when it is dialled.
   * @returns why not
   */
  refusal(url: URL): string | undefined
  /** Posts, follows nothing, and reads no more of the answer than it must. @param ms for all of it, look-up included */
  post(
    url: URL,
    options: { headers: Record<string, string>; body: string; ms: number; signal?: AbortSignal }
  ): Promise<Posted>
  close(): Promise<void>
}

/** So much of an answer is read before its connection is dropped. Bytes. */
const mostRead = 16 * 1024

export function createOutbound(dialling: Dialling): Outbound {
  const agent = createDialler(dialling)
  return {
    refusal: (url) => refusalOf(url, dialling.allow),
    post: (url, options) => post(agent, url, options),
    close: () => agent.destroy()
  }
}

async function post(
  agent: Agent,
  url: URL,
  { headers, body, ms, signal }: Parameters<Outbound['post']>[1]
): Promise<Posted> {
  const over = AbortSignal.timeout(ms)
  const until = signal ? AbortSignal.any([over, signal]) : over
  try {
    const answer = await request(url, {
      dispatcher: agent,
      method: 'POST',
      headers: { ...headers, 'user-agent': 'Locksmith' },
      body,
      signal: until,
      headersTimeout: 0, // `ms` bounds all of it
      bodyTimeout: 0
    })
    const retryAfter = answer.headers['retry-after']
    // Its words are of no use to us; whoever breaks off while saying them has answered all the same.
    await answer.body.dump({ limit: mostRead, signal: until }).catch(() => {})
    return { status: answer.statusCode, retryAfter: [retryAfter].flat()[0] }
  } catch (error) {
    return failureOf(error, over.aborted)
  }
}

const isName = (code: string) =>
  /^(ENOTFOUND|ENODATA|EAI_|ESERVFAIL|EREFUSED|ETIMEOUT|EBADNAME|EBADRESP)/.test(code)
const isTls = (code: string) => /CERT|SSL|TLS|SELF_SIGNED|ISSUER|EPROTO/.test(code)
const isUnreached = (code: string) =>
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT)$/.test(code)

function failureOf(error: unknown, isOver: boolean): Posted {
  if (error instanceof NotAllowed) return { failed: error.code }
  const code = codeOf(error)
  if (isOver) return { failed: 'timed-out' }
  if (isName(code)) return { failed: 'name-not-resolved', code }
  if (isTls(code)) return { failed: 'tls-refused', code }
  return { failed: isUnreached(code) ? 'not-reached' : 'broken-off', ...(code && { code }) }
}

/** Of several addresses that were tried, the first one's. */
function codeOf(error: unknown): string {
  const { code, cause, errors } = (error ?? {}) as { code?: unknown; cause?: unknown; errors?: unknown[] }
  if (typeof code === 'string') return code
  const inner = cause ?? errors?.[0]
  return inner ? codeOf(inner) : ''
}

function refusalOf(url: URL, allow: AllowList): string | undefined {
  if (!/^https?:$/.test(url.protocol)) return 'It must begin with https://.'
  if (url.username || url.password) return 'Credentials in it are not sent: the signature says who we are.'
  if (url.hash) return 'A fragment (#…) is never sent.'
  if (allow.names(url)) return undefined
  if (isLiteral(url)) {
    if (allow.has(hostOf(url))) return undefined
    if (!isPublic(hostOf(url)))
      return `${hostOf(url)} is not a public address, and not on the list of OUTBOUND_ALLOW.`
  }
  // Of a name whose addresses may be on the list nobody can tell before it is dialled.
  if (url.protocol === 'http:' && (isLiteral(url) || !allow.hasNetworks))
    return 'It must begin with https://, unless OUTBOUND_ALLOW names it.'
  return undefined
}
