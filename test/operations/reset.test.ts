import t, { type Test } from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { refusalOf, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=20' } }

function anna(sandbox: Sandbox) {
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const sessions = ['Firefox', 'Safari'].map((userAgent) => sandbox.openBrowserSession('anna', { userAgent }))
  const apps = ['Phone', 'Laptop', 'Thunderbird'].map((name) => ({
    user: 'anna',
    password: sandbox.createAppPassword('anna', name).password
  }))
  return { sessions, apps, all: [...sessions, ...apps] }
}

const resetLinks = (sandbox: Sandbox) =>
  sandbox
    .mails({ to: 'anna@example.org' })
    .map((mail) => sandbox.linkOf(mail) ?? '')
    .filter((link) => link.includes('/lostpassword/'))

for (const version of [31, 33, 34] as const) {
  t.test(
    `Nextcloud ${version}: what worked before a reset is dead after, also when the user is back`,
    async (t) => {
      const { call, sandbox } = await startLocksmith(t, { sandbox: { version } })
      const { all } = anna(sandbox)
      for (const credential of all) t.equal(sandbox.tryCredential(credential), 200, 'works before')
      await fetch(`${sandbox.url}/index.php/lostpassword/email`, {
        method: 'POST',
        headers: { 'ocs-apirequest': 'true' },
        body: new URLSearchParams({ user: 'anna' })
      })

      const { status, body } = await call('POST', '/users/anna/reset', wait)
      t.equal(status, 200)
      t.match(body, {
        state: 'succeeded',
        problem: null,
        outcome: {
          passwordReplaced: true,
          revoked: { sessions: 2, appPasswords: 3 },
          remaining: 0,
          earlierResetLink: 'dead',
          mail: { via: 'nextcloud', delivery: 'requested', to: 'anna@example.org' }
        }
      })
      for (const credential of all) t.equal(sandbox.tryCredential(credential), 401, 'dead after the reset')
      t.equal(sandbox.tokens('anna').length, 0, 'our own session too')

      const [early, link] = resetLinks(sandbox)
      t.notOk(sandbox.completeReset(early!, 'Stolen-Password-4711').ok, 'a link mailed before is dead')
      t.ok(sandbox.completeReset(link!, 'New-Password-4711').ok, 'the new one works')
      t.ok(sandbox.loginAsPerson('anna', 'New-Password-4711').ok)
      for (const credential of all)
        t.equal(sandbox.tryCredential(credential), 401, 'still dead after a log-in')
    }
  )
}

t.test('the order is password, tokens, mail, and two calls on a user never overlap', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  anna(sandbox)
  await call('POST', '/users/anna/reset', wait)
  const effects = sandbox.calls().flatMap(({ effects }) => effects.map(({ effect }) => effect))
  const first = (word: RegExp) => effects.findIndex((effect) => word.test(effect))
  t.ok(first(/password/) < first(/delete/) && first(/delete/) < first(/mail/), effects.join(', '))
  t.equal(sandbox.counters().maxConcurrentPerUser.anna, 1)
})

t.test('a device that was told to wipe keeps its token, and is counted apart', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const { apps } = anna(sandbox)
  const admin = Buffer.from(`${sandbox.admin.user}:${sandbox.admin.password}`).toString('base64')
  await fetch(`${sandbox.url}/ocs/v2.php/cloud/users/anna/wipe?format=json`, {
    method: 'POST',
    headers: { 'ocs-apirequest': 'true', authorization: `Basic ${admin}` }
  })
  const wiped = sandbox.tokens('anna').length
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.match(body.outcome, { remaining: 0, wipePending: wiped, revoked: { sessions: 0, appPasswords: 0 } })
  const check = await fetch(`${sandbox.url}/index.php/core/wipe/check`, {
    method: 'POST',
    body: new URLSearchParams({ token: apps[0]!.password })
  })
  t.equal(check.status, 200, 'the device still learns that it must wipe')
})

t.test('revoke: "sessions" leaves app passwords and says how many', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const { sessions } = anna(sandbox)
  const { body } = await call('POST', '/users/anna/reset', {
    ...wait,
    body: { revoke: 'sessions', mail: 'none' }
  })
  t.match(body.outcome, {
    revoked: { sessions: 2, appPasswords: 0 },
    remaining: 0,
    kept: { appPasswords: 3 },
    mail: { via: 'none', delivery: 'not-requested' }
  })
  for (const session of sessions) t.equal(sandbox.tryCredential(session), 401)
  t.equal(sandbox.tokens('anna').filter(({ kind }) => kind === 'app password').length, 3)
})

t.test('revoke: "none" claims nothing about what is left', async (t) => {
  // From 32 on the new password alone kills a link mailed before.
  for (const [version, earlierResetLink] of [
    [31, 'unknown'],
    [34, 'dead']
  ] as const) {
    const { call, sandbox } = await startLocksmith(t, { sandbox: { version } })
    anna(sandbox)
    const { body } = await call('POST', '/users/anna/reset', { ...wait, body: { revoke: 'none' } })
    t.match(body, { state: 'succeeded', outcome: { remaining: 'unknown', earlierResetLink } })
    t.notOk(body.outcome.revoked)
    t.equal(sandbox.tokens('anna').length, 5)
  }
})

