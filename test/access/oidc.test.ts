import { createHmac, createPublicKey } from 'node:crypto'
import { base64url, exportSPKI, SignJWT } from 'jose'
import t, { type Test } from 'tap'
import type { Locksmith } from '../support/locksmith.ts'
import { startLocksmith } from '../support/locksmith.ts'
import { audience, seconds, startIssuer } from './issuer.ts'

async function start(t: Test, more: object = {}, others: object[] = []) {
  const idp = await startIssuer(t)
  const locksmith = await locksmithFor(t, [{ issuer: idp.issuer, audience, ...more }, ...others])
  return { idp, ...locksmith, ask: asking(locksmith) }
}

const locksmithFor = (t: Test, issuers: object[]) =>
  startLocksmith(t, { worker: false, env: { OIDC_ISSUERS: JSON.stringify(issuers) } })

const asking =
  ({ call }: Locksmith) =>
  (token: string, path = '/operations', method = 'GET') =>
    call(method, path, { authorization: `Bearer ${token}` })

const part = (value: object) => base64url.encode(JSON.stringify(value))

t.test('a token of a provider is taken, with the scopes that it has', async (t) => {
  const { idp, ask, world } = await start(t)
  const good = await idp.token()
  t.equal((await ask(good)).status, 200)
  t.match(await ask(good, '/audit'), { status: 403, body: { code: 'missing-scope', has: ['users:read'] } })
  t.match(
    await ask(await idp.token({ scope: 'openid users:reset profile' }), '/users/nobody/reset', 'POST'),
    {
      status: 404
    }
  )
  t.equal((await ask(await idp.token({ scope: ['audit:read', 7, null] }), '/audit')).status, 200, 'or a list')
  for (const scope of [undefined, '', 'openid', {}, 7, null]) {
    t.match(await ask(await idp.token({ scope })), { status: 403, body: { has: [] } })
    t.match(await ask(await idp.token({ scope }), '/metrics'), { status: 403 }, 'none opens nothing')
  }
  const { rows } = await world.pool.query('SELECT issuer, sub FROM oidc_subject')
  t.strictSame(rows, [{ issuer: idp.issuer, sub: 'anna' }])
})

t.test('who is behind a token is in the audit, as its provider and subject', async (t) => {
  const { idp, ask, call, sandbox } = await start(t)
  sandbox.createUser({ id: 'ann', password: 'Old-Password-4711', email: 'ann@example.org' })
  const token = await idp.token({ sub: 'f3c1|anna', scope: 'users:reset' })
  const { body } = await ask(token, '/users/ann/reset', 'POST')
  t.equal(body.requestedBy, `oidc:${idp.issuer}#f3c1|anna`)
  const { items } = (await call('GET', '/audit?action=operation.requested')).body
  t.equal(items[0].actor, `oidc:${idp.issuer}#f3c1|anna`)
})

t.test('since when a subject is known is written once', async (t) => {
  const idp = await startIssuer(t)
  const issuers = [{ issuer: idp.issuer, audience }]
  const one = await locksmithFor(t, issuers)
  await Promise.all(Array.from({ length: 5 }, async () => asking(one)(await idp.token())))
  const first = (await one.world.pool.query('SELECT first_seen AS at FROM oidc_subject')).rows
  t.equal(first.length, 1)
  const env = { OIDC_ISSUERS: JSON.stringify(issuers) }
  const other = await startLocksmith(t, {
    worker: false,
    env,
    databaseUrl: one.databaseUrl,
    sandbox: one.sandbox
  })
  t.equal((await asking(other)(await idp.token())).status, 200)
  t.same((await one.world.pool.query('SELECT first_seen AS at FROM oidc_subject')).rows, first)
})

t.test('a token that is not good in every respect is refused', async (t) => {
  const { idp, ask } = await start(t)
  const other = await startIssuer(t)
  await idp.publish('long', 'RS512')
  const now = seconds()
  const good = await idp.token({}, { kid: 'first' })
  const [header, payload, signature] = good.split('.') as [string, string, string]
  const claims = JSON.parse(new TextDecoder().decode(base64url.decode(payload)))
  const pem = await exportSPKI(idp.pair('first').publicKey)
  const hmac = (key: string | Buffer) => {
    const text = `${part({ alg: 'HS256', kid: 'first' })}.${payload}`
    return `${text}.${createHmac('sha256', key).update(text).digest('base64url')}`
  }
  const signed = (claims: Record<string, unknown>) => idp.token(claims, { kid: 'first' })
  const cases: Record<string, string> = {
    'of another audience': await signed({ aud: 'another' }),
    'without audience': await signed({ aud: undefined }),
    'of an issuer that is not known': await signed({ iss: 'https://id.example.org' }),
    'of an issuer with a slash more': await idp.token({ iss: `${idp.issuer}/` }),
    'without issuer': await signed({ iss: undefined }),
    expired: await signed({ exp: now - 31 }),
    'without an end': await signed({ exp: undefined }),
    'not valid yet': await signed({ nbf: now + 60 }),
    'without subject': await signed({ sub: undefined }),
    'with an empty subject': await signed({ sub: '' }),
    'with a subject that is no text': await signed({ sub: 7 as never }),
    'with a subject that is too long': await signed({ sub: 'x'.repeat(400) }),
    'with a control character in the subject': await signed({ sub: 'anna\n' }),
    'with NUL in the subject': await signed({ sub: 'anna\0' }),
    'with a subject that turns the writing round': await signed({ sub: 'anna\u202e' }),
    'without signature (alg none)': `${part({ alg: 'none', kid: 'first' })}.${payload}.`,
    'with alg None': `${part({ alg: 'None', kid: 'first' })}.${payload}.${signature}`,
    'signed by the public key as a secret (PEM)': hmac(pem),
    'signed by the public key as a secret (DER)': hmac(
      createPublicKey(pem).export({ type: 'spki', format: 'der' }) as Buffer
    ),
    'with another payload': `${header}.${part({ ...claims, scope: 'admin' })}.${signature}`,
    'with a wrong signature': `${header}.${payload}.${signature.slice(0, -8)}AAAAAAAA`,
    'with no signature': `${header}.${payload}.`,
    'by another provider with the same key id': await other.token({ iss: idp.issuer }),
    'by a key in its own header': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', jwk: { kty: 'RSA' }, jku: `${other.issuer}/jwks`, kid: 'first' })
      .sign(other.pair('first').privateKey),
    'with a critical extension': await new SignJWT(claims)
      .setProtectedHeader({ alg: 'RS256', kid: 'first', crit: ['b64'], b64: true })
      .sign(other.pair('first').privateKey),
    'by an algorithm that is not its': await idp.token({}, { kid: 'long' }),
    'that is cut short': good.slice(0, 100),
    'that is no JSON': 'abcd.efgh.ijkl'
  }
  for (const [what, token] of Object.entries(cases)) {
    const answer = await ask(token)
    t.match(answer, { status: 401, body: { code: 'unauthorized' } }, what)
    t.notMatch(answer.text, token, 'and is not told again')
  }
  t.equal((await ask(await signed({ exp: now - 20 }))).status, 200, 'clocks may be 30 s apart')
  t.equal((await ask(await signed({ nbf: now + 20 }))).status, 200)
  t.equal((await ask(await signed({ aud: ['another', audience] }))).status, 200, 'one of its audiences')
})

