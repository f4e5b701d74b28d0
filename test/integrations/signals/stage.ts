import { randomUUID } from 'node:crypto'
import type { Test } from 'tap'
import { keyOf } from '../../access/caller.ts'
import { seconds, startIssuer, type TestIssuer } from '../../access/issuer.ts'
import { eventually, type Options, type Reply } from '../../support/locksmith.ts'
import { setStage as setScimStage } from '../scim/stage.ts'

export const origin = 'https://locksmith.example.org'
export const events = {
  'session-revoked': 'https://schemas.openid.net/secevent/caep/event-type/session-revoked',
  'sessions-revoked': 'https://schemas.openid.net/secevent/risc/event-type/sessions-revoked',
  'account-disabled': 'https://schemas.openid.net/secevent/risc/event-type/account-disabled'
} as const

/** Claims of a signed request as Okta documents them. `undefined` leaves one out. */
export const requestOf = ({ issuer }: TestIssuer, more: Record<string, unknown> = {}) => ({
  iss: issuer,
  sub: issuer,
  aud: `${origin}/global-token-revocation`,
  jti: randomUUID(),
  iat: seconds(),
  nbf: seconds() - 300,
  exp: seconds() + 300,
  ...more
})

/** Claims of a security event token. */
export const setOf = (
  { issuer }: TestIssuer,
  subject: object,
  more: Record<string, unknown> = {},
  type: string = events['session-revoked']
) => ({
  iss: issuer,
  aud: `${origin}/ssf/events`,
  jti: randomUUID(),
  iat: seconds(),
  sub_id: subject,
  events: { [type]: { event_timestamp: seconds(), reason_admin: { en: 'Policy violation' } } },
  ...more
})

export const email = (address: string) => ({ format: 'email', email: address })
export const opaque = (id: string) => ({ format: 'opaque', id })
export const issSub = (iss: string, sub: string) => ({ format: 'iss_sub', iss, sub })

/**
 * A Nextcloud with two identity providers: `okta` speaks SCIM as `okta` and is for everybody, `acme` is for the group acme.
 * `revocations` counts what was begun.
 */
export async function setStage(t: Test, options: Options = {}) {
  const [okta, acme] = await Promise.all([startIssuer(t), startIssuer(t)])
  const issuers = [
    { issuer: okta.issuer, users: 'all', owner: 'okta' },
    { issuer: acme.issuer, users: ['acme'] }
  ]
  const stage = await setScimStage(t, {
    ...options,
    // Nextcloud lets only so many mails out in an hour: most tests are not about them.
    env: { PUBLIC_URL: origin, MAIL_VIA: 'none', SIGNAL_ISSUERS: JSON.stringify(issuers), ...options.env }
  })
  const { call, sandbox, operations, quiet } = stage
  const key = await keyOf(stage, ['signals:send'], { owner: 'siem' })

  const signed = async (
    from: TestIssuer,
    claims: object,
    header: { typ?: string; kid?: string; alg?: string } = {}
  ) => `Bearer ${await from.sign(claims as never, { typ: 'global-token-revocation+jwt', ...header })}`

  return {
    ...stage,
    okta,
    acme,
    key,
    signed,
    /** POST /global-token-revocation, signed by `okta` unless told otherwise. */
    async ask(
      sub_id: unknown,
      authorization?: string | null,
      headers: Record<string, string> = {}
    ): Promise<Reply> {
      const by = authorization === undefined ? await signed(okta, requestOf(okta)) : authorization
      return call('POST', '/global-token-revocation', { body: { sub_id }, authorization: by, headers })
    },
    /** POST /ssf/events. */
    tell: (token: string, headers: Record<string, string> = {}): Promise<Reply> =>
      call('POST', '/ssf/events', {
        body: token,
        authorization: null,
        headers: { 'content-type': 'application/secevent+jwt', ...headers }
      }),
    set: (from: TestIssuer, claims: object, header: { typ?: string; kid?: string; alg?: string } = {}) =>
      from.sign(claims as never, { typ: 'secevent+jwt', ...header }),
    /** An app password of the user's: whether it still opens. */
    phone(id: string) {
      const { password } = sandbox.createAppPassword(id, 'Phone')
      return { lives: () => sandbox.tryCredential({ user: id, password }) === 200 }
    },
    async revocations(id: string) {
      await quiet(id)
      return operations(id, 'revoke')
    },
    ignored: async () =>
      (await call('GET', '/audit?action=signal.ignored&limit=100')).body.items.map(
        ({ actor, userId, details }: Record<string, unknown>) => ({ actor, userId, ...(details as object) })
      ),
    eventually
  }
}
