/**
 * The authorization code flow of OpenID Connect, with PKCE, state and nonce. What somebody may do is read from the
 * access token that the issuer gives, by the function that reads it for the API: here it is only obtained.
 */
import { decodeJwt } from 'jose'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretBasic,
  type Configuration,
  calculatePKCECodeChallenge,
  customFetch,
  discovery,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState
} from 'openid-client'
import { DomainError } from '../errors.ts'
import { unauthorized } from './authenticate.ts'
import type { Issuer, SignIn } from './issuers.ts'
import { fetchBounded } from './provider.ts'

/** What the browser keeps until it is back. */
export type Started = { issuer: string; state: string; nonce: string; verifier: string; to: string }

export type SignsIn = Issuer & { signIn: SignIn }

/** What is known of an issuer is asked for once in this time. */
const rememberMs = 600_000

export function createSignIn(timeoutSeconds = 5) {
  const known = new Map<string, { configuration: Promise<Configuration>; until: number }>()

  /** @throws DomainError identity-provider-unavailable */
  async function configurationOf({
    issuer,
    signIn: { clientId, clientSecret }
  }: SignsIn): Promise<Configuration> {
    const before = known.get(issuer)
    if (before && before.until > performance.now()) return before.configuration
    const url = new URL(issuer)
    const configuration = discovery(
      url,
      clientId,
      { ...(clientSecret !== undefined && { client_secret: clientSecret }) },
      clientSecret === undefined ? None() : ClientSecretBasic(clientSecret),
      // The setting takes http for this very machine alone.
      {
        timeout: timeoutSeconds,
        [customFetch]: (url, { body, ...rest }) =>
          fetchBounded(url, { ...rest, ...(body !== undefined && { body }) }),
        ...(url.protocol === 'http:' && { execute: [allowInsecureRequests] })
      }
    ).catch((error) => {
      throw unavailable(issuer, error)
    })
    known.set(issuer, { configuration, until: performance.now() + rememberMs })
    configuration.catch(() => known.delete(issuer))
    return configuration
  }

  return {
    /** @returns where the browser goes. @throws DomainError identity-provider-unavailable */
    async start(issuer: SignsIn, redirectUri: string, to: string): Promise<{ url: URL; started: Started }> {
      const configuration = await configurationOf(issuer)
      const started = {
        issuer: issuer.issuer,
        state: randomState(),
        nonce: randomNonce(),
        verifier: randomPKCECodeVerifier(),
        to
      }
      const url = buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: issuer.signIn.scope ?? 'openid',
        state: started.state,
        nonce: started.nonce,
        code_challenge: await calculatePKCECodeChallenge(started.verifier),
        code_challenge_method: 'S256'
      })
      return { url, started }
    },

    /**
     * @param url to which the browser came back, with its query
     * @returns the access token, and when it ends
     * @throws DomainError unauthorized, identity-provider-unavailable
     */
    async finish(issuer: SignsIn, url: URL, started: Started): Promise<{ token: string; until: Date }> {
      const configuration = await configurationOf(issuer)
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: started.state,
        expectedNonce: started.nonce,
        pkceCodeVerifier: started.verifier,
        idTokenExpected: true
      }).catch((error) => {
        throw unauthorized('The identity provider did not sign you in. Nothing was done. Try again.', error)
      })
      const { sub, exp } = claimsOf(tokens.access_token)
      // Of one person: not what somebody else's token was put beside.
      if (sub === undefined || sub !== tokens.claims()?.sub || exp === undefined)
        throw unauthorized(
          'The access token of the identity provider is not for whom it signed in. Nothing was done.'
        )
      return { token: tokens.access_token, until: new Date(exp * 1_000) }
    }
  }
}

/** Not believed yet: whoever reads the token for the API verifies it. */
function claimsOf(token: string): { sub?: string | undefined; exp?: number | undefined } {
  try {
    return decodeJwt(token)
  } catch (error) {
    throw unauthorized(
      'The identity provider gave an access token that is no JWT, so nobody can tell what you may do. Nothing was done. `scope` in OIDC_ISSUERS has to ask for one that is for this service.',
      error
    )
  }
}

const unavailable = (issuer: string, cause: unknown) =>
  new DomainError(
    'identity-provider-unavailable',
    `The identity provider ${issuer} does not answer as one. Nothing was done: try again in a moment, or sign in by a key.`,
    { cause, headers: { 'retry-after': '2' } }
  )
