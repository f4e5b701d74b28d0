import { createPrivateKey, generateKeyPairSync } from 'node:crypto'
import { calculateJwkThumbprint, createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose'
import t from 'tap'
import { ConfigError, readConfig } from '../../../src/config.ts'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { assertNowhere, dump } from '../../support/canaries.ts'
import { eventually } from '../../support/locksmith.ts'
import { scripted } from '../../support/nextcloud.ts'
import { makeKey, startStage } from '../webhooks/stage.ts'
import { makeSigningKey } from './signing-key.ts'
import { startSsf } from './stage.ts'

t.test(
  'only RSA keys of 2048 bits are taken, and what is wrong is said without showing any of it',
  async (t) => {
    const good = makeSigningKey()
    const pem = (type: 'ec' | 'ed25519' | 'rsa-pss') =>
      (type === 'ec'
        ? generateKeyPairSync('ec', { namedCurve: 'P-256' })
        : type === 'ed25519'
          ? generateKeyPairSync('ed25519')
          : generateKeyPairSync('rsa-pss', { modulusLength: 2_048 })
      ).privateKey
        .export({ type: 'pkcs8', format: 'pem' })
        .toString()
    const read = (SSF_SIGNING_KEY: string) => readConfig({ SSF_SIGNING_KEY }).signingKeys.length
    t.equal(readConfig({}).signingKeys.length, 0)
    t.equal(read(good), 1)
    t.equal(read(`${good}\n\n${makeSigningKey(3_072)}`), 2)
    for (const [text, why] of [
      [makeSigningKey(1_024), /key 1 has 1024 bits/],
      [`${good}${makeSigningKey(1_024)}`, /key 2 has 1024 bits/],
      [pem('ec'), /key 1 is of type ec/],
      [pem('ed25519'), /key 1 is of type ed25519/],
      [pem('rsa-pss'), /key 1 is of type rsa-pss/],
      ['a word', /must be RSA private keys in PEM/],
      [`${good}rest`, /must be RSA private keys in PEM/],
      [good.replace('PRIVATE', 'PUBLIC'), /must be RSA private keys in PEM/],
      [good.replaceAll(/[a-z]/g, 'a'), /must be RSA private keys in PEM/],
      [good.slice(0, -40), /must be RSA private keys in PEM/]
    ] as const) {
      const fault = (() => {
        try {
          return read(text)
        } catch (error) {
          return error
        }
      })()
      t.ok(fault instanceof ConfigError)
      t.match(String(fault), why)
      t.ok(String(fault).length < 250, 'a sentence')
    }
  }
)

t.test('keys are changed without a moment in which a receiver could not verify', async (t) => {
  const [old, fresh] = [makeSigningKey(), makeSigningKey()]
  const env = { WEBHOOK_ENCRYPTION_KEY: makeKey() }
  let current = ''
  const front = await scripted(t, async (request, response) => {
    const answer = await fetch(new URL(request.url!, current))
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text())
  })
  const issuer = front.origin
  const start = async (key: string, more: object = {}) => {
    const stage = await startSsf(t, { issuer, key, env, loop: false, ...more })
    current = stage.url
    return stage
  }
  const first = await start(old)
  const { databaseUrl, sandbox } = first
  const { receiver, id } = await first.stream()
  // What a receiver has fetched and goes by, for as long as its cache lets it.
  let fetched: JSONWebKeySet | undefined
  const kids: unknown[] = []
  for (const [n, [what, key, published]] of (
    [
      ['before', old, 1],
      ['the new one is published', `${old}${fresh}`, 2],
      ['the new one signs', `${fresh}${old}`, 2],
      ['the old one is gone', fresh, 1]
    ] as const
  ).entries()) {
    const stage = n === 0 ? first : await start(key, { databaseUrl, sandbox })
    const deliveries = startDeliveries(stage.world, { everyMs: 20 })
    const { body: jwks } = await stage.call('GET', '/ssf/jwks.json', { authorization: null })
    t.equal(jwks.keys.length, published, what)
    for (const each of jwks.keys) {
      t.strictSame(
        Object.keys(each).toSorted(),
        ['alg', 'e', 'kid', 'kty', 'n', 'use'],
        'public halves alone'
      )
      t.match(each, { kty: 'RSA', alg: 'RS256', use: 'sig' })
      t.equal(each.kid, await calculateJwkThumbprint(each), 'RFC 7638')
    }
    await stage.pass(31 * (n + 1))
    t.equal((await stage.call('POST', '/ssf/verify', { body: { stream_id: id } })).status, 204)
    await stage.quiet()
    await deliveries.stop()
    t.equal(receiver.accepted.length, n + 1, `${what}: it verifies by what is published now`)
    const { body, header } = receiver.accepted.at(-1)!
    if (fetched)
      await t.resolves(
        jwtVerify(body, createLocalJWKSet(fetched), { issuer }),
        `${what}: and by what was published before`
      )
    fetched = jwks
    kids.push((header as { kid: string }).kid)
    t.equal(kids.at(-1), jwks.keys[0].kid, 'the first one signs')
  }
  t.equal(kids[0], kids[1])
  t.not(kids[1], kids[2])
  t.equal(kids[2], kids[3])
})

t.test('where there is no key any more, what is to be sent waits, and the doctor says so', async (t) => {
  const key = makeSigningKey()
  const env = { WEBHOOK_ENCRYPTION_KEY: makeKey() }
  const first = await startSsf(t, { key, env, loop: false })
  const { databaseUrl, sandbox, issuer } = first
  const { receiver, id } = await first.stream()
  await first.call('POST', '/ssf/verify', { body: { stream_id: id } })
  const without = await startStage(t, { databaseUrl, sandbox, env, loop: false })
  const inVain = startDeliveries(without.world, { everyMs: 20 })
  await eventually(
    () => without.deliveries(id),
    ([row]) => row!.claim === null && (row!.pause ?? 0) > 50
  )
  await inVain.stop()
  t.match(await without.deliveries(id), [{ state: 'pending', attempts: 0 }])
  const { findings } = (await without.call('GET', '/doctor')).body
  t.match(
    findings.find((one: { name: string }) => one.name === 'streams'),
    { state: 'error', found: /SSF_SIGNING_KEY or PUBLIC_URL is not set/ }
  )
  t.equal(receiver.received.length, 0)
  const running = startDeliveries(first.world, { everyMs: 20 })
  t.teardown(() => running.stop())
  await first.pass(61)
  await eventually(
    () => receiver.accepted.length,
    (n) => n === 1
  )
  t.equal(receiver.accepted[0]!.claims!.iss, issuer)
})

t.test('a private key is in no log, table, answer or metric', async (t) => {
  const key = makeSigningKey()
  const { stream, call, quiet, world } = await startSsf(t, { key })
  const { id } = await stream()
  await call('POST', '/ssf/verify', { body: { stream_id: id } })
  await quiet()
  const seen = await Promise.all(
    ['/.well-known/ssf-configuration', '/ssf/jwks.json', '/ssf/streams', '/audit', '/doctor', '/metrics'].map(
      (path) => call('GET', path)
    )
  )
  const [line = ''] = key.split('\n').slice(3)
  const { d, p } = createPrivateKey(key).export({ format: 'jwk' })
  assertNowhere(
    t,
    { 'a line of it': line, d: d!, p: p! },
    {
      answer: seen.map(({ text }) => text).join(),
      table: await dump(world.pool)
    }
  )
})
