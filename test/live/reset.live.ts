/**
 * The promises on a real Nextcloud: NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER, NEXTCLOUD_ADMIN_PASSWORD, and
 * optionally NEXTCLOUD_PUBLIC_URL (a trusted domain) and LIVE_SMTP_SINK: a file to which the server's mail
 * is written, one JSON object `{to: […], text}` a line. Users are made for it and deleted again.
 */
import { readFileSync } from 'node:fs'
import t, { type Test } from 'tap'
import { readConfig } from '../../src/config.ts'
import { eventually, refusalOf, serve } from '../support/locksmith.ts'
import { type Credential, people } from './person.ts'

const { nextcloud } = readConfig()
const sink = process.env.LIVE_SMTP_SINK
if (!nextcloud) {
  t.fail('set NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER and NEXTCLOUD_ADMIN_PASSWORD')
  process.exit(1)
}
const live = people({ url: nextcloud.url.href.replace(/\/$/, ''), admin: nextcloud.admins[0]! })
const wait = { headers: { prefer: 'wait=60' } }

/** The links of the reset mails to an address, oldest first. */
function linksTo(address: string): string[] {
  return readFileSync(sink!, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { to: string[]; text: string })
    .filter(({ to }) => to.includes(address))
    .flatMap(({ text }) => text.match(/https?:\/\/\S+\/lostpassword\/reset\/form\/\S+/) ?? [])
}

async function userWithAccess(t: Test) {
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  const sessions = [await live.logIn(who, 'Firefox'), await live.logIn(who, 'Safari')]
  const apps = [await live.appPassword(who), await live.appPassword(who), await live.appPassword(who)]
  const credentials = [...sessions, ...apps] as Credential[]
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 200, 'works before')
  return { ...who, email: `${who.user}@example.test`, credentials, sessions: sessions as Credential[], apps }
}

t.test('nothing that worked before a reset works after, nor when the user is back', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const { user, email, credentials } = await userWithAccess(t)
  await live.forgotPassword(user)
  const early = sink
    ? (
        await eventually(
          () => linksTo(email),
          (links) => links.length === 1
        )
      )[0]!
    : undefined

  const { status, body } = await call('POST', `/users/${user}/reset`, {
    ...wait,
    body: { mail: sink ? 'nextcloud' : 'none' }
  })
  t.equal(status, 200, JSON.stringify(body.problem))
  t.match(body, {
    state: 'succeeded',
    outcome: {
      passwordReplaced: true,
      revoked: { sessions: 2, appPasswords: 3 },
      remaining: 0,
      earlierResetLink: 'dead'
    }
  })
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 401, 'dead after')
  if (!sink) return t.comment('LIVE_SMTP_SINK is not set: the mail is not looked at')

  t.match(body.outcome.mail, { via: 'nextcloud', delivery: 'requested', to: email })
  const links = await eventually(
    () => linksTo(email),
    (links) => links.length === 2
  )
  const link = new URL(links[1]!)
  t.equal(link.origin, nextcloud.publicUrl.origin, 'the link leads where people can reach it')
  t.match(
    await live.useLink(early!, 'Stolen-Password-4711'),
    { status: 'error' },
    'a link mailed earlier is dead'
  )
  t.match(await live.useLink(link.href, 'Second-Password-4711'), { status: 'success' })
  t.ok(await live.logIn({ user, password: 'Second-Password-4711' }, 'Firefox'), 'the user is back')
  for (const credential of credentials) t.equal(await live.whoAmI(credential), 401, 'still dead')
})

t.test('revoke: "sessions" ends browser sessions and says that app passwords are kept', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const { user, sessions, apps } = await userWithAccess(t)
  const { body } = await call('POST', `/users/${user}/reset`, {
    ...wait,
    body: { mail: 'none', revoke: 'sessions' }
  })
  t.match(body, {
    state: 'succeeded',
    outcome: {
      revoked: { sessions: 2, appPasswords: 0 },
      remaining: 0,
      kept: { appPasswords: 3 },
      mail: { delivery: 'not-requested' }
    }
  })
  for (const session of sessions) t.equal(await live.whoAmI(session), 401)
  // Nextcloud checks an app password against the account's only every five minutes.
  t.equal(await live.whoAmI(apps[0]!), 200, 'kept, as it was said')
})

