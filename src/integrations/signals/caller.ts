import { type ReadToken, unauthorized } from '../../access/authenticate.ts'
import { TokenRefused } from '../../access/jwt.ts'
import type { Caller } from '../../access/scope.ts'
import type { SignalIssuer } from './issuers.ts'
import { isSignalId } from './signals.sql.ts'
import type { Signals } from './verify.ts'

/** A signed request is good for its moment: one that opens for longer is a key, and keys are made here. Seconds. */
const longestLife = 86_400

/** Who a request that an issuer has signed is from. It may have users signed out, and nothing else. */
export function readSignedRequest(signals: Signals): ReadToken {
  return async (token) => {
    const verified = await signals.verify(token, 'revocation').catch((error) => {
      throw error instanceof TokenRefused ? refused(error.message, error.cause) : error
    })
    if (!verified) return undefined
    const { from, claims } = verified
    const { exp, jti } = claims
    if (exp === undefined || exp > Date.now() / 1_000 + longestLife)
      throw refused('it does not expire within a day')
    if (jti !== undefined && !isSignalId(jti)) throw refused('its "jti" is no text that can be kept')
    return {
      ...callerOf(from),
      signed: { issuer: from.issuer, ...(jti !== undefined && { id: jti }) }
    }
  }
}

/** An issuer as a caller: for the users that it is for. */
export const callerOf = ({ issuer, owner, users }: SignalIssuer): Caller => ({
  actor: `issuer:${issuer}`,
  owner: owner ?? `issuer:${issuer}`,
  scopes: ['signals:send'],
  vouchers: [],
  ...(users !== 'all' && { groups: users })
})

const refused = (why: string, cause?: unknown) =>
  unauthorized(`This signed request is not taken: ${why}. Nothing was done.`, cause)
