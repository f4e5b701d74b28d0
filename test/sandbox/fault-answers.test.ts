import t from 'tap'
import { askForMail, call, codes, formLogin, ocs, password, sandboxFor } from './client.ts'

t.test('503-maintenance is what maintenance mode answers, on every path', async (t) => {
  for (const version of [31, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    const ask = () =>
      Promise.all([
        formLogin(sandbox, 'ann', password),
        call(sandbox, 'GET', `${ocs}/cloud/users?format=json`, { as: sandbox.admin }),
        call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin }),
        call(sandbox, 'GET', '/status.php')
      ])
    sandbox.addFault({ match: {}, do: '503-maintenance' })
    const [page, api, withoutFormat, status] = await ask()
    t.equal(page.status, 503)
    t.match(page.text, '<h2>Maintenance mode</h2>')
    t.equal(page.headers.get('retry-after'), '120')
    t.equal(page.headers.get('x-nextcloud-maintenance-mode'), '1')
    t.equal(codes(api), '503/503')
    t.equal(api.headers.get('x-nextcloud-maintenance-mode'), '1')
    t.equal(api.headers.get('retry-after'), null)
    t.match(withoutFormat.headers.get('content-type'), version === 31 ? 'text/xml' : 'application/json')
    t.match(status, { status: 200, data: { maintenance: true } }, 'status.php is read as ever')

    sandbox.clearFaults()
    sandbox.settings({ maintenance: true })
    for (const [index, real] of (await ask()).entries()) {
      const { status, headers } = [page, api, withoutFormat, { status: 200, headers: real.headers }][index]!
      t.equal(real.status, status)
      for (const name of ['content-type', 'retry-after', 'x-nextcloud-maintenance-mode'])
        t.equal(headers.get(name), real.headers.get(name), name)
    }
  }
})

t.test('429-delay is a bare page for log-ins and reset mails, and an envelope on OCS', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, email: 'ann@acme.example' })
  sandbox.addFault({ match: {}, do: '429-delay' })
  for (const page of [await formLogin(sandbox, 'ann', password), await askForMail(sandbox, 'ann')]) {
    t.equal(page.status, 429)
    t.match(page.headers.get('content-type'), 'text/html')
    t.match(page.text, /^<div class="body-login-container update">\n\t<h2>Too many requests<\/h2>/)
    t.equal(page.headers.get('x-nextcloud-bruteforce-throttled'), null)
  }
  t.equal(sandbox.mails().length + sandbox.tokens('ann').length, 0)
  const api = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.strictSame(api.data, {
    ocs: { meta: { status: 'failure', statuscode: 429, message: 'Reached maximum delay' }, data: [] }
  })
  const basic = await call(sandbox, 'GET', '/index.php/settings/api/admin/twofactorauth', {
    as: sandbox.admin
  })
  t.equal(basic.status, 429)
  t.strictSame(basic.data, { message: 'Reached maximum delay' }, 'a page behind Basic auth')
})

t.test('html-500 is a page on OCS, too', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.addFault({ match: {}, do: 'html-500' })
  const answer = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.equal(answer.status, 500)
  t.match(answer.headers.get('content-type'), 'text/html')
  t.match(answer.text, 'Internal Server Error')
})
