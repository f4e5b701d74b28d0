/**
 * What off-boarding builds on, on a real Nextcloud: the variables of reset.live.ts, and optionally
 * LIVE_APPAPI_ID, LIVE_APPAPI_VERSION and LIVE_APPAPI_SECRET (an ExApp that is registered and enabled), and
 * LIVE_NEXTCLOUD_DATABASE_URL (its PostgreSQL, to plant a passkey, which takes an authenticator otherwise).
 */
import { randomBytes } from 'node:crypto'
import pg from 'pg'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import type { Session } from '../../src/nextcloud/session.ts'
import { Secret } from '../../src/secret.ts'
import { clientOf, variantOf } from '../support/nextcloud.ts'
import { type Credential, people } from './person.ts'

const { nextcloud: target } = readConfig()
if (!target) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const live = people({ url: target.url.href.replace(/\/$/, ''), admin: target.admins[0]! })
const { LIVE_APPAPI_ID, LIVE_APPAPI_VERSION, LIVE_APPAPI_SECRET, LIVE_NEXTCLOUD_DATABASE_URL } = process.env
const appApi =
  LIVE_APPAPI_ID && LIVE_APPAPI_VERSION && LIVE_APPAPI_SECRET
    ? { id: LIVE_APPAPI_ID, version: LIVE_APPAPI_VERSION, secret: LIVE_APPAPI_SECRET }
    : undefined

async function setUp(t: Test) {
  const nextcloud = await clientOf(t, { ...target!, ...(appApi && { appApi }) })
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user).catch(() => {}))
  const logIn = (options?: { pastSecondFactor: boolean }) =>
    nextcloud.logIn(who.user, new Secret(who.password), 'Locksmith', options)
  return { nextcloud, who, id: who.user, logIn }
}

async function sessionOf(asked: ReturnType<Awaited<ReturnType<typeof setUp>>['logIn']>): Promise<Session> {
  const login = await asked
  if (login.kind !== 'ok') throw new Error(`the log-in came to ${login.kind}`)
  return login.session
}

t.test('while a user is disabled every credential is dead, and each is back once enabled', async (t) => {
  const { nextcloud, who, id } = await setUp(t)
  const credentials: Credential[] = [who, (await live.logIn(who, 'Firefox'))!, await live.appPassword(who)]
  // The password itself is not tried while disabled: that counts as a failed log-in.
  const [, ...tried] = credentials
  await nextcloud.disableUser(id)
  await nextcloud.disableUser(id)
  t.equal((await nextcloud.getUser(id)).enabled, false)
  for (const credential of tried) t.equal(await live.whoAmI(credential), 401)
  await nextcloud.enableUser(id)
  await nextcloud.enableUser(id)
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 200)
})

t.test('a device learns that it is to be wiped while its user is disabled', async (t) => {
  const { nextcloud, who, id } = await setUp(t)
  const device = await live.appPassword(who)
  t.equal(await live.mustWipe(device.password), false)
  await nextcloud.disableUser(id)
  await nextcloud.wipeDevices(id)
  t.equal(await live.mustWipe(device.password), true)
  await nextcloud.enableUser(id)
  t.equal(await live.mustWipe(device.password), true, 'and still when the user is back')
})

t.test('a deleted user is gone with the files, and deleting again says that nobody is there', async (t) => {
  const { nextcloud, id } = await setUp(t)
  t.equal(await nextcloud.deleteUser(id), 'deleted')
  t.equal(await nextcloud.deleteUser(id), 'not-there')
  t.equal(await variantOf(nextcloud.getUser(id)), 'unknown-user')
  for (const change of [nextcloud.disableUser, nextcloud.enableUser, nextcloud.wipeDevices])
    t.equal(await variantOf(change(id)), 'unknown-user')
})

t.test('who has the id of nobody as mail address is not deleted in the place of nobody', async (t) => {
  const { nextcloud, id } = await setUp(t)
  t.equal(await nextcloud.deleteUser(`${id}@example.test`), 'not-there')
  t.equal((await nextcloud.getUser(id)).id, id)
})

