import type { IncomingMessage, ServerResponse } from 'node:http'
import t, { type Test } from 'tap'
import { killsResetLinks } from '../../src/nextcloud/instance.ts'
import type { Session } from '../../src/nextcloud/session.ts'
import { Secret } from '../../src/secret.ts'
import { clientOf, scripted, variantOf } from '../support/nextcloud.ts'

const ocs = (statuscode: number, data: unknown = []) =>
  JSON.stringify({ ocs: { meta: { statuscode, message: '' }, data } })
const state = (name: string, value: unknown) =>
  `<input type="hidden" id="initial-state-settings-${name}" value="${Buffer.from(JSON.stringify(value)).toString('base64')}">`
const own = { id: 1, name: 'Locksmith', lastActivity: 1_700_000_000, type: 0, current: true }

const appApi = { id: 'locksmith', version: '1.0.0', secret: 'a-shared-secret' }

type Told = (request: IncomingMessage, response: ServerResponse) => unknown

async function told(t: Test, answer: Told, options: { appApi?: typeof appApi } = {}) {
  const calls: { method: string; url: string; headers: IncomingMessage['headers'] }[] = []
  const url = await scripted(t, (request, response) => {
    calls.push({ method: request.method!, url: request.url!, headers: request.headers })
    answer(request, response)
  })
  const nextcloud = await clientOf(t, {
    url,
    publicUrl: url,
    admins: [{ user: 'admin', password: 'x' }],
    ...options
  })
  const session: Session = {
    userId: 'anna',
    password: new Secret('set-a-moment-ago'),
    cookies: new Map([['oc_sessionPassphrase', 'x']]),
    name: 'Locksmith (test)',
    loggedIn: { from: new Date(), to: new Date() }
  }
  return { nextcloud, session, calls }
}

t.test('one look tells tokens and passkeys, and passkeys that are switched off are none', async (t) => {
  let html = ''
  const { nextcloud, session } = await told(t, (_request, response) => response.end(html))
  const tokens = state('app_tokens', [own, { id: 2, name: 'Phone', type: 1, lastActivity: 0 }])
  html = tokens + state('webauthn-devices', [{ id: 7, name: 'Yubikey "ü"' }])
  t.same(await nextcloud.look(session), {
    tokens: [
      { id: 1, name: 'Locksmith', kind: 'session', lastActivity: new Date(1_700_000_000_000), current: true },
      { id: 2, name: 'Phone', kind: 'app-password', lastActivity: null, current: false }
    ],
    passkeys: [{ id: 7, name: 'Yubikey "ü"' }]
  })
  html = tokens
  t.same((await nextcloud.look(session)).passkeys, [])
  for (const passkeys of [{}, [null], [{ id: '7', name: 'x' }]]) {
    html = tokens + state('webauthn-devices', passkeys)
    t.equal(await variantOf(nextcloud.look(session)), 'rubbish', 'a list that is not whole is none')
  }
})

t.test('a passkey is deleted with cookie and password, and only one that is there', async (t) => {
  let keys = [{ id: 7, name: 'a' }]
  let status = 200
  const { nextcloud, session, calls } = await told(t, (request, response) => {
    if (request.method === 'GET')
      return response.end(state('app_tokens', [own]) + state('webauthn-devices', keys))
    if (status === 0) return request.socket.destroy()
    if (status === 200) keys = []
    response.writeHead(status, { location: '/login' }).end(status === 200 ? '[]' : '{"message":"x"}')
  })
  for (const [said, variant] of [
    [0, 'effect-unknown'],
    [500, 'effect-unknown'],
    [303, 'session-gone'],
    [401, 'wrong-password']
  ] as const) {
    status = said
    t.equal(await variantOf(nextcloud.deletePasskey(session, 7)), variant)
  }
  status = 200
  t.equal(await nextcloud.deletePasskey(session, 7), true)
  t.match(calls.at(-1), {
    method: 'DELETE',
    url: '/index.php/settings/api/personal/webauthn/registration/7',
    headers: {
      cookie: 'oc_sessionPassphrase=x',
      authorization: `Basic ${Buffer.from('anna:set-a-moment-ago').toString('base64')}`
    }
  })
  t.equal(await nextcloud.deletePasskey(session, 7), false)
  t.equal(calls.at(-1)!.method, 'GET')
})

t.test('shares are told by whom they let in, and asked for with the cookie alone', async (t) => {
  const share = (id: unknown, share_type: unknown) => ({ id, share_type, path: `/${share_type}` })
  let status = 200
  let body = ocs(
    200,
    [0, 1, 3, 4, 6, 7, 9, 10, 12, 99].map((type) => share(String(type), type))
  )
  const { nextcloud, session, calls } = await told(t, (_request, response) =>
    response.writeHead(status).end(body)
  )
  const kinds = Object.fromEntries(
    (await nextcloud.listShares(session)).map(({ id, kind, path }) => [`${id} ${path}`, kind])
  )
  t.same(kinds, {
    '0 /0': 'internal',
    '1 /1': 'internal',
    '3 /3': 'public-link',
    '4 /4': 'public-link',
    '6 /6': 'federated',
    '7 /7': 'internal',
    '9 /9': 'federated',
    '10 /10': 'internal',
    '12 /12': 'internal',
    '99 /99': 'internal'
  })
  t.match(calls.at(-1)!.headers, { cookie: 'oc_sessionPassphrase=x', 'ocs-apirequest': 'true' })
  t.equal(calls.at(-1)!.headers.authorization, undefined)
  for (const [said, text, variant] of [
    [404, ocs(404), 'no error'],
    [404, ocs(998), 'no error'],
    [401, ocs(997), 'session-gone'],
    [303, '', 'session-gone'],
    [200, '', 'rubbish'],
    [200, ocs(200, {}), 'rubbish'],
    [200, ocs(200, [share(null, 3)]), 'rubbish'],
    [200, ocs(200, [share('1', '3')]), 'rubbish'],
    [500, ocs(996), 'rubbish']
  ] as const) {
    status = said
    body = text
    t.equal(await variantOf(nextcloud.listShares(session)), variant, `${said} ${text}`)
  }
})

