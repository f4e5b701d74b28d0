import t from 'tap'
import { call, createAnn, formLogin, listTokens, ocs, password, sandboxFor } from './client.ts'

const cookiesOf = (headers: Headers): string =>
  headers
    .getSetCookie()
    .map((line) => line.split(';')[0])
    .join('; ')

t.test(
  'a browser logs in with the request token of the page, and gets a token row named by its User-Agent',
  async (t) => {
    const sandbox = await sandboxFor(t)
    sandbox.createUser({ id: 'ann', password })
    const page = await call(sandbox, 'GET', '/login', {
      headers: { 'OCS-APIRequest': null, Accept: 'text/html' }
    })
    const requesttoken = /data-requesttoken="([^"]+)"/.exec(page.text)?.[1] ?? ''
    const cookie = cookiesOf(page.headers)
    const headers = {
      'OCS-APIRequest': null,
      Accept: 'text/html',
      Origin: sandbox.url,
      'User-Agent': 'Somebody/1.0'
    }
    const post = (token: string): ReturnType<typeof call> =>
      call(sandbox, 'POST', '/login', {
        as: { cookie },
        headers,
        form: { user: 'ann', password, requesttoken: token }
      })
    t.equal((await post('made up')).headers.get('location'), '/login?direct=1&user=ann')
    t.equal((await post(requesttoken)).headers.get('location'), `${sandbox.url}/apps/dashboard/`)
    t.match(sandbox.tokens('ann'), [{ name: 'Somebody/1.0', type: 0, kind: 'session' }])
  }
)

t.test('without a trusted Origin a log-in fails, and does not count', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  for (const Origin of [null, 'https://elsewhere.example']) {
    const answer = await call(sandbox, 'POST', '/index.php/login', {
      form: { user: 'ann', password },
      headers: { Origin }
    })
    t.equal(answer.headers.get('location'), '/login?direct=1&user=ann')
  }
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 0)
})

t.test('all cookies of the log-in are needed', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { cookie } = await formLogin(sandbox, 'ann', password)
  t.equal(sandbox.tryCredential({ cookie }), 200)
  const passphrase = cookie.split('; ').filter((pair) => !pair.startsWith('oc_sessionPassphrase'))
  t.equal(sandbox.tryCredential({ cookie: passphrase.join('; ') }), 401)
})

t.test('Basic auth sees an empty list of tokens, unless it kept cookies', async (t) => {
  const sandbox = await sandboxFor(t)
  const { app } = createAnn(sandbox)
  const page = async (as: { user: string; password: string }, Cookie?: string): Promise<unknown> => {
    const answer = await call(sandbox, 'GET', '/index.php/settings/user/security', {
      as,
      headers: { Accept: 'text/html', ...(Cookie && { Cookie }) }
    })
    return JSON.parse(atob(/app_tokens" value="([^"]*)"/.exec(answer.text)?.[1] ?? ''))
  }
  t.strictSame(await page({ user: 'ann', password }), [])
  t.strictSame(await page(app), [])
  t.equal(sandbox.tokens('ann').length, 2)
  const first = await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { user: 'ann', password } })
  t.match(await page({ user: 'ann', password }, cookiesOf(first.headers)), { length: 3 })
  t.equal(sandbox.tokens('ann').length, 3, 'keeping cookies with Basic auth creates a session')
})

t.test(
  'deleting a token: foreign ones are not found, a wrong password is refused, 31 asks for none',
  async (t) => {
    for (const version of [31, 33, 34] as const) {
      const sandbox = await sandboxFor(t, { version })
      createAnn(sandbox)
      sandbox.createUser({ id: 'bob', password })
      const foreign = sandbox.createAppPassword('bob', 'Phone')
      const { cookie } = await formLogin(sandbox, 'ann', password)
      const remove = (name: string, user: string, given: string): ReturnType<typeof call> => {
        const id = sandbox.tokens(user).find((token) => token.name === name)?.id
        return call(sandbox, 'DELETE', `/index.php/settings/personal/authtokens/${id}`, {
          as: { cookie },
          headers: { Authorization: `Basic ${btoa(`ann:${given}`)}` }
        })
      }
      t.equal((await remove('Phone', 'bob', password)).status, 404)
      t.equal(sandbox.tryCredential({ user: 'bob', ...foreign }), 200)
      const refused = await remove('Phone', 'ann', 'wrong')
      t.equal(refused.status, version === 31 ? 200 : 403)
      t.equal(refused.headers.get('x-nc-auth-notconfirmed'), version === 31 ? null : 'true')
      t.equal(sandbox.counters().maxFailedLoginsPer30min, 0, 'no failed log-in: the cookie counts')
    }
  }
)

t.test('a session dies at once when its own token is deleted', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { cookie } = await formLogin(sandbox, 'ann', password)
  const own = (await listTokens(sandbox, cookie))?.find(({ current }) => current)
  const headers = { Authorization: `Basic ${btoa(`ann:${password}`)}` }
  await call(sandbox, 'DELETE', `/index.php/settings/personal/authtokens/${own?.id}`, {
    as: { cookie },
    headers
  })
  t.equal(sandbox.tryCredential({ cookie }), 401)
})
