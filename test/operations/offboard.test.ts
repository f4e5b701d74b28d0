import t from 'tap'
import { appApi, byOcc, leaver, lockedForGood, tokenCacheSeconds } from '../support/leaver.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
const allGone = {
  tokens: 0,
  wipePending: 0,
  resetLink: 0,
  passkeys: 0,
  publicLinks: 0,
  federatedShares: 0
}
const everything = { shares: 'delete', passkeys: 'delete', groups: 'all' }
// biome-ignore lint/suspicious/noExplicitAny: as the API answers
const stepsOf = (body: any) => body.steps.map(({ name, state }: any) => `${name}: ${state}`)

for (const version of [31, 33, 34] as const) {
  t.test(`Nextcloud ${version}: nothing of a leaver is left, over HTTP alone`, async (t) => {
    const { call, sandbox } = await startLocksmith(t, { sandbox: { version } })
    const lea = leaver(sandbox)
    const { body } = await call('POST', '/users/lea/offboard', { body: everything, ...wait })
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.strictSame(stepsOf(body), [
      'check-user: done',
      'replace-password: done',
      'revoke-tokens: done',
      'delete-shares: done',
      'disable-user: done',
      'leave-groups: done',
      'report-residual-access: done'
    ])
    t.match(body.outcome, {
      driver: { name: 'session' },
      revoked: { sessions: 2, appPasswords: 3 },
      remaining: 0,
      passkeys: { deleted: 1, remaining: 0 },
      shares: { deleted: 2, publicLinks: 0, federatedShares: 0 },
      enabled: false,
      groupsRemoved: ['acme', 'sales']
    })
    t.strictSame(body.outcome.residualAccess, allGone)
    t.equal(lea.isPublic(), false, 'the public link leads nowhere')
    t.equal(sandbox.tokens('lea').length, 0, 'our own sessions too')
    lockedForGood(t, sandbox, lea)
  })

  t.test(`Nextcloud ${version}: a leaver with a second factor, by AppAPI; it stays as it is`, async (t) => {
    const { call, sandbox } = await startLocksmith(t, { sandbox: { version }, ways: () => ({ appApi }) })
    sandbox.settings({ appApi })
    const lea = leaver(sandbox, { twoFactor: ['totp'] })
    const { body } = await call('POST', '/users/lea/offboard', { body: everything, ...wait })
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.match(body.outcome.driver, { name: 'session', pastSecondFactor: true })
    t.strictSame(body.outcome.residualAccess, allGone)
    t.equal(
      sandbox
        .users()
        .find(({ id }) => id === 'lea')!
        .twoFactor.get('totp'),
      true
    )
    t.equal(lea.isPublic(), false)
    lockedForGood(t, sandbox, lea)
  })

  t.test(`Nextcloud ${version}: a leaver by occ is disabled first, and nobody logs in`, async (t) => {
    const { call, sandbox } = await startLocksmith(t, { sandbox: { version }, ways: byOcc })
    const lea = leaver(sandbox, { twoFactor: ['totp'] })
    const { body } = await call('POST', '/users/lea/offboard', wait)
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.strictSame(stepsOf(body), [
      'check-user: done',
      'disable-user: done',
      'replace-password: done',
      'revoke-tokens: done',
      'report-residual-access: done'
    ])
    t.match(body.outcome, { driver: { name: 'occ' }, revoked: { sessions: 2, appPasswords: 3 } })
    t.strictSame(body.outcome.residualAccess, {
      ...allGone,
      passkeys: 'unknown',
      publicLinks: 'unknown',
      federatedShares: 'unknown'
    })
    const logIns = sandbox.calls().filter(({ path, method }) => method === 'POST' && path.endsWith('/login'))
    t.same(logIns, [])
    t.same(sandbox.tokens('lea'), [], 'and the person who had them is out, also once the user is enabled')
    sandbox.advanceClock(tokenCacheSeconds)
    sandbox.updateUser('lea', { enabled: true, twoFactor: [] })
    t.same(
      lea.alive().filter((what) => what !== 'the passkey'),
      []
    )
  })
}

