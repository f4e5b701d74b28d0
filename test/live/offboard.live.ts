/**
 * A leaver on a real Nextcloud: as `reset.live.ts`, and optionally LIVE_OCC_COMMAND (as OCC_COMMAND) or LIVE_DATABASE_URL
 * (as NEXTCLOUD_DATABASE_URL, with LIVE_TABLE_PREFIX): then it is done without a log-in, too.
 */
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { serve } from '../support/locksmith.ts'
import { type Credential, people } from './person.ts'

const { nextcloud } = readConfig()
if (!nextcloud) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const live = people({ url: nextcloud.url.href.replace(/\/$/, ''), admin: nextcloud.admins[0]! })
const wait = { headers: { prefer: 'wait=60' } }
const { LIVE_OCC_COMMAND, LIVE_DATABASE_URL, LIVE_TABLE_PREFIX = 'oc_' } = process.env

const ways = {
  session: {},
  ...(LIVE_OCC_COMMAND && { occ: { occ: { command: LIVE_OCC_COMMAND.split(' '), timeoutMs: 30_000 } } }),
  ...(LIVE_DATABASE_URL && {
    sql: { nextcloudDatabase: { url: LIVE_DATABASE_URL, prefix: LIVE_TABLE_PREFIX } }
  })
}

/** Few credentials, each tried once when it is dead: an app password that is refused counts against our address. */
async function leaver(t: Test) {
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  const credentials = [await live.logIn(who, 'Firefox'), await live.appPassword(who)] as Credential[]
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 200, 'works before')
  return { ...who, credentials }
}

for (const [name, way] of Object.entries(ways)) {
  t.test(`by ${name}: nothing of a leaver comes back, not even when the user is enabled`, async (t) => {
    const { call } = await serve(t, { nextcloud, ways: way })
    const { user, credentials } = await leaver(t)
    const { body } = await call('POST', `/users/${user}/offboard`, wait)
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.match(body.outcome, {
      driver: { name },
      passwordReplaced: true,
      revoked: { sessions: 1, appPasswords: 1 },
      enabled: false,
      residualAccess: { tokens: 0, wipePending: 0, resetLink: 0 }
    })
    await live.asAdmin('PUT', `/cloud/users/${user}/enable`)
    for (const credential of credentials) t.equal(await live.whoAmI(credential), 401, 'dead when enabled')
  })
}

t.test('a leaver who is disabled already is let in for a moment, and is disabled in the end', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const { user, credentials } = await leaver(t)
  await live.asAdmin('PUT', `/cloud/users/${user}/disable`)
  const { body } = await call('POST', `/users/${user}/offboard`, wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.equal(body.outcome.windows.length, 1)
  t.equal((await call('GET', `/users/${user}/access`)).body.enabled, false)
  await live.asAdmin('PUT', `/cloud/users/${user}/enable`)
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 401)
})

t.test('nothing from before comes back with enable', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const { user, credentials } = await leaver(t)
  const off = await call('POST', `/users/${user}/disable`, wait)
  t.match(off.body, { state: 'succeeded', outcome: { enabled: false } })
  const on = await call('POST', `/users/${user}/enable`, { body: { mail: 'none' }, ...wait })
  t.match(
    on.body,
    { state: 'succeeded', outcome: { enabled: true, remaining: 0 } },
    JSON.stringify(on.body.problem)
  )
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 401, 'nor after')
})