t.test('our own log-in is not told as the last login of the person', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'bob', password: 'Old-Password-4711', email: 'bob@example.org' })
  for (let i = 0; i < 2; i++) {
    await call('POST', '/users/bob/reset', { ...wait, body: { mail: 'none' } })
    t.equal((await call('GET', '/users/bob')).body.lastLogin, null, 'never, as before')
  }
  t.match(
    (await call('GET', '/users?search=bob')).body.items,
    [{ id: 'bob', lastLogin: null }],
    'in lists too'
  )
  sandbox.advanceClock(3_600)
  const link = async () => {
    await call('POST', '/users/bob/reset', wait)
    return sandbox.linkOf(sandbox.mails({ to: 'bob@example.org' }).at(-1)!)!
  }
  sandbox.completeReset(await link(), 'New-Password-4711')
  // Nextcloud renews it only when it is more than a minute old.
  sandbox.advanceClock(120)
  sandbox.loginAsPerson('bob', 'New-Password-4711')
  t.ok((await call('GET', '/users/bob')).body.lastLogin, 'a person’s own log-in is told')
})

t.test('what cannot work is refused at once, by its own name, with nothing changed', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { sandbox: { seed: true }, smtp: false })
  sandbox.createUser({
    id: 'gina',
    password: 'Old-Password-4711',
    email: 'g@example.org',
    groups: ['strict']
  })
  sandbox.settings({ twoFactorEnforced: { enforced: true, enforcedGroups: ['strict'], excludedGroups: [] } })
  const refusals = [
    ['nobody', {}, 404, 'unknown-user'],
    ['carol', {}, 422, 'two-factor-user'],
    ['gina', {}, 422, 'two-factor-enforced'],
    ['dave', {}, 409, 'user-disabled'],
    ['erin', {}, 422, 'cannot-set-password'],
    ['frank', {}, 422, 'no-mail-address'],
    ['alice', { mail: 'smtp' }, 422, 'smtp-not-configured']
  ] as const
  for (const [user, body, status, code] of refusals) {
    t.match(
      refusalOf(await call('POST', `/users/${user}/reset`, { ...wait, body })),
      { status, code, type: `/problems/${code}` },
      user
    )
  }
  t.match(refusalOf(await call('POST', '/users/erin/reset-mail', wait)), { code: 'cannot-set-password' })
  t.match(
    await call('POST', '/users/carol/reset', { body: { revoke: 'none' } }),
    { status: 202 },
    'no log-in, no second factor in the way'
  )
  const changes = sandbox.calls().filter(({ effects, path }) => effects.length > 0 && !path.includes('carol'))
  t.equal(changes.length, 0)
})

t.test('instance-wide obstacles are refused too', async (t) => {
  const refused = async (t: Test, settings: object, code: string, body = {}) => {
    const { call, sandbox } = await startLocksmith(t, { sandbox: { seed: true } })
    sandbox.settings(settings)
    t.match(refusalOf(await call('POST', '/users/alice/reset', { ...wait, body })), { code }, code)
    t.equal(sandbox.calls().filter(({ effects }) => effects.length > 0).length, 0)
  }
  await refused(t, { passwordResetEnabled: false }, 'password-reset-off')
  await refused(t, { lostPasswordLink: 'https://id.example.org/reset' }, 'password-reset-off')
  await refused(t, { encryption: 'user-keys' }, 'encryption-per-user-keys')
  await refused(
    t,
    // An admin with an enforced second factor could not use Basic auth any more.
    { twoFactorEnforced: { enforced: true, enforcedGroups: [], excludedGroups: ['admin'] } },
    'two-factor-enforced'
  )
})

t.test('ids are one user in whatever case, under Nextcloud’s own spelling', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  anna(sandbox)
  t.match((await call('POST', '/users/ANNA/reset', wait)).body, { userId: 'anna', state: 'succeeded' })
  t.equal((await call('GET', '/operations?userId=Anna')).body.items.length, 1)
  for (const id of ["o'neil", 'with space', 'a@b.example', 'details', '12345', '-x']) {
    sandbox.createUser({ id, password: 'Old-Password-4711', email: 'x@example.org' })
    t.match(
      (await call('POST', `/users/${encodeURIComponent(id)}/reset`, { ...wait, body: { mail: 'none' } }))
        .body,
      { userId: id, state: 'succeeded' },
      id
    )
  }
})

t.test('the mail’s link leads where people reach Nextcloud, not where Locksmith does', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    sandbox: { trustedDomains: ['cloud.example.org'] },
    publicUrl: 'http://cloud.example.org'
  })
  anna(sandbox)
  t.equal((await call('POST', '/users/anna/reset', wait)).body.state, 'succeeded')
  t.equal(new URL(resetLinks(sandbox)[0]!).origin, 'http://cloud.example.org')
})

t.test('a public host that Nextcloud does not trust stops everything before it begins', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { publicUrl: 'http://unknown.example.org' })
  anna(sandbox)
  t.match((await call('POST', '/users/anna/reset', wait)).body, {
    state: 'failed',
    problem: { code: 'nextcloud-untrusted-host' }
  })
  t.equal(sandbox.calls().filter(({ effects }) => effects.length > 0).length, 0)
})
