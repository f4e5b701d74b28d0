import { setTimeout as sleep } from 'node:timers/promises'
import { exportJWK, SignJWT } from 'jose'
import t, { type Test } from 'tap'
import type { Issuer } from '../../src/access/issuers.ts'
import { createTokens } from '../../src/access/oidc.ts'
import { createPool } from '../../src/db/pool.ts'
import { testDatabase } from '../support/database.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { audience, seconds, startIssuer, type TestIssuer } from './issuer.ts'

const quick = { timeoutMs: 300, rememberMs: 60_000, cooldownMs: 200, restMs: 200 }

async function reader(t: Test, { issuer }: TestIssuer, more: Partial<Issuer> = {}, patience = {}) {
  const pool = createPool(await testDatabase(t))
  t.teardown(() => pool.end())
  const setting: Issuer = { issuer, audience, algorithms: ['RS256'], scopesClaim: 'scope', ...more }
  const read = createTokens(pool, [setting], { ...quick, ...patience })
  return (token: string) =>
    read(token).then(
      (caller) => caller!.actor,
      (error) => error.code as string
    )
}

t.test('keys are fetched once, and again when the provider has new ones', async (t) => {
  const idp = await startIssuer(t)
  const cooldownMs = 2_500
  const read = await reader(t, idp, {}, { cooldownMs })
  for (let i = 0; i < 5; i++) t.match(await read(await idp.token()), /^oidc:/)
  t.equal(idp.asked('/jwks'), 1)
  t.equal(idp.asked('/.well-known/openid-configuration'), 1)
  const old = await idp.token()
  await idp.publish('second', 'RS256', 'drop')
  const fresh = await idp.token()
  t.equal(await read(fresh), 'unauthorized', 'right after the last time it is not asked')
  await sleep(cooldownMs)
  t.match(await read(fresh), /^oidc:/)
  t.equal(await read(old), 'unauthorized', 'what it has withdrawn is good no more')
  t.equal(idp.asked('/jwks'), 2)
})

t.test('tokens with keys that nobody knows do not make us ask over and over', async (t) => {
  const idp = await startIssuer(t)
  const read = await reader(t, idp, {}, { cooldownMs: 60_000 })
  await read(await idp.token())
  const { privateKey } = idp.pair('first')
  for (let i = 0; i < 20; i++) {
    const claims = { iss: idp.issuer, aud: audience, sub: 'x', exp: seconds() + 60 }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: `k${i}` })
      .sign(privateKey)
    t.equal(await read(token), 'unauthorized')
  }
  t.equal(idp.asked('/jwks'), 1)
})

t.test('a token that names no key is tried by each', async (t) => {
  const idp = await startIssuer(t)
  await idp.publish('second')
  const read = await reader(t, idp)
  const claims = { iss: idp.issuer, aud: audience, sub: 'x', exp: seconds() + 60 }
  const sign = (kid: string, more = {}) =>
    new SignJWT({ ...claims, ...more }).setProtectedHeader({ alg: 'RS256' }).sign(idp.pair(kid).privateKey)
  t.match(await read(await sign('first')), /^oidc:/)
  t.match(await read(await sign('second')), /^oidc:/)
  t.equal(await read(await sign('second', { aud: 'another' })), 'unauthorized')
  const other = await startIssuer(t)
  const stranger = new SignJWT(claims).setProtectedHeader({ alg: 'RS256' })
  t.equal(await read(await stranger.sign(other.pair('first').privateKey)), 'unauthorized')
})

