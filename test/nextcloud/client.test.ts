import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { createPool } from '../../src/db/pool.ts'
import { createNextcloud } from '../../src/nextcloud/client.ts'
import { NextcloudError } from '../../src/nextcloud/errors.ts'
import { isEnforcedFor } from '../../src/nextcloud/instance.ts'
import { parseEnvelope } from '../../src/nextcloud/ocs.ts'
import { initialState } from '../../src/nextcloud/page.ts'
import { Secret } from '../../src/secret.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'

/** A server that answers as it is told, and a client for it. */
async function lyingServer(t: Test, listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  let refusals = 0
  const databaseUrl = await testDatabase(t)
  const pool = createPool(databaseUrl, 10, testMark)
  const nextcloud = createNextcloud({
    url,
    publicUrl: url,
    admins: [{ user: 'admin', password: 'admin-password' }],
    databaseUrl,
    pool,
    circuit: { failuresToOpen: Number.POSITIVE_INFINITY, firstProbeSeconds: 1, mostProbeSeconds: 1 },
    log: { onRefused: () => refusals++, onAway: () => {}, onBack: () => {} }
  })
  t.teardown(async () => {
    await nextcloud.close()
    await pool.end()
    server.closeAllConnections()
    server.close()
  })
  return { nextcloud, refused: () => refusals }
}

const grant = { budgets: [], uses: [] }

const ocs = (data: unknown, statuscode = 200) =>
  JSON.stringify({ ocs: { meta: { status: 'x', statuscode, message: 'said' }, data } })
const user = (id: unknown, more = {}) => ({
  id,
  enabled: true,
  displayname: 'X',
  backendCapabilities: { setPassword: true },
  ...more
})

async function variantOf(asked: Promise<unknown>): Promise<string> {
  return asked.then(
    () => 'no error',
    (error) => (error instanceof NextcloudError ? error.variant : String(error))
  )
}

t.test('success is the OCS status code in parsed JSON, never the HTTP status', async (t) => {
  t.match(parseEnvelope(ocs({ a: 1 })), { statuscode: 200, data: { a: 1 } })
  for (const body of [
    '',
    '   ',
    'null',
    '[]',
    '{}',
    '{"ocs":{}}',
    '{"ocs":{"meta":{"statuscode":"200"}}}',
    '<html>',
    '{"ocs":{"meta":{"status":"ok"}}}'
  ]) {
    t.equal(parseEnvelope(body), undefined, body)
  }
  t.match(
    parseEnvelope(
      '<?xml version="1.0"?>\n<ocs><meta><statuscode>997</statuscode><message>Unauthorised</message></meta></ocs>'
    ),
    { statuscode: 997 }
  )
  t.equal(
    parseEnvelope('<?xml version="1.0"?><ocs><meta><statuscode>200</statuscode></meta></ocs>'),
    undefined,
    'XML is never a success'
  )
})

t.test('another user than the one asked for is never gone on with', async (t) => {
  const { nextcloud } = await lyingServer(t, (_request, response) => response.end(ocs(user('mallory'))))
  t.equal(await variantOf(nextcloud.getUser('anna')), 'rubbish')
  t.equal((await nextcloud.getUser('MALLORY')).id, 'mallory')
})

t.test('what a user’s details lack is never taken for a yes', async (t) => {
  let body = ''
  const { nextcloud } = await lyingServer(t, (_request, response) => response.end(body))
  for (const data of [null, [], {}, { id: '' }, { id: 'anna' }, { id: 'anna', enabled: 'yes' }]) {
    body = ocs(data)
    t.equal(await variantOf(nextcloud.getUser('anna')), 'rubbish', body)
  }
  body = ocs({ id: 'anna', enabled: true })
  t.match(await nextcloud.getUser('anna'), {
    canSetPassword: false,
    mailAddress: null,
    lastLogin: null,
    groups: []
  })
  body = ocs(
    user(4711, { email: 'a@example.org', notify_email: 'b@example.org', lastLogin: 1_700_000_000_000 })
  )
  t.match(await nextcloud.getUser('4711'), {
    id: '4711',
    mailAddress: 'b@example.org',
    lastLogin: new Date(1_700_000_000_000)
  })
})