t.test('a share that is locked is not taken for one that is gone', async (t) => {
  let deletion: [number, string] | 'cut' = [200, ocs(200)]
  let isThere = true
  const { nextcloud, session } = await told(t, (request, response) => {
    if (request.method === 'GET') return response.end(isThere ? ocs(200, [{}]) : ocs(404))
    if (deletion === 'cut') return request.socket.destroy()
    response.writeHead(deletion[0]).end(deletion[1])
  })
  const remove = () => variantOf(nextcloud.deleteShare(session, '13'))
  t.equal(await nextcloud.deleteShare(session, '13'), true)
  deletion = [404, ocs(404)]
  t.equal(await remove(), 'busy')
  isThere = false
  t.equal(await nextcloud.deleteShare(session, '13'), false)
  deletion = [403, ocs(403)]
  t.equal(await remove(), 'not-allowed')
  deletion = [401, ocs(997)]
  t.equal(await remove(), 'session-gone')
  for (const said of ['cut', [200, ''], [500, ocs(996)], [502, '<html>']] as const) {
    deletion = said as typeof deletion
    t.equal(await remove(), 'effect-unknown', String(said))
  }
})

t.test('AppAPI credentials are sent on request only, and only a session that passes is one', async (t) => {
  let passes = true
  let challenged = true
  let said = ocs(200, 1)
  const answer: Told = (request, response) => {
    if (request.url!.includes('/ex-app/state')) return response.end(said)
    const location = challenged ? '/login/setupchallenge' : '/apps/dashboard/'
    if (request.method === 'POST')
      return response.writeHead(303, { location, 'set-cookie': 'nc_session=1' }).end()
    if (passes) return response.end(state('app_tokens', [own]))
    response.writeHead(303, { location: '/login/selectchallenge?redirect_url=/x' }).end()
  }
  const { nextcloud, calls } = await told(t, answer, { appApi })
  const logIn = (options?: { pastSecondFactor?: boolean }) =>
    nextcloud.logIn('anna', new Secret('x'), 'Locksmith', options)
  const logIns = () => calls.filter(({ method }) => method === 'POST')
  const sent = () => logIns().at(-1)!.headers

  t.same(await logIn(), { kind: 'second-factor', appApi: 'not-sent' })
  t.equal(sent()['ex-app-id'], undefined)
  t.equal(sent()['authorization-app-api'], undefined)
  t.match(await logIn({ pastSecondFactor: true }), { kind: 'ok', session: { userId: 'anna' } })
  t.match(sent(), {
    'ex-app-id': 'locksmith',
    'ex-app-version': '1.0.0',
    'authorization-app-api': Buffer.from(':a-shared-secret').toString('base64')
  })
  t.equal(calls.at(-1)!.headers['ex-app-id'], undefined, 'the log-in is enough')
  t.equal(calls.at(-1)!.headers.cookie, 'nc_session=1')

  passes = false
  t.same(await logIn({ pastSecondFactor: true }), { kind: 'second-factor', appApi: 'refused' })
  challenged = false
  t.match(await logIn({ pastSecondFactor: true }), { kind: 'ok' }, 'who has no second factor needs none')

  const before = logIns().length
  for (const answer of [ocs(200, 0), ocs(997)]) {
    said = answer
    t.equal(await variantOf(logIn({ pastSecondFactor: true })), 'credentials-refused')
  }
  t.equal(logIns().length, before, 'nobody is logged in who would not pass')
  const asked = calls.length
  t.equal(await variantOf(logIn({ pastSecondFactor: true })), 'credentials-refused')
  t.equal(calls.length, asked, 'and a refused secret is not sent again')
})

t.test('without AppAPI a second factor is not passed, and nothing is tried', async (t) => {
  const { nextcloud, calls } = await told(t, (_request, response) =>
    response.writeHead(303, { location: '/login/challenge/totp' }).end()
  )
  t.equal(await nextcloud.appApiState(), 'not-configured')
  t.same(await nextcloud.logIn('anna', new Secret('x'), 'Locksmith', { pastSecondFactor: true }), {
    kind: 'second-factor',
    appApi: 'not-sent'
  })
  t.equal(calls.length, 1)
})

t.test('whether AppAPI credentials work is known before they are needed', async (t) => {
  let status = 200
  let body = ocs(200, 1)
  const { nextcloud, calls } = await told(t, (_request, response) => response.writeHead(status).end(body), {
    appApi
  })
  t.equal(await nextcloud.appApiState(), 'ready')
  body = ocs(200, 0)
  t.equal(await nextcloud.appApiState(), 'disabled')
  status = 404
  body = ocs(998)
  t.equal(await nextcloud.appApiState(), 'refused', 'the app AppAPI is not there')
  status = 200
  body = ''
  t.equal(await variantOf(nextcloud.appApiState()), 'rubbish')
  status = 401
  body = ocs(997)
  t.equal(await nextcloud.appApiState(), 'refused')
  const before = calls.length
  t.equal(await nextcloud.appApiState(), 'refused')
  t.equal(calls.length, before, 'and not asked again')
})

t.test('a password change kills reset links from 32 on', async (t) => {
  t.same(['31.0.2', '32.0.0', '33.0.3', '34.0.1', '100.0.0'].map(killsResetLinks), [
    false,
    true,
    true,
    true,
    true
  ])
})