t.test('a provider that does not answer as it should lets nobody through', async (t) => {
  for (const [what, answer, discovery] of [
    ['an error', { status: 500 }, {}],
    ['no JSON', { status: 200, body: '<html>' }, {}],
    ['no answer', { status: 200, hang: true }, {}],
    ['a redirect', { status: 302, location: 'https://evil.example/' }, {}],
    ['another issuer', { status: 200 }, { issuer: 'https://evil.example' }],
    ['keys over plain http', { status: 200 }, { jwks_uri: 'http://evil.example/jwks' }],
    ['keys from a file', { status: 200 }, { jwks_uri: 'file:///etc/passwd' }],
    ['no keys', { status: 200 }, { jwks_uri: undefined }]
  ] as const) {
    const idp = await startIssuer(t)
    const restMs = 800
    const read = await reader(t, idp, {}, { restMs })
    Object.assign(idp.answer, answer)
    Object.assign(idp.discovery, discovery)
    const begun = performance.now()
    t.equal(await read(await idp.token()), 'identity-provider-unavailable', what)
    t.ok(performance.now() - begun < 2_000, 'in time')
    const asked = idp.asked('/.well-known/openid-configuration')
    for (let i = 0; i < 5; i++) t.equal(await read(await idp.token()), 'identity-provider-unavailable')
    t.equal(idp.asked('/.well-known/openid-configuration'), asked, 'and is left alone for a moment')
    Object.assign(idp.answer, { status: 200, hang: false, body: undefined, location: undefined })
    for (const name of Object.keys(idp.discovery)) delete idp.discovery[name]
    await sleep(restMs)
    t.match(await read(await idp.token()), /^oidc:/, 'until it is back')
  }
})

t.test('a provider that has more to say than any has is not heard out', async (t) => {
  const idp = await startIssuer(t)
  const jwk = await exportJWK(idp.pair('first').publicKey)
  const answerOf = (bytes: number) =>
    JSON.stringify({ keys: [{ ...jwk, kid: 'first' }], more: 'x'.repeat(bytes) })
  const read = await reader(t, idp, { jwksUri: `${idp.issuer}/jwks` })
  idp.answer.body = answerOf(1024 * 1024)
  t.equal(await read(await idp.token()), 'identity-provider-unavailable')
  idp.answer.body = answerOf(1_000)
  await sleep(quick.restMs)
  t.match(await read(await idp.token()), /^oidc:/)
})

t.test('while it is away, keys that are known are good, and unknown ones wait for it', async (t) => {
  const idp = await startIssuer(t)
  const read = await reader(t, idp)
  t.match(await read(await idp.token()), /^oidc:/)
  await idp.publish('second')
  await sleep(quick.cooldownMs)
  idp.answer.status = 503
  const began = performance.now()
  for (let i = 0; i < 3; i++) {
    t.equal(await read(await idp.token({}, { kid: 'second' })), 'identity-provider-unavailable')
    t.match(await read(await idp.token({}, { kid: 'first' })), /^oidc:/)
  }
  // On a slow machine its rest may be over meanwhile.
  const rests = Math.floor((performance.now() - began) / quick.restMs)
  t.ok(idp.asked('/jwks') >= 2 && idp.asked('/jwks') <= 2 + rests, `asked ${idp.asked('/jwks')} times`)
})

t.test('a provider that is set by its keys is asked for nothing else', async (t) => {
  const idp = await startIssuer(t)
  const read = await reader(t, idp, { jwksUri: `${idp.issuer}/jwks` })
  t.match(await read(await idp.token()), /^oidc:/)
  t.equal(idp.asked('/.well-known/openid-configuration'), 0)
})

t.test('a caller whose token cannot be checked now is told so, and keys go on', async (t) => {
  const idp = await startIssuer(t)
  const token = await idp.token()
  const env = { OIDC_ISSUERS: JSON.stringify([{ issuer: idp.issuer, audience }]) }
  const { call } = await startLocksmith(t, { worker: false, env })
  await idp.close()
  const answer = await call('GET', '/operations', { authorization: `Bearer ${token}` })
  t.match(answer, { status: 503, body: { code: 'identity-provider-unavailable' } })
  t.ok(answer.headers.get('retry-after'))
  t.equal((await call('GET', '/operations')).status, 200)
})