t.test('two providers with the same key id do not speak for each other', async (t) => {
  const second = await startIssuer(t)
  const { idp, ask } = await start(t, {}, [{ issuer: second.issuer, audience: 'elsewhere' }])
  t.equal((await ask(await second.token({ aud: 'elsewhere' }))).status, 200)
  t.equal((await ask(await second.token())).status, 401, 'an audience is for one provider')
  t.equal((await ask(await second.token({ iss: idp.issuer }))).status, 401)
  t.equal((await ask(await idp.token({ iss: second.issuer, aud: 'elsewhere' }))).status, 401)
})

t.test('without providers a token is a key that nobody knows', async (t) => {
  const idp = await startIssuer(t)
  const locksmith = await startLocksmith(t, { worker: false })
  t.equal((await asking(locksmith)(await idp.token())).status, 401)
  t.equal(idp.asked('/jwks'), 0)
})

t.test('what claims mean is for the setting to say', async (t) => {
  const { idp, ask, sandbox } = await start(t, {
    scopesClaim: 'realm_access.roles',
    scopes: { auditor: ['audit:read'], desk: ['users:read', 'users:reset'], boss: ['admin'] },
    groups: { desk: ['acme'], auditor: 'all', boss: 'all' }
  })
  for (const [id, group] of [
    ['ann', 'acme'],
    ['gus', 'globex']
  ] as const)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org`, groups: [group] })
  const status = async (roles: unknown, path: string, more = {}) =>
    (await ask(await idp.token({ scope: 'admin', realm_access: { roles }, ...more }), path)).status
  t.equal(await status(['auditor'], '/audit'), 200)
  t.equal(await status(['auditor'], '/operations'), 403)
  t.equal(await status(['boss'], '/users/gus'), 200)
  t.equal(await status(['desk'], '/users/ann'), 200)
  t.equal(await status(['desk'], '/users/gus'), 404, 'limited to its groups')
  t.equal(await status(['desk', 'boss'], '/users/gus'), 404, 'whoever is limited by one role is limited')
  t.equal(
    await status(['admin', 'users:read'], '/operations'),
    403,
    'a scope of ours does not mean itself here'
  )
  for (const roles of ['constructor', '__proto__', ['toString'], {}, null, undefined, 'none'])
    t.equal(await status(roles, '/operations'), 403, JSON.stringify(roles))
  t.equal(await status(['auditor'], '/audit', { 'realm_access.roles': [] }), 403, 'the very name goes first')
})

t.test('with groups in the setting, a token that names none is for nobody', async (t) => {
  const { idp, ask, sandbox } = await start(t, { groups: { acme: ['acme'] } })
  sandbox.createUser({ id: 'ann', password: 'Old-Password-4711', email: 'ann@example.org', groups: ['acme'] })
  t.equal((await ask(await idp.token({ scope: 'users:read acme' }), '/users/ann')).status, 200)
  t.equal((await ask(await idp.token(), '/users/ann')).status, 404)
  t.strictSame((await ask(await idp.token(), '/users')).body.items, [])
})

t.test('each algorithm that is set is taken, and by default four', async (t) => {
  const { idp, ask } = await start(t)
  for (const algorithm of ['ES256', 'PS256', 'EdDSA']) {
    await idp.publish(algorithm, algorithm, 'drop')
    // Another process, which has no keys of it yet.
    const fresh = await locksmithFor(t, [{ issuer: idp.issuer, audience }])
    t.equal((await asking(fresh)(await idp.token({}, { kid: algorithm }))).status, 200, algorithm)
    const narrow = await locksmithFor(t, [{ issuer: idp.issuer, audience, algorithms: ['RS256'] }])
    t.equal((await asking(narrow)(await idp.token({}, { kid: algorithm }))).status, 401)
  }
  t.equal((await ask('x.y.z')).status, 401)
})