t.test('our own log-in is not reported as the last login of the person', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  await call('POST', `/users/${who.user}/reset`, { ...wait, body: { mail: 'none' } })
  const { body } = await call('GET', `/users/${who.user}`)
  t.equal(body.lastLogin, null)
  const details = await live.asAdmin('GET', `/cloud/users/${who.user}`)
  t.ok(details.lastLogin > 0, 'while Nextcloud says that somebody logged in')
})

t.test('what cannot work is refused before anything is changed', async (t) => {
  const { call } = await serve(t, { nextcloud })
  t.match(refusalOf(await call('POST', '/users/locksmith-live-nobody/reset', wait)), {
    status: 404,
    code: 'unknown-user'
  })

  const disabled = await live.createUser()
  t.teardown(() => live.removeUser(disabled.user))
  await live.asAdmin('PUT', `/cloud/users/${disabled.user}/disable`)
  t.match(refusalOf(await call('POST', `/users/${disabled.user}/reset`, wait)), {
    status: 409,
    code: 'user-disabled'
  })

  const silent = await live.createUser({ email: '' })
  t.teardown(() => live.removeUser(silent.user))
  t.match(refusalOf(await call('POST', `/users/${silent.user}/reset`, wait)), {
    status: 422,
    code: 'no-mail-address'
  })
  t.equal(await live.whoAmI(silent), 200, 'the password is the old one')
})

t.test('a user with a second factor is refused before anything is changed', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  const session = (await live.logIn(who, 'Firefox'))!
  const app = await live.appPassword(who)
  if (!(await live.enableTotp(session))) return t.comment('this server has no TOTP')
  t.match(refusalOf(await call('POST', `/users/${who.user}/reset`, wait)), {
    status: 422,
    code: 'two-factor-user',
    providers: ['totp']
  })
  t.match((await call('GET', `/users/${who.user}`)).body, {
    twoFactor: { providers: ['totp'], enforced: false }
  })
  t.equal(await live.whoAmI(app), 200, 'nothing was changed')
})

t.test('ids resolve case-insensitively, and Nextcloud’s own spelling is gone on with', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  const { body } = await call('POST', `/users/${who.user.toUpperCase()}/reset`, {
    ...wait,
    body: { mail: 'none' }
  })
  t.match(body, { state: 'succeeded', userId: who.user })
})

t.test('a refused admin password is sent once and never again', async (t) => {
  const { user } = nextcloud.admins[0]!
  const wrong = { ...nextcloud, admins: [{ user, password: 'not-the-password-of-this-admin' }] }
  const { call } = await serve(t, { nextcloud: wrong })
  for (let i = 0; i < 3; i++) {
    t.match(await call('GET', '/users/admin'), {
      status: 503,
      body: { code: 'nextcloud-credentials-refused' }
    })
  }
  t.match(await call('GET', '/health/ready'), { status: 200 }, 'readiness uses no credentials')
})

t.test('users are listed with what Nextcloud knows of them', async (t) => {
  const { call } = await serve(t, { nextcloud })
  const who = await live.createUser()
  t.teardown(() => live.removeUser(who.user))
  const { body } = await call('GET', `/users?search=${who.user}`)
  t.match(body, {
    items: [
      {
        id: who.user,
        mailAddress: `${who.user}@example.test`,
        enabled: true,
        canSetPassword: true,
        lastLogin: null
      }
    ],
    next: null
  })
  t.match(await call('GET', '/users?group=no-such-group-here'), {
    status: 404,
    body: { code: 'unknown-group' }
  })
})
