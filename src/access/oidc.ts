import { decodeJwt, errors, type JWTPayload, type JWTVerifyOptions, jwtVerify } from 'jose'
import type { Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { type ReadToken, unauthorized } from './authenticate.ts'
import { groupsFor, scopesFor, valuesOf } from './claims.ts'
import type { Issuer } from './issuers.ts'
import { firstSeen } from './oidc.sql.ts'
import { createProvider, type Provider, usualPatience } from './provider.ts'

/** Seconds that the clocks of a provider and ours may be apart. */
const clockTolerance = 30

/** `oidc:<issuer>#<sub>` stands in the audit, and is an owner. */
const longestActor = 400

/** Nothing that does not show, turns the writing round, or cannot be stored. */
const unreadable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u

/** Takes access tokens (JWT) of these providers. One that cannot be checked now is refused as such, never let through. */
export function createTokens(pool: Pool, issuers: Issuer[], patience = usualPatience): ReadToken {
  const known = new Map(
    issuers.map((issuer) => [issuer.issuer, { issuer, provider: createProvider(issuer, patience) }])
  )
  const seen = new Map<string, Date>()

  async function since(actor: string, issuer: string, sub: string): Promise<Date> {
    const at = seen.get(actor) ?? (await firstSeen(pool, issuer, sub))
    if (seen.size > 10_000) seen.clear()
    seen.set(actor, at)
    return at
  }

  return async (token) => {
    const claimed = issuerOf(token)
    if (claimed === undefined) return undefined
    const from = known.get(claimed)
    if (!from) throw refused('it is of no identity provider that is known here')
    const { issuer, provider } = from
    const claims = await verify(token, issuer, provider)
    const { sub } = claims
    if (typeof sub !== 'string' || sub === '') throw refused('it has no subject')
    const actor = `oidc:${issuer.issuer}#${sub}` as const
    if (actor.length > longestActor || unreadable.test(actor))
      throw refused('its subject is too long, or has characters that do not show')
    const values = valuesOf(claims, issuer.scopesClaim)
    const groups = groupsFor(issuer, values)
    return {
      actor,
      owner: actor,
      scopes: scopesFor(issuer, values),
      vouchers: [],
      since: await since(actor, issuer.issuer, sub),
      ...(groups && { groups })
    }
  }
}

/** Whose token it says it is; undefined for what is no JWT. */
function issuerOf(token: string): string | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined
  try {
    return decodeJwt(token).iss ?? ''
  } catch {
    return undefined
  }
}

/** @throws DomainError unauthorized, identity-provider-unavailable */
async function verify(
  token: string,
  { issuer, audience, algorithms }: Issuer,
  { keys }: Provider
): Promise<JWTPayload> {
  const options: JWTVerifyOptions = {
    issuer,
    audience,
    algorithms,
    clockTolerance,
    requiredClaims: ['sub', 'exp']
  }
  try {
    return (await jwtVerify(token, keys, options)).payload
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, options)
    throw judged(error)
  }
}

/** A token that names no key, of a provider that has several. */
async function verifyWithAny(
  token: string,
  candidates: errors.JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions
): Promise<JWTPayload> {
  for await (const key of candidates) {
    try {
      return (await jwtVerify(token, key, options)).payload
    } catch (error) {
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw judged(error)
    }
  }
  throw refused('its signature is not that of its identity provider')
}

function judged(error: unknown): unknown {
  if (error instanceof DomainError) return error
  if (error instanceof errors.JWTExpired) return refused('it has expired', error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error
    if (claim === 'nbf') return refused('it is not valid yet', error)
    return refused(
      reason === 'missing' ? `it lacks "${claim}"` : `its "${claim}" is not the right one`,
      error
    )
  }
  if (error instanceof errors.JOSEError)
    return refused('its signature is not that of its identity provider', error)
  // Whatever a key or a token can be that jose does not know how to refuse.
  return error instanceof TypeError ? refused('it cannot be read', error) : error
}

const refused = (why: string, cause?: unknown) =>
  unauthorized(
    `This access token is not taken: ${why}. Nothing was done. Get a fresh one, for this service.`,
    cause
  )
