/** Who says what SETs say: an issuer, and the keys by which receivers can tell. */
import { createPublicKey, type KeyObject } from 'node:crypto'
import { calculateJwkThumbprint, exportJWK, type JSONWebKeySet, SignJWT } from 'jose'
import type { Claims, SubjectFormat } from './claims.ts'

export type Transmitter = {
  /** Our origin, without a slash at its end: `iss`. */
  issuer: string
  subjects: SubjectFormat
  /** RFC 7517: public keys alone, the one that signs first. */
  jwks: JSONWebKeySet
  /** RS256 (PKCS #1 v1.5) has no chance in it: the same claims give the same bytes, as long as the key is the same. */
  sign(claims: Claims): Promise<string>
}

/** Of one key: its public half for others, and its name, the thumbprint of RFC 7638. */
async function publish(key: KeyObject) {
  const { kty, n, e } = await exportJWK(createPublicKey(key))
  const kid = await calculateJwkThumbprint({ kty, n, e } as { kty: 'RSA'; n: string; e: string })
  return { kty: kty!, n: n!, e: e!, kid, alg: 'RS256', use: 'sig' }
}

/** @returns undefined without a key or an issuer: then there is nobody to say anything */
export async function createTransmitter(
  issuer: string | undefined,
  keys: KeyObject[],
  subjects: SubjectFormat = 'email'
): Promise<Transmitter | undefined> {
  const [first] = keys
  if (issuer === undefined || !first) return undefined
  const published = await Promise.all(keys.map(publish))
  const header = { alg: 'RS256', typ: 'secevent+jwt', kid: published[0]!.kid }
  return {
    issuer,
    subjects,
    jwks: { keys: published },
    sign: (claims) => new SignJWT(claims).setProtectedHeader(header).sign(first)
  }
}