t.test('groups of any name are joined and left, and no group is left twice without harm', async (t) => {
  const { nextcloud, id } = await setUp(t)
  const suffix = randomBytes(3).toString('hex')
  const groups = [`a/b ${suffix}`, `50% & more ${suffix}`, `ü+#?"'<>${suffix}`]
  for (const group of groups) {
    await live.asAdmin('POST', '/cloud/groups', { groupid: group })
    t.teardown(() => live.removeGroup(group))
    t.equal(await nextcloud.addToGroup(id, group), 'added')
    t.equal(await nextcloud.addToGroup(id, group), 'added', 'a member already')
  }
  t.same((await nextcloud.getUser(id)).groups.toSorted(), groups.toSorted())
  for (const group of groups) await nextcloud.removeFromGroup(id, group)
  for (const group of groups) await nextcloud.removeFromGroup(id, group)
  t.same((await nextcloud.getUser(id)).groups, [])
  await nextcloud.removeFromGroup(id, `no-such-group-${suffix}`)
  t.equal(await nextcloud.addToGroup(id, `no-such-group-${suffix}`), 'unknown-group')
  t.equal(await variantOf(nextcloud.addToGroup(`nobody-${suffix}`, 'admin')), 'unknown-user')
  t.equal(await variantOf(nextcloud.removeFromGroup(`nobody-${suffix}`, 'admin')), 'unknown-user')
})

t.test(
  'a second factor that an admin can remove is gone, and one that nobody knows is no harm',
  async (t) => {
    const { nextcloud, who, id, logIn } = await setUp(t)
    if (!(await live.enableTotp((await live.logIn(who, 'Firefox'))!)))
      return t.comment('this server has no TOTP')
    t.same(await nextcloud.twoFactorProviders(id), ['totp'])
    t.same(await logIn(), { kind: 'second-factor', appApi: 'not-sent' })
    await nextcloud.removeSecondFactors(id, ['of-an-app-that-is-gone', 'totp'])
    t.same(await nextcloud.twoFactorProviders(id), [])
    t.match(await logIn(), { kind: 'ok' })
    t.equal(await variantOf(nextcloud.removeSecondFactors(`${id}-not`, ['totp'])), 'unknown-user')
  }
)

t.test('what a user shares is found wherever it lies, and is gone after it was ended', async (t) => {
  const { nextcloud, who, logIn } = await setUp(t)
  const colleague = await live.createUser()
  t.teardown(() => live.removeUser(colleague.user))
  await live.files(who, 'MKCOL', '/Plans')
  await live.files(who, 'MKCOL', '/Plans/Secret')
  await live.files(who, 'PUT', '/Plans/Secret/2027.txt')
  const link = await live.share(who, { path: '/Plans/Secret/2027.txt', shareType: '3' })
  await live.share(who, { path: '/Plans', shareType: '0', shareWith: colleague.user, permissions: '31' })
  const theirs = await live.share(colleague, { path: '/Plans', shareType: '3' })
  t.equal(await live.opens(link.token), 200)

  const session = await sessionOf(logIn())
  const shares = await nextcloud.listShares(session)
  t.same(shares.map(({ kind, path }) => `${kind} ${path}`).toSorted(), [
    'internal /Plans',
    'public-link /Plans/Secret/2027.txt'
  ])
  for (const { id } of shares) t.equal(await nextcloud.deleteShare(session, id), true)
  for (const { id } of shares) t.equal(await nextcloud.deleteShare(session, id), false, 'not there any more')
  t.same(await nextcloud.listShares(session), [])
  t.equal(await live.opens(link.token), 404)
  t.equal(await live.opens(theirs.token), 404, 'nor what others made of it')
})

