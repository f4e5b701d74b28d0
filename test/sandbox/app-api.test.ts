import t from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { askForMail, call, listTokens, ocs, password, sandboxFor } from './client.ts'

const app = { id: 'locksmith', version: '1.0.0', secret: 'a secret between two programs' }

const headersOf = ({ id, version, secret }: typeof app, user = ''): Record<string, string> => ({
  'EX-APP-ID': id,
  'EX-APP-VERSION': version,
  'AUTHORIZATION-APP-API': btoa(`${user}:${secret}`)
})

async function logIn(sandbox: Sandbox, headers: Record<string, string>) {
  const answer = await call(sandbox, 'POST', '/index.php/login', {
    form: { user: 'ann', password },
    headers: { Origin: sandbox.url, ...headers }
  })
  const cookies = answer.headers.getSetCookie().map((line) => line.split(';')[0])
  return { location: answer.headers.get('location'), cookie: cookies.join('; ') }
}

function withAnn(sandbox: Sandbox): void {
  sandbox.createUser({ id: 'ann', password, email: 'ann@acme.example', twoFactor: ['totp'] })
  sandbox.settings({ appApi: { ...app } })
}

t.test('a log-in with AppAPI headers is sent to the challenge, and passes all the same', async (t) => {
  const sandbox = await sandboxFor(t)
  withAnn(sandbox)
  sandbox.createAppPassword('ann', 'Phone')
  const { location, cookie } = await logIn(sandbox, headersOf(app))
  t.equal(location, '/login/challenge/totp')
  const tokens = await listTokens(sandbox, cookie)
  t.match(tokens, [{ name: 'Phone' }, { current: true }])
  const answer = await call(sandbox, 'DELETE', `/index.php/settings/personal/authtokens/${tokens?.[0]?.id}`, {
    as: { cookie },
    headers: { Authorization: `Basic ${btoa(`ann:${password}`)}` }
  })
  t.equal(answer.status, 200)
  t.equal(
    sandbox
      .users()
      .find(({ id }) => id === 'ann')
      ?.twoFactor.get('totp'),
    true
  )
})

t.test('headers on a later call of a session change nothing', async (t) => {
  const sandbox = await sandboxFor(t)
  withAnn(sandbox)
  const { cookie } = await logIn(sandbox, {})
  const answer = await call(sandbox, 'GET', '/index.php/settings/user/security', {
    as: { cookie },
    headers: { Accept: 'text/html', ...headersOf(app) }
  })
  t.match(answer.headers.get('location'), /^\/login\/selectchallenge/)
})

t.test('whoever is not that app is asked for the second factor', async (t) => {
  const sandbox = await sandboxFor(t)
  withAnn(sandbox)
  const passes = async (headers: Record<string, string>): Promise<boolean> =>
    sandbox.tryCredential(await logIn(sandbox, headers)) === 200
  t.notOk(await passes(headersOf({ ...app, secret: 'wrong' })))
  t.notOk(await passes(headersOf({ ...app, id: 'other' })))
  t.notOk(await passes(headersOf({ ...app, version: '' })))
  t.notOk(await passes(headersOf(app, 'nobody')), 'for a user that there is not')
  t.ok(await passes(headersOf({ ...app, version: '0.9' })), 'an older version does no harm')
  t.ok(await passes(headersOf({ ...app, version: '2.0' })))
  t.equal(sandbox.settings().appApi?.version, '2.0', 'a newer one is kept')
  sandbox.settings({ appApi: { ...app, enabled: false } })
  t.notOk(await passes(headersOf(app)), 'disabled')
  sandbox.settings({ appApi: null })
  t.notOk(await passes(headersOf(app)), 'none is registered')
})

t.test('wrong secrets are attempts of their own kind: the eleventh is followed by a 429', async (t) => {
  const sandbox = await sandboxFor(t)
  withAnn(sandbox)
  const wrong = headersOf({ ...app, secret: 'wrong' })
  const ask = () => call(sandbox, 'GET', `${ocs}/cloud/capabilities`, { headers: wrong })
  for (let i = 0; i < 11; i++) t.equal((await ask()).status, 200)
  t.equal((await ask()).status, 429)
  t.equal((await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: sandbox.admin })).status, 200)
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 0)
})

t.test('a disabled user gets in by no header', async (t) => {
  const sandbox = await sandboxFor(t)
  withAnn(sandbox)
  sandbox.updateUser('ann', { enabled: false })
  t.equal((await logIn(sandbox, headersOf(app))).location, '/login?direct=1&user=ann')
})

t.test('an allow-listed app may ask for as many mails as it likes', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { allowListed: true } })
  withAnn(sandbox)
  for (let i = 0; i < 15; i++) t.equal((await askForMail(sandbox, 'ann', headersOf(app))).status, 200)
})
