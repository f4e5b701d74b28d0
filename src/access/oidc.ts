import type { JWTPayload } from 'jose'
import type { Pool } from '../db/pool.ts'
import { type ReadToken, unauthorized } from './authenticate.ts'
import { groupsFor, scopesFor, valuesOf } from './claims.ts'
import type { Issuer } from './issuers.ts'
import { issuerOf, TokenRefused, verifyToken } from './jwt.ts'
import { firstSeen } from './oidc.sql.ts'
import { createProvider, type Provider, usualPatience } from './provider.ts'

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

/** @throws DomainError unauthorized, identity-provider-unavailable */
async function verify(
  token: string,
  { issuer, audience, algorithms }: Issuer,
  { keys }: Provider
): Promise<JWTPayload> {
  try {
    return await verifyToken(token, keys, { issuer, audience, algorithms, requiredClaims: ['sub', 'exp'] })
  } catch (error) {
    throw error instanceof TokenRefused ? refused(error.message, error.cause) : error
  }
}

const refused = (why: string, cause?: unknown) =>
  unauthorized(
    `This access token is not taken: ${why}. Nothing was done. Get a fresh one, for this service.`,
    cause
  )
