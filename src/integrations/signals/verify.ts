/** What an issuer has signed, checked: requests (JWT), and security event tokens (SET, RFC 8417). */
import { decodeProtectedHeader, type JWTPayload } from 'jose'
import { issuerOf, TokenRefused, verifyToken } from '../../access/jwt.ts'
import { createProvider, type Provider, usualPatience } from '../../access/provider.ts'
import type { SignalIssuer } from './issuers.ts'

export const paths = { revocation: '/global-token-revocation', events: '/ssf/events' } as const

/** Explicit types (RFC 8725, 3.11): what was signed for something else is never taken for one of these. */
const types = { revocation: 'global-token-revocation+jwt', events: 'secevent+jwt' } as const
export type SignalUse = keyof typeof types

export type Verified = { from: SignalIssuer; claims: JWTPayload }

export type Signals = {
  /** @returns undefined for what is of another type. @throws TokenRefused, DomainError identity-provider-unavailable */
  verify(token: string, use: SignalUse): Promise<Verified | undefined>
}

/** @param origin where we are reached, without a slash at its end */
export function createSignals(
  issuers: SignalIssuer[],
  origin: string | undefined,
  patience = usualPatience
): Signals {
  const known = new Map<string, { from: SignalIssuer; provider: Provider }>()
  for (const from of issuers)
    known.set(from.issuer, {
      from,
      provider: createProvider(from, patience, ['openid-configuration', 'ssf-configuration'])
    })

  const audiencesOf = ({ audience }: SignalIssuer, use: SignalUse) => [
    ...(audience === undefined ? [] : [audience]),
    ...(origin === undefined ? [] : [`${origin}${paths[use]}`, origin, `${origin}/`])
  ]

  return {
    async verify(token, use) {
      const claimed = issuerOf(token)
      if (claimed === undefined || typeOf(token) !== types[use]) return undefined
      const issuer = known.get(claimed)
      if (!issuer) throw new TokenRefused('iss', 'its issuer is not one of SIGNAL_ISSUERS')
      const { from, provider } = issuer
      const claims = await verifyToken(token, provider.keys, {
        issuer: from.issuer,
        audience: audiencesOf(from, use),
        algorithms: from.algorithms,
        typ: types[use]
      })
      return { from, claims }
    }
  }
}

function typeOf(token: string): string | undefined {
  try {
    const { typ } = decodeProtectedHeader(token)
    return typeof typ === 'string' ? typ.toLowerCase().replace(/^application\//, '') : undefined
  } catch {
    return undefined
  }
}