t.test(
  'a leaver who is disabled already is let in for no longer than it takes, and it is said',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    const lea = leaver(sandbox, { enabled: false })
    const { body } = await call('POST', '/users/lea/offboard', { body: everything, ...wait })
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.strictSame(body.outcome.residualAccess, allGone)
    t.equal(body.outcome.windows.length, 1)
    const [{ from, to }] = body.outcome.windows
    t.ok(Date.parse(to) - Date.parse(from) < 10_000)
    t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
    lockedForGood(t, sandbox, lea)
  }
)

t.test('a leaver whom nobody can revoke is disabled all the same, and a person is asked', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { twoFactor: ['totp'] })
  const { body } = await call('POST', '/users/lea/offboard', wait)
  t.equal(body.state, 'needs-attention')
  t.equal(body.problem.code, 'residual-access')
  t.equal(body.outcome.residualAccess.tokens, 'unknown')
  t.match(body.outcome, { enabled: false, passwordReplaced: true, remaining: 'unknown' })
  const revoke = body.steps.find(({ name }: { name: string }) => name === 'revoke-tokens')
  t.match(revoke, {
    state: 'skipped',
    problem: { code: 'two-factor-user', detail: /OCC_COMMAND.*APPAPI_ID/ }
  })
  t.same(lea.alive(), [], 'while the user is disabled')
})

t.test('once there is a way, a retry does what could not be done', async (t) => {
  const locksmith = await startLocksmith(t, { worker: true })
  const { sandbox } = locksmith
  const lea = leaver(sandbox, { backend: 'LDAP' })
  const first = await locksmith.call('POST', '/users/lea/offboard', wait)
  t.equal(first.body.state, 'needs-attention')
  t.equal(first.body.outcome.passwordReplaced, false)
  const { call } = await startLocksmith(t, { sandbox, databaseUrl: locksmith.databaseUrl, ways: byOcc })
  await locksmith.world.drain()
  const { body } = await call('POST', `/operations/${first.body.id}/retry`, wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.outcome, {
    driver: { name: 'occ' },
    remaining: 0,
    residualAccess: { tokens: 0, resetLink: 0 }
  })
  sandbox.advanceClock(tokenCacheSeconds)
  sandbox.updateUser('lea', { enabled: true })
  for (const credential of [...lea.sessions, ...lea.apps]) t.equal(sandbox.tryCredential(credential), 401)
})

t.test('devices that are to wipe learn of it, whatever is revoked afterwards', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const { apps } = leaver(sandbox)
  const { body } = await call('POST', '/users/lea/offboard', { body: { wipe: true }, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.equal(body.outcome.wipe, 'asked')
  t.equal(body.outcome.residualAccess.tokens, 0)
  t.equal(body.outcome.residualAccess.wipePending, 5)
  for (const { password } of apps) {
    const check = await fetch(`${sandbox.url}/index.php/core/wipe/check`, {
      method: 'POST',
      body: new URLSearchParams({ token: password })
    })
    t.same(await check.json(), { wipe: true })
  }
})

t.test('the manager is told what was done, what is left, and when the account goes', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  leaver(sandbox)
  const { body } = await call('POST', '/users/lea/offboard', {
    body: { manager: 'boss@example.org', deleteAfter: 'P30D' },
    ...wait
  })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.same(body.outcome.notice, { to: 'boss@example.org', delivery: 'accepted' })
  const [mail] = sandbox.mails({ to: 'boss@example.org' })
  t.match(mail!.text, /lea was off-boarded|The access of lea/)
  t.match(mail!.text, /Public links: 1/)
  t.match(mail!.text, /will be deleted on \d/)
})

t.test('nothing is off-boarded halfway without its own account, or for who lacks a scope', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { smtp: false })
  leaver(sandbox)
  const own = await call('POST', `/users/${sandbox.admin.user}/offboard`)
  t.equal(own.body.code, 'own-account')
  const notice = await call('POST', '/users/lea/offboard', { body: { manager: 'boss@example.org' } })
  t.equal(notice.body.code, 'smtp-not-configured')
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, true)
})

