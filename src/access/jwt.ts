import {
  decodeJwt,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify
} from 'jose'
import { DomainError } from '../errors.ts'

/** Seconds that the clocks of whoever signs and ours may be apart. */
const clockTolerance = 30

/** What of a signed token was not right: its signature, the claim of that name, or its form. */
export class TokenRefused extends Error {
  readonly at: 'signature' | 'form' | string
  constructor(at: TokenRefused['at'], why: string, cause?: unknown) {
    super(why, { cause })
    this.at = at
  }
}

/** Whose token it says it is, '' where it does not; undefined for what is no JWT. */
export function issuerOf(token: string): string | undefined {
  if (!/^[\w-]+\.[\w-]+\.[\w-]*$/.test(token)) return undefined
  try {
    const { iss } = decodeJwt(token)
    return typeof iss === 'string' ? iss : ''
  } catch {
    return undefined
  }
}

/**
 * @param options what has to be in it
 * @returns its claims, once signature, time and options are checked
 * @throws TokenRefused; DomainError identity-provider-unavailable where the keys cannot be had now
 */
export async function verifyToken(
  token: string,
  keys: JWTVerifyGetKey,
  options: Omit<JWTVerifyOptions, 'clockTolerance'>
): Promise<JWTPayload> {
  const all = { ...options, clockTolerance }
  try {
    return (await jwtVerify(token, keys, all)).payload
  } catch (error) {
    if (error instanceof errors.JWKSMultipleMatchingKeys) return verifyWithAny(token, error, all)
    throw judged(error)
  }
}

/** A token that names no key, of an issuer that has several. */
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
  throw forged()
}

function judged(error: unknown): unknown {
  if (error instanceof DomainError) return error
  if (error instanceof errors.JWTExpired) return new TokenRefused('exp', 'it has expired', error)
  if (error instanceof errors.JWTClaimValidationFailed) {
    const { claim, reason } = error
    if (claim === 'nbf') return new TokenRefused(claim, 'it is not valid yet', error)
    return new TokenRefused(
      claim,
      reason === 'missing' ? `it lacks "${claim}"` : `its "${claim}" is not the right one`,
      error
    )
  }
  if (error instanceof errors.JOSEError) return forged(error)
  // Whatever a key or a token can be that jose does not know how to refuse.
  return error instanceof TypeError ? new TokenRefused('form', 'it cannot be read', error) : error
}

const forged = (cause?: unknown) =>
  new TokenRefused('signature', 'its signature is not that of its identity provider', cause)
