import { createLocalJWKSet, createRemoteJWKSet, customFetch, errors, type JWTVerifyGetKey } from 'jose'
import { DomainError } from '../errors.ts'
import { type Issuer, isSafeUrl } from './issuers.ts'

/** How keys of a provider are kept, in milliseconds. */
export type Patience = {
  /** How long it may take to answer. */
  timeoutMs: number
  /** How long its keys are used without asking again. */
  rememberMs: number
  /** A token with a key that is not known makes us ask again, once in this time. */
  cooldownMs: number
  /** How long one that did not answer is left alone. */
  restMs: number
}
export const usualPatience: Patience = {
  timeoutMs: 5_000,
  rememberMs: 600_000,
  cooldownMs: 30_000,
  restMs: 2_000
}

/** The keys of one provider, found and fetched when they are first needed. */
export type Provider = {
  keys: JWTVerifyGetKey
}

/**
 * @param documents below `/.well-known/`: the first that it has says where its keys are
 * @throws (from `keys`) DomainError identity-provider-unavailable; JOSEError where none of its keys fits
 */
export function createProvider(
  { issuer, jwksUri }: Pick<Issuer, 'issuer' | 'jwksUri'>,
  patience: Patience,
  documents: readonly Document[] = ['openid-configuration']
): Provider {
  let found: KeySet | undefined
  let finding: Promise<KeySet> | undefined
  let failedAt = Number.NEGATIVE_INFINITY

  async function find(): Promise<KeySet> {
    const uri = jwksUri ?? (await discover(issuer, documents, patience.timeoutMs))
    return createRemoteJWKSet(new URL(uri), {
      [customFetch]: fetchBounded,
      timeoutDuration: patience.timeoutMs,
      cacheMaxAge: patience.rememberMs,
      cooldownDuration: patience.cooldownMs
    })
  }

  return {
    async keys(header, token) {
      try {
        // Else each request would wait for one that is away. What is known of it is good for as long as ever.
        if (performance.now() < failedAt + patience.restMs) {
          const known = found?.fresh ? found.jwks() : undefined
          if (!known) throw new Error('it did not answer a moment ago')
          return await createLocalJWKSet(known)(header, token)
        }
        found ??= await (finding ??= find().finally(() => {
          finding = undefined
        }))
        return await found(header, token)
      } catch (error) {
        const isResting = performance.now() < failedAt + patience.restMs
        // A key that is not known may be a new one: only its provider can tell.
        if (isAboutToken(error) && !(isResting && error instanceof errors.JWKSNoMatchingKey)) throw error
        if (!isResting) failedAt = performance.now()
        // It may have moved.
        if (!found?.fresh) found = undefined
        throw unavailable(issuer, error)
      }
    }
  }
}

type KeySet = ReturnType<typeof createRemoteJWKSet>

/** Its keys are at hand, and none of them fits, or more than one. */
const isAboutToken = (error: unknown) =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported

/** OpenID Connect Discovery 1.0, section 4; OpenID Shared Signals Framework 1.0, section 7. */
type Document = 'openid-configuration' | 'ssf-configuration'

/** Shared signals put it between host and path. */
function urlOf(issuer: string, document: Document): string {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  return document === 'ssf-configuration'
    ? `${origin}/.well-known/${document}${path}`
    : `${origin}${path}/.well-known/${document}`
}

/** More than any provider has to say; without an end to it one could fill our memory. Bytes. */
const mostBytes = 1024 * 1024

/** All that is asked of providers. @throws once the answer is longer than {@link mostBytes} */
export async function fetchBounded(url: string, options: RequestInit): Promise<Response> {
  const response = await fetch(url, options)
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let bytes = 0
  for await (const chunk of response.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > mostBytes) throw new Error(`${url} answered with more than ${mostBytes} bytes`)
    chunks.push(chunk)
  }
  const type = response.headers.get('content-type')
  return new Response(new Blob(chunks), {
    status: response.status,
    ...(type !== null && { headers: { 'content-type': type } })
  })
}

/** @returns `jwks_uri` */
async function discover(issuer: string, documents: readonly Document[], timeoutMs: number): Promise<string> {
  const [document, ...others] = documents
  const url = urlOf(issuer, document!)
  // A redirect could lead to where no https is.
  const response = await fetchBounded(url, { redirect: 'error', signal: AbortSignal.timeout(timeoutMs) })
  if (response.status === 404 && others.length > 0) return discover(issuer, others, timeoutMs)
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`)
  const found = (await response.json()) as { issuer?: unknown; jwks_uri?: unknown }
  if (found.issuer !== issuer) throw new Error(`${url} is of another issuer`)
  if (typeof found.jwks_uri !== 'string' || !isSafeUrl(found.jwks_uri))
    throw new Error(`jwks_uri of ${url} is no https URL`)
  return found.jwks_uri
}

const unavailable = (issuer: string, cause?: unknown) =>
  new DomainError(
    'identity-provider-unavailable',
    `The identity provider ${issuer} did not give its keys, so its signature could not be checked. Nothing was done: try again in a moment.`,
    { cause, headers: { 'retry-after': '2' } }
  )
