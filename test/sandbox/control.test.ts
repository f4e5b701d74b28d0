import t from 'tap'
import { sandboxAdmin, seededAppPassword, seededPassword } from '../../src/sandbox/index.ts'
import { askForMail, call, ocs, putUser, sandboxFor } from './client.ts'

const api = '/sandbox/api'

t.test('a test can be told over HTTP as well as by the methods', async (t) => {
  const sandbox = await sandboxFor(t)
  const post = async (path: string, json: unknown, method = 'POST') =>
    (await call(sandbox, method, api + path, { json })).data
  await post('/users', { id: 'ann', password: 'Ann-Secret-1x', email: 'ann@acme.example', groups: ['acme'] })
  const session = await post('/users/ann/sessions', { userAgent: 'Browser' })
  const app = await post('/users/ann/app-passwords', { name: 'Phone' })
  t.equal((await post('/try', session)).status, 200)
  t.equal((await post('/try', { user: 'ann', password: app.password })).status, 200)
  t.match(await post('/users/ann/login', { password: 'wrong' }), { ok: false })
  t.match((await call(sandbox, 'GET', `${api}/users/ann/tokens`)).data, [
    { name: 'Browser' },
    { name: 'Phone' }
  ])

  await askForMail(sandbox, 'ann')
  const [mail] = (await call(sandbox, 'GET', `${api}/mails?to=ann@acme.example`)).data
  t.match(await post('/complete-reset', { link: mail.link, password: 'Brand-New-Secret-9' }), { ok: true })
  t.match(await post('/settings', { maintenance: true }, 'PATCH'), { maintenance: true })
  t.equal((await call(sandbox, 'GET', '/status.php')).data.maintenance, true)
  const before = sandbox.clock.now()
  await call(sandbox, 'POST', '/sandbox/clock', { json: { advanceSeconds: 3600 } })
  t.ok(sandbox.clock.now() - before >= 3_600_000)
  await post('/faults', { match: { pathRegex: 'status' }, do: 'empty-200' })
  t.equal((await call(sandbox, 'GET', '/status.php')).text, '')
  t.match((await call(sandbox, 'GET', `${api}/calls`)).data.at(-1), {
    path: '/status.php',
    fault: 'empty-200'
  })
  t.match((await call(sandbox, 'GET', `${api}/counters`)).data, { maxMailsPer300s: 1 })
  t.equal((await call(sandbox, 'GET', `${api}/nonsense`)).status, 404)
  t.match((await call(sandbox, 'GET', `${api}/users/none/tokens`)).data, { error: 'There is no user none' })
})

t.test('people act past faults, limits and the log', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password: 'Ann-Secret-1x' })
  sandbox.addFault({ match: {}, do: 'refuse' })
  for (let n = 0; n < 15; n++) t.notOk(sandbox.loginAsPerson('ann', 'wrong').ok)
  t.ok(sandbox.loginAsPerson('ann', 'Ann-Secret-1x').ok)
  t.strictSame(sandbox.calls(), [])
})

t.test('reset goes back to the seeded state', async (t) => {
  const sandbox = await sandboxFor(t, { seed: true, settings: { latencyMs: 1 } })
  const seen = () =>
    sandbox.users().map(({ id, enabled }) => [id, enabled, sandbox.tokens(id).map(({ name }) => name)])
  const before = seen()
  await putUser(sandbox, 'bob', 'email', 'other@acme.example')
  await call(sandbox, 'DELETE', `${ocs}/cloud/users/alice`, { as: sandbox.admin })
  await askForMail(sandbox, 'bob')
  sandbox.settings({ maintenance: true })
  sandbox.reset()
  t.strictSame(seen(), before)
  t.equal(sandbox.users().find(({ id }) => id === 'bob')?.email, 'bob@acme.example')
  t.equal(sandbox.mails().length + sandbox.calls().length, 0)
  t.match(sandbox.settings(), { maintenance: false, latencyMs: 1 })
})

t.test("a newcomer's users hold what the README says", async (t) => {
  const sandbox = await sandboxFor(t, { seed: true })
  t.strictSame(
    sandbox.users().map(({ id }) => id),
    ['admin', 'alice', 'bob', 'carol', 'dave', 'erin', 'frank', 'grace', 'heidi']
  )
  t.strictSame(
    sandbox.tokens('alice').map(({ type }) => type),
    [0, 0, 1, 1, 1]
  )
  for (const device of ['Phone', 'Laptop', 'Thunderbird']) {
    t.equal(sandbox.tryCredential({ user: 'alice', password: seededAppPassword('alice', device) }), 200)
  }
  t.equal(sandbox.tryCredential(sandboxAdmin), 200)
  t.equal(sandbox.tryCredential({ user: 'carol', password: seededAppPassword('carol', 'Tablet') }), 200)
  t.match(sandbox.loginAsPerson('carol', seededPassword('carol')).location, '/login/challenge/totp')
  t.notOk(sandbox.loginAsPerson('dave', seededPassword('dave')).ok)
  t.match(
    sandbox.users().find(({ id }) => id === 'bob'),
    { lastLogin: 0 }
  )
  t.match(
    sandbox.users().find(({ id }) => id === 'erin'),
    { backend: 'LDAP' }
  )
  t.match(
    sandbox.users().find(({ id }) => id === 'frank'),
    { email: null }
  )
  t.match(sandbox.passkeys('grace'), [{ name: 'Security key' }])
  t.match(sandbox.shares('grace'), [{ type: 3 }, { type: 6 }])
  t.equal(sandbox.openPublicLink(sandbox.shares('grace')[0]?.token ?? ''), 200)
  t.equal(sandbox.tryCredential({ user: 'grace', password: seededAppPassword('grace', 'Phone') }), 200)
  t.match(
    sandbox.users().find(({ id }) => id === 'heidi'),
    { backend: 'user_saml' }
  )
})
