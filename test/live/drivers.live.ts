/**
 * What the drivers beside Nextcloud's HTTP promise, on a real one: NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and
 * NEXTCLOUD_ADMIN_PASSWORD, with LIVE_OCC_COMMAND (as OCC_COMMAND), LIVE_DATABASE_URL (as NEXTCLOUD_DATABASE_URL) and
 * LIVE_TABLE_PREFIX. Users are made for it and deleted again.
 */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import type { RevocationDriver } from '../../src/revocation/driver.ts'
import { occDriver } from '../../src/revocation/occ.ts'
import { sqlDriver } from '../../src/revocation/sql.ts'
import { failureOf, freeFence } from '../conformance/subject.ts'
import { people } from './person.ts'

const { LIVE_OCC_COMMAND, LIVE_DATABASE_URL, LIVE_TABLE_PREFIX, ...env } = process.env
const { nextcloud, occ, nextcloudDatabase } = readConfig({
  ...env,
  OCC_COMMAND: LIVE_OCC_COMMAND,
  NEXTCLOUD_DATABASE_URL: LIVE_DATABASE_URL,
  NEXTCLOUD_TABLE_PREFIX: LIVE_TABLE_PREFIX
})
if (!nextcloud) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const url = nextcloud.url.href.replace(/\/$/, '')
const live = people({ url, admin: nextcloud.admins[0]! })

async function createUser(t: Test) {
  const user = `drv-${randomBytes(5).toString('hex')}`
  const password = `First-${randomBytes(12).toString('base64url')}-1`
  await live.asAdmin('POST', '/cloud/users', { userid: user, password, email: `${user}@example.test` })
  t.teardown(() => live.removeUser(user))
  return { user, password }
}

const revoke = (driver: RevocationDriver, userId: string, which: object = {}) =>
  driver.revoke({
    operationId: 'live',
    userId,
    which,
    fence: freeFence,
    progress: null,
    saveProgress: async () => {},
    onLogin: async () => {}
  })

/** @param make with as long a wait for Nextcloud's cache; without: as it is by default */
function promises(t: Test, make: (cacheMs?: number) => RevocationDriver, knowsUsers: boolean): void {
  const quick = make(100)

  t.test('it works here', async (t) => t.same(await quick.probe(), { works: true }))

  t.test('what was used until now is dead when it is said, and when the person is back', async (t) => {
    const who = await createUser(t)
    const session = (await live.logIn(who, 'Firefox'))!
    const app = await live.appPassword(who)
    await live.forgotPassword(who.user)
    t.equal(await quick.hasResetLink!(who.user), true)
    // In use until it dies, as by a client that does not let go: so it stays in the cache as long as it can. Not once
    // more: an app password that is dead counts as a failed log-in.
    const used = [session, app].map(async (credential) => {
      for (;;) {
        const status = await live.whoAmI(credential)
        if (status !== 200) return { status, at: Date.now() }
        await sleep(400)
      }
    })
    await sleep(1_000)
    t.match(await revoke(make(), who.user), {
      kind: 'revoked',
      revoked: { sessions: 1, appPasswords: 1 },
      remaining: 0,
      earlierResetLink: 'dead'
    })
    const said = Date.now()
    for (const { status, at } of await Promise.all(used)) {
      t.equal(status, 401)
      t.ok(at <= said + 500, `dead ${said - at} ms before it is said`)
    }
    t.ok(await live.logIn(who, 'Safari'), 'the person logs in anew')
    for (const credential of [session, app]) t.equal(await live.whoAmI(credential), 401, 'still')
    t.match(await quick.list!(who.user), [{ kind: 'session' }])
    t.equal(await quick.hasResetLink!(who.user), false)
  })

  t.test('one kind, one token, and what was not used lately', async (t) => {
    const who = await createUser(t)
    const session = (await live.logIn(who, 'Firefox'))!
    const [first, second] = [await live.appPassword(who), await live.appPassword(who)]
    t.match(await revoke(quick, who.user, { kind: 'session' }), {
      revoked: { sessions: 1, appPasswords: 0 },
      kept: { appPasswords: 2 }
    })
    t.match(await revoke(quick, who.user, { lastUsedBefore: new Date(Date.now() - 3_600_000) }), {
      revoked: { sessions: 0, appPasswords: 0 },
      kept: { appPasswords: 2 }
    })
    const [token] = (await quick.list!(who.user)).sort((a, b) => a.id - b.id)
    t.match(await revoke(quick, who.user, { tokenId: token!.id }), {
      revoked: { appPasswords: 1 },
      kept: { appPasswords: 1 }
    })
    await sleep(11_000)
    t.equal(await live.whoAmI(session), 401)
    t.equal(await live.whoAmI(first), 401)
    t.equal(await live.whoAmI(second), 200, 'kept, as it was said')
  })

  t.test('a device that was told to wipe still learns of it', async (t) => {
    const who = await createUser(t)
    const app = await live.appPassword(who)
    await live.asAdmin('POST', `/cloud/users/${who.user}/wipe`)
    await live.appPassword(who)
    t.match(await revoke(quick, who.user), { revoked: { appPasswords: 1 }, remaining: 0, wipePending: 1 })
    const check = await fetch(`${url}/index.php/core/wipe/check`, {
      method: 'POST',
      body: new URLSearchParams({ token: app.password })
    })
    t.same(await check.json(), { wipe: true })
  })

  t.test('a disabled user', async (t) => {
    const who = await createUser(t)
    await live.appPassword(who)
    await live.asAdmin('PUT', `/cloud/users/${who.user}/disable`)
    t.match(await revoke(quick, who.user), { revoked: { appPasswords: 1 }, remaining: 0 })
  })

  t.test('ids reach it as they are', async (t) => {
    const { user } = await createUser(t)
    const ids = [`${user} `, user.toUpperCase(), '-x', '--help', '--delete', "drv' $(touch x)", 'drv;`x`"\\']
    for (const id of ids) {
      if (knowsUsers) t.equal(await failureOf(quick.list!(id)), 'unknown-user', id)
      else t.same(await quick.list!(id), [], id)
    }
  })
}

t.test('occ', { skip: !occ && 'LIVE_OCC_COMMAND is not set' }, async (t) => {
  promises(t, (cacheMs) => occDriver({ ...occ!, ...(cacheMs !== undefined && { cacheMs }) }), true)
})

t.test('the database', { skip: !nextcloudDatabase && 'LIVE_DATABASE_URL is not set' }, async (t) => {
  const made: { close(): Promise<void> }[] = []
  const make = (cacheMs?: number) => {
    const driver = sqlDriver({ ...nextcloudDatabase!, ...(cacheMs !== undefined && { cacheMs }) })
    made.push(driver)
    return driver
  }
  t.teardown(() => Promise.all(made.map((driver) => driver.close())))
  promises(t, make, false)
})
