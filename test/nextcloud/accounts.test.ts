import t, { type Test } from 'tap'
import type { FencedNextcloud } from '../../src/nextcloud/client.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import type { NextcloudVersion } from '../../src/sandbox/model/quirks.ts'
import { clientOf, scripted, variantOf } from '../support/nextcloud.ts'

async function withSandbox(t: Test, version: NextcloudVersion = 34) {
  const sandbox = await startSandbox({ version })
  t.teardown(() => sandbox.close())
  const url = new URL(sandbox.url)
  const nextcloud = await clientOf(t, { url, publicUrl: url, admins: [sandbox.admin] })
  sandbox.createUser({ id: 'anna', groups: ['staff'], twoFactor: ['totp'] })
  return { sandbox, nextcloud, url }
}

const ocs = (statuscode: number, data: unknown = [], message = '') =>
  JSON.stringify({ ocs: { meta: { statuscode, message }, data } })

/** Everything that changes anna, one call each. */
const changesOf = (nextcloud: FencedNextcloud): (() => Promise<unknown>)[] => [
  () => nextcloud.disableUser('anna'),
  () => nextcloud.enableUser('anna'),
  () => nextcloud.wipeDevices('anna'),
  () => nextcloud.deleteUser('anna'),
  () => nextcloud.addToGroup('anna', 'staff'),
  () => nextcloud.removeFromGroup('anna', 'staff'),
  () => nextcloud.removeSecondFactors('anna', ['totp'])
]

t.test('a disabled user is disabled, an enabled one enabled, however often it is asked', async (t) => {
  const { nextcloud } = await withSandbox(t)
  for (const _ of [1, 2]) {
    await nextcloud.disableUser('anna')
    t.equal((await nextcloud.getUser('anna')).enabled, false)
  }
  for (const _ of [1, 2]) {
    await nextcloud.enableUser('anna')
    t.equal((await nextcloud.getUser('anna')).enabled, true)
  }
})

t.test('nobody is an unknown user to every change, and not there to a deletion', async (t) => {
  const { nextcloud } = await withSandbox(t)
  for (const change of [nextcloud.disableUser, nextcloud.enableUser, nextcloud.wipeDevices])
    t.equal(await variantOf(change('nobody')), 'unknown-user')
  t.equal(await variantOf(nextcloud.addToGroup('nobody', 'staff')), 'unknown-user')
  t.equal(await variantOf(nextcloud.removeFromGroup('nobody', 'staff')), 'unknown-user')
  t.equal(await variantOf(nextcloud.removeSecondFactors('nobody', ['totp'])), 'unknown-user')
  t.equal(await nextcloud.deleteUser('nobody'), 'not-there')
})

t.test('a user is deleted once', async (t) => {
  const { nextcloud, sandbox } = await withSandbox(t)
  t.equal(await nextcloud.deleteUser('anna'), 'deleted')
  t.equal(await nextcloud.deleteUser('anna'), 'not-there')
  t.notOk(sandbox.users().some(({ id }) => id === 'anna'))
})

t.test('wiped devices keep their mark while the user is disabled', async (t) => {
  const { nextcloud, sandbox } = await withSandbox(t)
  sandbox.createAppPassword('anna', 'Phone')
  await nextcloud.disableUser('anna')
  await nextcloud.wipeDevices('anna')
  t.match(sandbox.tokens('anna'), [{ name: 'Phone', type: 2 }])
})

t.test('a group is joined and left whatever its name, and one that is not there is said to be', async (t) => {
  const { nextcloud, sandbox } = await withSandbox(t)
  for (const group of ['a/b', '50% & more', 'ü+#?"']) {
    sandbox.createGroup(group)
    t.equal(await nextcloud.addToGroup('anna', group), 'added')
    t.same((await nextcloud.getUser('anna')).groups, ['staff', group])
    await nextcloud.removeFromGroup('anna', group)
    await nextcloud.removeFromGroup('anna', group)
    t.same((await nextcloud.getUser('anna')).groups, ['staff'])
  }
  t.equal(await nextcloud.addToGroup('anna', 'no-such-group'), 'unknown-group')
  await nextcloud.removeFromGroup('anna', 'no-such-group')
})