t.test('who came in anew before the user could be disabled is revoked as well', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    env: { RETRY_FIRST_SECONDS: '2', RETRY_MAX_SECONDS: '2' }
  })
  leaver(sandbox)
  sandbox.addFault({ match: { method: 'PUT', pathRegex: '/disable' }, times: 1, do: 'ocs-failure' })
  const { body } = await call('POST', '/users/lea/offboard')
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body.state,
    (state) => state === 'waiting'
  )
  sandbox.updateUser('lea', { password: 'By-Reset-Mail-4711' })
  const { password } = sandbox.createAppPassword('lea', 'Made meanwhile')
  const over = await call('GET', `/operations/${body.id}`, wait)
  t.equal(over.body.state, 'succeeded', JSON.stringify(over.body.problem))
  t.match(over.body.outcome, { revoked: { sessions: 2, appPasswords: 4 }, residualAccess: { tokens: 0 } })
  sandbox.updateUser('lea', { enabled: true })
  t.equal(sandbox.tryCredential({ user: 'lea', password }), 401)
  t.notOk(sandbox.loginAsPerson('lea', 'By-Reset-Mail-4711').ok)
})

t.test('a manager is told nothing where it is not known what is left', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    checkpoint: async (point, step) => {
      if (step !== 'disable-user' || point !== 'recorded') return
      const { user, password } = sandbox.admin
      const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
      const headers = { 'ocs-apirequest': 'true', authorization }
      await fetch(`${sandbox.url}/ocs/v2.php/cloud/users/lea`, { method: 'DELETE', headers })
    }
  })
  leaver(sandbox)
  const { body } = await call('POST', '/users/lea/offboard', {
    body: { manager: 'boss@example.org' },
    ...wait
  })
  t.equal(body.state, 'needs-attention')
  const notice = body.steps.find(({ name }: { name: string }) => name === 'notify-manager')
  t.match(notice, { state: 'failed', problem: { code: 'residual-access' } })
  t.same(sandbox.mails({ to: 'boss@example.org' }), [])
})

t.test('a passkey that could not be deleted keeps a reset from being reported as done', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  sandbox.addFault({ match: { method: 'DELETE', pathRegex: '/webauthn/registration/' }, do: 'redirect' })
  const { body } = await call('POST', '/users/lea/reset', wait)
  t.match(lea.alive(), ['the passkey'])
  t.match(body, { state: 'needs-attention', problem: { code: 'tokens-remain' } })
  t.match(body.outcome, { remaining: 0, passkeys: { deleted: 0, remaining: 1 } })
})

t.test('Nextcloud limits the deletion of a share: it is waited for', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  sandbox.addFault({ match: { method: 'DELETE', pathRegex: '/api/v1/shares' }, times: 1, do: '429-empty' })
  const { body } = await call('POST', '/users/lea/offboard', { body: everything, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.outcome.shares, { deleted: 2, publicLinks: 0, federatedShares: 0 })
  t.equal(lea.isPublic(), false)
})

t.test('what is given up keeps nothing else from being done', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { RETRY_GIVE_UP_HOURS: '0.0001' } })
  const lea = leaver(sandbox)
  sandbox.addFault({ match: { method: 'GET', pathRegex: '/settings/user/security' }, do: 'html-500' })
  const { body } = await call('POST', '/users/lea/offboard', { body: everything, ...wait })
  t.match(body, { state: 'needs-attention', problem: { code: 'gave-up' } })
  t.strictSame(stepsOf(body), [
    'check-user: done',
    'replace-password: done',
    'revoke-tokens: failed',
    'delete-shares: failed',
    'disable-user: done',
    'leave-groups: done',
    'report-residual-access: failed'
  ])
  t.match(body.outcome, { enabled: false, residualAccess: { tokens: 'unknown' } })
  t.same(lea.alive(), [], 'while the user is disabled')
})