t.test('a session that was ended, and one of a disabled user, are told from an empty list', async (t) => {
  const { nextcloud, id, logIn } = await setUp(t)
  const ended = await sessionOf(logIn())
  const disabled = await sessionOf(logIn())
  const { tokens } = await nextcloud.look(ended)
  t.match(tokens.find(({ current }) => current)!.lastActivity, Date)
  await nextcloud.deleteToken(ended, tokens.find(({ current }) => current)!.id)
  await nextcloud.disableUser(id)
  for (const session of [ended, disabled]) {
    t.equal(await variantOf(nextcloud.listShares(session)), 'session-gone')
    t.equal(await variantOf(nextcloud.deleteShare(session, '1')), 'session-gone')
  }
  t.equal(await variantOf(nextcloud.look(ended)), 'session-gone')
})

t.test('a passkey is listed and deleted, and the others stay', async (t) => {
  if (!LIVE_NEXTCLOUD_DATABASE_URL) return t.comment('LIVE_NEXTCLOUD_DATABASE_URL is not set')
  const { nextcloud, id, logIn } = await setUp(t)
  const db = new pg.Client({ connectionString: LIVE_NEXTCLOUD_DATABASE_URL })
  await db.connect()
  for (const name of ['Yubikey "blue"', 'Phone']) {
    await db.query(
      `INSERT INTO oc_webauthn (uid, name, public_key_credential_id, data) VALUES ($1, $2, $3, '{}')`,
      [id, name, randomBytes(16).toString('base64')]
    )
  }
  await db.end()
  const session = await sessionOf(logIn())
  const { passkeys } = await nextcloud.look(session)
  t.same(passkeys.map(({ name }) => name).toSorted(), ['Phone', 'Yubikey "blue"'])
  t.equal(await nextcloud.deletePasskey(session, passkeys[0]!.id), true)
  t.equal(await nextcloud.deletePasskey(session, passkeys[0]!.id), false)
  t.same((await nextcloud.look(session)).passkeys, [passkeys[1]])
})

t.test('with AppAPI a log-in passes a second factor, which stays as it is', async (t) => {
  const { nextcloud, who, id, logIn } = await setUp(t)

  if (!appApi) return t.comment('LIVE_APPAPI_ID, LIVE_APPAPI_VERSION and LIVE_APPAPI_SECRET are not set')
  t.equal(await nextcloud.appApiState(), 'ready')
  t.match(await logIn({ pastSecondFactor: true }), { kind: 'ok' }, 'also who has none')
  if (!(await live.enableTotp((await live.logIn(who, 'Firefox'))!)))
    return t.comment('this server has no TOTP')
  const session = await sessionOf(logIn({ pastSecondFactor: true }))
  const tokens = await nextcloud.listTokens(session)
  t.equal(tokens.length, 3)
  const other = tokens.find(({ current }) => !current)!
  t.equal(await nextcloud.deleteToken(session, other.id), true)
  t.same(await nextcloud.listShares(session), [])
  t.same(await nextcloud.twoFactorProviders(id), ['totp'])
})

t.test('wrong AppAPI credentials never end in a log-in that counts as one', async (t) => {
  if (!appApi) return t.comment('LIVE_APPAPI_ID, LIVE_APPAPI_VERSION and LIVE_APPAPI_SECRET are not set')
  const { who } = await setUp(t)
  const nextcloud = await clientOf(t, { ...target!, appApi: { ...appApi, secret: 'wrong' } })
  if (!(await live.enableTotp((await live.logIn(who, 'Firefox'))!)))
    return t.comment('this server has no TOTP')
  const logIn = () =>
    nextcloud.logIn(who.user, new Secret(who.password), 'Locksmith', { pastSecondFactor: true })
  t.equal(await variantOf(logIn()), 'credentials-refused')
  t.equal(await variantOf(logIn()), 'credentials-refused', 'and is not sent again')
  t.equal(await nextcloud.appApiState(), 'refused')
})

t.test('the version is known', async (t) => {
  const { nextcloud } = await setUp(t)
  t.match((await nextcloud.instance()).version, /^\d+\.\d+\.\d+$/)
})
