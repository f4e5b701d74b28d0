import t from 'tap'
import { audience, seconds, startIssuer } from '../access/issuer.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { type Answer, visitor } from './stage.ts'

t.test('signing in to the console at an identity provider', async (t) => {
  const idp = await startIssuer(t)
  const signIn = { clientId: 'console', clientSecret: 'secret-of-the-console', name: 'Acme account' }
  const issuers = [{ issuer: idp.issuer, audience, signIn }]
  const locksmith = await startLocksmith(t, { worker: false, env: { OIDC_ISSUERS: JSON.stringify(issuers) } })
  const { url, call, world } = locksmith

  /** As a browser goes: to the provider, and back. */
  async function go(visit = visitor(url), to = '/console/operations'): Promise<Answer & { back: string }> {
    const start = await visit.open(`/console/oidc/start?issuer=0&to=${encodeURIComponent(to)}`)
    t.equal(start.status, 303)
    const there = await fetch(start.headers.get('location')!, { redirect: 'manual' })
    const back = there.headers.get('location')!.slice(url.length)
    return { ...(await visit.open(back)), back }
  }

  t.test('gives what an access token gives, and no longer', async (t) => {
    const exp = seconds() + 90
    idp.person = { access: { exp } }
    const visit = visitor(url)
    t.match((await visit.open('/console/sign-in')).text, 'Acme account')
    const came = await go(visit)
    t.match(came, { status: 303 })
    t.equal(came.headers.get('location'), '/console/operations')
    t.equal((await visit.open('/console/operations')).status, 200)
    t.equal((await visit.open('/console/audit')).status, 403, 'users:read is all that the token has')
    const { rows } = await world.pool.query('SELECT actor, expires_at FROM console_session')
    t.match(rows, [{ actor: `oidc:${idp.issuer}#anna` }])
    t.equal(Math.floor(rows[0].expires_at.getTime() / 1_000), exp)
    t.match((await call('GET', '/audit?action=console.signed-in')).body.items, [
      { actor: `oidc:${idp.issuer}#anna` }
    ])
    t.match(await visit.open(came.back), { status: 400 }, 'coming back twice signs nobody in')
    await world.pool.query("UPDATE console_session SET expires_at = locksmith_now() - interval '1 second'")
    await eventually(
      async () => (await visit.open('/console/operations')).status,
      (status) => status === 401,
      1.5
    )
  })

  t.test('and nothing else does', async (t) => {
    const other = await startIssuer(t)
    const wrong: [string, typeof idp.person][] = [
      ['another state', { query: { state: 'another' } }],
      ['another issuer', { query: { iss: other.issuer } }],
      ['another code', { query: { code: 'another' } }],
      ['an error', { query: { error: 'access_denied' } }],
      ['another nonce', { id: { nonce: 'another' } }],
      ['an ID token for another client', { id: { aud: 'another' } }],
      ['an ID token that is over', { id: { exp: seconds() - 60 } }],
      ['an access token for another service', { access: { aud: 'another' } }],
      ['an access token of somebody else', { access: { sub: 'bert' } }],
      ['an access token that is over', { access: { exp: seconds() - 60 } }],
      ['an access token with no scope of ours', { access: { scope: 'openid' } }],
      ['an access token that is no JWT', { token: 'opaque' }],
      ['an access token of another issuer', { token: await other.token() }]
    ]
    for (const [what, person] of wrong) {
      idp.person = person
      const visit = visitor(url)
      const { status } = await go(visit)
      t.ok(status >= 400 && status < 500, `${what}: ${status}`)
      t.equal((await visit.open('/console')).status, 401, what)
    }
    idp.person = {}
    const first = visitor(url)
    const second = visitor(url)
    const start = await first.open('/console/oidc/start?issuer=0')
    const there = await fetch(start.headers.get('location')!, { redirect: 'manual' })
    const back = there.headers.get('location')!.slice(url.length)
    t.equal((await second.open(back)).status, 400, 'in another browser')
    t.equal((await second.open('/console')).status, 401)
  })

  t.test('a provider that is away is no way in, and is said', async (t) => {
    idp.person = {}
    const away = await startIssuer(t)
    const again = await startLocksmith(t, {
      worker: false,
      env: { OIDC_ISSUERS: JSON.stringify([{ issuer: away.issuer, audience, signIn }]) }
    })
    away.answer = { status: 500 }
    t.equal((await visitor(again.url).open('/console/oidc/start?issuer=0')).status, 503)
    t.equal((await visitor(again.url).open('/console/oidc/start?issuer=1')).status, 404)
  })
})