t.test('a second factor is removed, and what an admin cannot remove is named', async (t) => {
  const { nextcloud } = await withSandbox(t)
  await nextcloud.removeSecondFactors('anna', ['totp'])
  t.same(await nextcloud.twoFactorProviders('anna'), [])

  const tried: (string | null)[] = []
  const states: Record<string, boolean> = { totp: true, u2f: true, lost: true, backup_codes: true }
  const url = await scripted(t, async (request, response) => {
    if (request.method === 'GET') return response.end(ocs(200, states))
    const provider = new URLSearchParams((await request.toArray()).join('')).get('providers[]')!
    tried.push(provider)
    // As real ones answer: a provider that does not let an admin, and one whose app is gone.
    if (provider === 'lost') return response.writeHead(500).end(ocs(996, [], 'Internal Server Error\n'))
    if (provider === 'totp') states.totp = false
    return response.end(ocs(200, states))
  })
  const stubborn = await clientOf(t, { url, publicUrl: url, admins: [{ user: 'admin', password: 'x' }] })
  const error = await stubborn.removeSecondFactors('anna', ['lost', 'u2f', 'totp']).catch((error) => error)
  t.equal(error.variant, 'second-factor-kept')
  t.match(error.message, 'u2f, lost')
  t.notMatch(error.message, 'totp')
  t.same(tried, ['lost', 'u2f', 'totp'], 'the first that fails keeps none of the others')
})

t.test('who has the id of nobody as mail address is left alone', async (t) => {
  let changes = 0
  const url = await scripted(t, (request, response) => {
    if (request.method === 'GET') return response.end(ocs(200, { id: 'boss', enabled: true }))
    changes++
    response.end(ocs(200))
  })
  const nextcloud = await clientOf(t, { url, publicUrl: url, admins: [{ user: 'admin', password: 'x' }] })
  t.equal(await variantOf(nextcloud.getUser('anna@example.org')), 'unknown-user')
  t.equal(await nextcloud.deleteUser('anna@example.org'), 'not-there')
  t.equal(await variantOf(nextcloud.deleteUser('anna')), 'rubbish')
  t.equal(changes, 0)
})

t.test('on 34 an app password of the admin changes nothing, and that is said', async (t) => {
  const { sandbox, url } = await withSandbox(t)
  const { password } = sandbox.createAppPassword(sandbox.admin.user, 'Locksmith')
  const nextcloud = await clientOf(t, {
    url,
    publicUrl: url,
    admins: [{ user: sandbox.admin.user, password }]
  })
  for (const change of changesOf(nextcloud)) t.equal(await variantOf(change()), 'password-confirmation')
  t.match(await nextcloud.getUser('anna'), { enabled: true, groups: ['staff'] })
})

t.test('an account that may not change users leaves it to one that may', async (t) => {
  const { sandbox, url } = await withSandbox(t)
  const { password } = sandbox.createAppPassword(sandbox.admin.user, 'Locksmith')
  sandbox.createUser({ id: 'second', password: 'Second-Password-4711', groups: ['admin'] })
  const nextcloud = await clientOf(t, {
    url,
    publicUrl: url,
    admins: [
      { user: sandbox.admin.user, password },
      { user: 'second', password: 'Second-Password-4711' }
    ]
  })
  t.equal(await variantOf(nextcloud.disableUser('anna')), 'busy', 'to be tried again')
  await nextcloud.disableUser('anna')
  t.equal((await nextcloud.getUser('anna')).enabled, false)
})

t.test('whatever is not a plain answer leaves the effect of a change unknown', async (t) => {
  let answer: 'cut' | { status: number; body: string } = 'cut'
  const url = await scripted(t, (request, response) => {
    if (request.method === 'GET') return response.end(ocs(200, { id: 'anna', enabled: true }))
    if (answer === 'cut') return request.socket.destroy()
    response.writeHead(answer.status).end(answer.body)
  })
  const nextcloud = await clientOf(t, { url, publicUrl: url, admins: [{ user: 'admin', password: 'x' }] })
  const changes = () => Promise.all(changesOf(nextcloud).map((change) => variantOf(change())))
  for (const said of [
    'cut',
    { status: 200, body: '' },
    { status: 502, body: '<html>' },
    { status: 200, body: ocs(777) }
  ] as const) {
    answer = said
    t.same([...new Set(await changes())], ['effect-unknown'], JSON.stringify(said))
  }
  answer = { status: 403, body: ocs(403, [], 'Logged in account must be an admin') }
  t.same([...new Set(await changes())], ['not-allowed'])
  answer = { status: 500, body: ocs(996) }
  t.equal(await variantOf(nextcloud.disableUser('anna')), 'effect-unknown')
  answer = { status: 400, body: ocs(101) }
  t.equal(await variantOf(nextcloud.deleteUser('anna')), 'not-allowed', 'its directory keeps the account')
  t.equal(await variantOf(nextcloud.wipeDevices('anna')), 'effect-unknown', 'of ourselves it is never asked')
})

t.test('nothing is changed for whom others took over', async (t) => {
  const { nextcloud } = await withSandbox(t)
  const lost = new Error('lost')
  const fenced = nextcloud.behind({ confirm: () => Promise.reject(lost), isFresh: () => true })
  for (const change of changesOf(fenced)) await t.rejects(change(), lost)
  t.match(await nextcloud.getUser('anna'), { enabled: true, groups: ['staff'] })
})
