import t from 'tap'
import { call, codes, formLogin, ocs, sandboxFor } from './client.ts'

t.test('with its database down OCS answers 200 with nothing (fact 6)', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { databaseDown: true } })
  const answer = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.equal(answer.status, 200)
  t.equal(answer.text, '')
  t.match(answer.headers.get('content-type'), 'text/html')
})

t.test('maintenance mode', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { maintenance: true } })
  const page = await formLogin(sandbox, 'ann', 'x')
  t.equal(page.status, 503)
  t.equal(page.headers.get('retry-after'), '120')
  const api = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.equal(codes(api), '503/503')
  t.equal(api.headers.get('x-nextcloud-maintenance-mode'), '1')
  t.equal((await call(sandbox, 'GET', '/status.php')).data.maintenance, true)
})

t.test('what stands in front of Nextcloud can redirect everything or answer with rubbish', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { redirectAllTo: 'https://sso.example/' } })
  t.equal((await call(sandbox, 'GET', '/status.php')).headers.get('location'), 'https://sso.example/')
  sandbox.settings({ redirectAllTo: null, rubbish: true })
  const answer = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.equal(answer.status, 200)
  t.match(answer.text, 'It works!')
})

t.test('errors from before routing are XML on 31 unless ?format=json is there', async (t) => {
  const wrong = { as: { user: 'admin', password: 'wrong' } }
  for (const version of [31, 33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    const plain = await call(sandbox, 'GET', `${ocs}/cloud/users`, wrong)
    t.match(
      plain.headers.get('content-type'),
      version === 31 ? 'text/xml; charset=UTF-8' : 'application/json; charset=utf-8'
    )
    t.equal(codes(await call(sandbox, 'GET', `${ocs}/cloud/users?format=json`, wrong)), '401/997')
    t.equal(
      codes(await call(sandbox, 'GET', `${ocs}/cloud/nope?format=json`, { as: sandbox.admin })),
      '404/998'
    )
  }
})

t.test('without an Accept header a routed answer is XML', async (t) => {
  const sandbox = await sandboxFor(t)
  const answer = await call(sandbox, 'GET', `${ocs}/cloud/users/none`, {
    as: sandbox.admin,
    headers: { Accept: '*/*' }
  })
  t.equal(answer.headers.get('content-type'), 'application/xml; charset=utf-8')
  t.equal(
    answer.text,
    '<?xml version="1.0"?>\n<ocs>\n <meta>\n  <status>failure</status>\n  <statuscode>404</statuscode>\n  <message>User does not exist</message>\n </meta>\n <data/>\n</ocs>\n'
  )
})

t.test('unknown pages, other methods and the way in', async (t) => {
  const sandbox = await sandboxFor(t)
  const page = { headers: { 'OCS-APIRequest': null, Accept: 'text/html' } }
  const missing = await call(sandbox, 'GET', '/index.php/nope', page)
  t.equal(missing.status, 404)
  t.match(missing.text, 'Page not found')
  t.equal((await call(sandbox, 'GET', '/index.php/nope')).text, '')
  t.equal((await call(sandbox, 'DELETE', '/index.php/login')).status, 405)
  t.equal((await call(sandbox, 'GET', '/', page)).headers.get('location'), `${sandbox.url}/login`)
  const security = await call(sandbox, 'GET', '/index.php/settings/user/security', page)
  t.equal(security.headers.get('location'), '/login?redirect_url=/index.php/settings/user/security')
  t.equal((await call(sandbox, 'GET', '/index.php/settings/user/security')).status, 401)
})

t.test('X-User-Id names who is logged in from 33 on', async (t) => {
  for (const version of [31, 33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    const answer = await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: sandbox.admin })
    t.equal(answer.headers.get('x-user-id'), version === 31 ? null : 'admin')
  }
})

t.test('what a doctor reads: apps, setup checks, and the address to allow-list', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { encryption: 'master-key', mailServerDown: true } })
  const as = sandbox.admin
  const apps = await call(sandbox, 'GET', `${ocs}/cloud/apps?filter=enabled`, { as })
  t.ok(apps.data.ocs.data.apps.includes('encryption'))
  const checks = await call(sandbox, 'GET', '/index.php/settings/ajax/checksetup', { as })
  t.match(checks.data.config, { 'OCA\\Settings\\SetupChecks\\EmailTestSuccessful': { severity: 'info' } })
  const page = await call(sandbox, 'GET', '/index.php/settings/admin/security', {
    as,
    headers: { Accept: 'text/html' }
  })
  const address = /bruteforcesettings-remote-address" value="([^"]*)"/.exec(page.text)?.[1] ?? ''
  t.equal(JSON.parse(atob(address)), '127.0.0.1')
})