t.test('every answer of a password PUT is named for what it means', async (t) => {
  let status = 200
  let body = ''
  const { nextcloud } = await lyingServer(t, (_request, response) => response.writeHead(status).end(body))
  const password = new Secret('a-random-password')
  const put = async (statuscode: number, message = '', http = 200) => {
    status = http
    body = JSON.stringify({ ocs: { meta: { statuscode, message }, data: [] } })
    return variantOf(nextcloud.setPassword('anna', password, grant))
  }
  t.equal(await put(200), 'no error')
  t.equal(await put(998, '', 404), 'unknown-user')
  t.equal(await put(112), 'cannot-set-password')
  t.equal(await put(107, 'too weak'), 'password-refused')
  t.equal(await put(101), 'password-refused')
  t.equal(await put(107, 'Can not decrypt the recovery key.'), 'no error', 'only a log-in tells')
  t.equal(await put(996, '', 500), 'effect-unknown')
  t.equal(await put(113), 'effect-unknown')
  t.equal(await put(403, 'Password confirmation is required', 403), 'password-confirmation')
  t.equal(await put(403, 'Logged in account must be an admin', 403), 'not-allowed')
  body = ''
  status = 200
  t.equal(await variantOf(nextcloud.setPassword('anna', password, grant)), 'effect-unknown', 'database down')
  body = JSON.stringify({
    ocs: { meta: { statuscode: 107, message: 'not a-random-password please' }, data: [] }
  })
  const error = await nextcloud.setPassword('anna', password, grant).catch((error) => error)
  t.notMatch(error.message, 'a-random-password', 'a password that Nextcloud repeats goes no further')
  t.equal(await put(429, 'Reached maximum delay', 429), 'busy', 'and then nothing is sent for a while')
})

t.test('a token list that is not whole is never taken for an empty one', async (t) => {
  let body = ''
  const { nextcloud } = await lyingServer(t, (_request, response) => response.end(body))
  const page = (tokens: unknown) =>
    `<input type="hidden" id="initial-state-settings-app_tokens" value="${Buffer.from(JSON.stringify(tokens)).toString('base64')}">`
  const session = {
    userId: 'anna',
    password: new Secret('x'),
    cookies: new Map(),
    name: 'Locksmith (test)',
    loggedIn: { from: new Date(), to: new Date() }
  }
  const own = { id: 1, name: 'Locksmith', type: 0, current: true }
  for (const [what, html] of [
    ['no state', '<html>'],
    ['empty', page([])],
    ['a token without a kind', page([own, { id: 2, name: 'x' }])],
    ['an id that is no number', page([own, { id: '2', name: 'x', type: 1 }])],
    ['no list', page({})]
  ] as const) {
    body = html
    t.equal(await variantOf(nextcloud.listTokens(session)), 'rubbish', what)
  }
  body = page([own, { id: 2, name: 'Phone', type: 1 }, { id: 3, name: 'Lost', type: 2 }])
  t.match(await nextcloud.listTokens(session), [
    { current: true },
    { kind: 'app-password' },
    { kind: 'wiped' }
  ])
  body = page([own, { id: 4, name: 'QR code', type: 3 }, { id: 5, name: 'of a later version', type: 9 }])
  t.match(
    await nextcloud.listTokens(session),
    [{ current: true }, { kind: 'app-password' }, { kind: 'app-password' }],
    'a kind that we do not know is access all the same'
  )
})

t.test('a wrong credential is sent once, however many ask at the same time', async (t) => {
  let received = 0
  const { nextcloud, refused } = await lyingServer(t, (_request, response) => {
    received++
    response.writeHead(401).end(ocs([], 997))
  })
  const asked = await Promise.all(Array.from({ length: 20 }, () => variantOf(nextcloud.getUser('anna'))))
  t.same([...new Set(asked)], ['credentials-refused'])
  t.equal(received, 1)
  t.equal(refused(), 1)
})

t.test('initial states are found whatever stands around them', async (t) => {
  const state = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64')
  const html = `<body><input type="hidden" id="initial-state-core-a" value="${state(true)}"><input value="${state('x')}" class="y" id="initial-state-core-ab" type="hidden"/></body>`
  const slow = performance.now()
  initialState('<input '.repeat(200_000), 'core-a')
  t.ok(performance.now() - slow < 1_000, 'also in what a broken proxy made')
  t.equal(initialState(html, 'core-a'), true)
  t.equal(initialState(html, 'core-ab'), 'x')
  t.equal(initialState(html, 'core-b'), undefined)
  t.equal(initialState('<input id="initial-state-core-a" value="!!">', 'core-a'), undefined)
})

t.test(
  'a second factor is enforced as Nextcloud decides it: enforced groups overrule excluded ones',
  async (t) => {
    const rule = (enforced: boolean, enforcedGroups: string[], excludedGroups: string[], groups: string[]) =>
      isEnforcedFor({ enforced, enforcedGroups, excludedGroups }, groups)
    t.equal(rule(false, ['a'], [], ['a']), false)
    t.equal(rule(true, [], [], []), true)
    t.equal(rule(true, ['a'], [], ['b']), false)
    t.equal(rule(true, ['a'], ['a'], ['a']), true)
    t.equal(rule(true, [], ['a'], ['a']), false)
    t.equal(rule(true, [], ['a'], ['b']), true)
  }
)
