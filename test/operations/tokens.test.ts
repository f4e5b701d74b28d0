import t from 'tap'
import { byOcc, leaver, tokenCacheSeconds } from '../support/leaver.ts'
import { startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }

t.test('over HTTP alone tokens are not listed, and revoked only where the password may go', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  const list = await call('GET', '/users/lea/tokens')
  t.equal(list.status, 501)
  t.match(list.body, { code: 'tokens-not-listable', detail: /OCC_COMMAND or NEXTCLOUD_DATABASE_URL/ })
  const refused = await call('DELETE', '/users/lea/tokens')
  t.equal(refused.status, 409)
  t.match(refused.body, { code: 'needs-password-replacement', detail: /replacePassword=true/ })
  t.equal(lea.alive().length, 8, 'nothing was touched')

  const { body } = await call('DELETE', '/users/lea/tokens?replacePassword=true&kind=app-password', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem ?? body))
  t.match(body.outcome, {
    revoked: { sessions: 0, appPasswords: 3 },
    kept: { sessions: 4, appPasswords: 0 }, // two of them were opened by looking what is alive
    mail: { delivery: 'requested' }
  })
  for (const app of lea.apps) t.equal(sandbox.tryCredential(app), 401)
})

t.test(
  'with occ tokens are listed, and revoked one by one, by kind, or by age; the password stays',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
    const lea = leaver(sandbox)
    const { body: list } = await call('GET', '/users/LEA/tokens')
    t.equal(list.listedBy, 'occ')
    t.equal(list.items.length, 5)
    const phone = list.items.find(({ name }: { name: string }) => name === 'Phone')
    t.match(phone, { kind: 'app-password', lastUsedAt: /^\d{4}-/ })

    const one = await call('DELETE', `/users/lea/tokens/${phone.id}`, wait)
    t.match(one.body.outcome, {
      revoked: { sessions: 0, appPasswords: 1 },
      remaining: 0,
      kept: { sessions: 2, appPasswords: 2 }
    })
    sandbox.advanceClock(tokenCacheSeconds)
    t.equal(sandbox.tryCredential(lea.apps[0]!), 401)
    t.equal((await call('DELETE', `/users/lea/tokens/${phone.id}`)).body.code, 'unknown-token')

    const sessions = await call('DELETE', '/users/lea/tokens?kind=session', wait)
    t.match(sessions.body.outcome, {
      revoked: { sessions: 2, appPasswords: 0 },
      kept: { sessions: 0, appPasswords: 2 }
    })

    sandbox.advanceClock(86_400)
    const before = new Date(Date.now() + 3_600_000).toISOString()
    t.equal(sandbox.tryCredential(lea.apps[1]!), 200, 'used a day later')
    const old = await call('DELETE', `/users/lea/tokens?lastUsedBefore=${before}`, wait)
    t.match(old.body.outcome, {
      revoked: { sessions: 0, appPasswords: 1 },
      kept: { sessions: 0, appPasswords: 1 }
    })
    t.equal(sandbox.passwordHistory('lea').length, 1)
  }
)

t.test('a device that has yet to wipe keeps its token, whatever is asked', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
  leaver(sandbox)
  const wiped = await call('POST', '/users/lea/wipe', { body: { reason: 'stolen' }, ...wait })
  t.match(wiped.body, { state: 'succeeded', outcome: { wipe: 'asked', wipePending: 5 } })
  const { body: list } = await call('GET', '/users/lea/tokens')
  for (const { kind } of list.items) t.equal(kind, 'wiped')
  const one = await call('DELETE', `/users/lea/tokens/${list.items[0].id}`)
  t.equal(one.body.code, 'token-to-be-wiped')
  const all = await call('DELETE', '/users/lea/tokens', wait)
  t.match(all.body.outcome, { revoked: { sessions: 0, appPasswords: 0 }, remaining: 0, wipePending: 5 })
  t.equal(sandbox.tokens('lea').length, 5)
})

t.test(
  'users of a directory are reset by occ, without a password and without a mail, and it is said',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
    const lea = leaver(sandbox, { backend: 'LDAP' })
    const { body } = await call('POST', '/users/lea/reset', wait)
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.match(body.outcome, {
      passwordReplaced: false,
      revoked: { sessions: 2, appPasswords: 3 },
      mail: { delivery: 'not-requested' }
    })
    for (const name of ['replace-password', 'send-reset-mail']) {
      const step = body.steps.find((each: { name: string }) => each.name === name)
      t.match(step, { state: 'skipped', problem: { code: 'cannot-set-password', detail: /LDAP/ } })
    }
    sandbox.advanceClock(tokenCacheSeconds)
    for (const credential of [...lea.sessions, ...lea.apps]) t.equal(sandbox.tryCredential(credential), 401)
    t.same(sandbox.mails({ to: 'lea@example.org' }), [])
  }
)

t.test('hostile ids reach occ as data', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
  const hostile = ['-x', '$(touch x)', "o'neil", '"q"', '--last-used-before=99']
  for (const id of hostile) {
    sandbox.createUser({ id, password: 'Old-Password-4711', email: 'x@example.org' })
    sandbox.createAppPassword(id, 'Phone; rm -rf /')
    const path = `/users/${encodeURIComponent(id)}/tokens`
    const { body: list } = await call('GET', path)
    t.match(list, { items: [{ name: 'Phone; rm -rf /' }] }, id)
    const { body } = await call('DELETE', path, wait)
    t.match(body.outcome, { revoked: { appPasswords: 1 }, remaining: 0 }, id)
  }
  for (const id of ['1;2', '-1', '0', '1e3', '$(id)', '9007199254740993'])
    t.equal((await call('DELETE', `/users/-x/tokens/${encodeURIComponent(id)}`)).status, 400, id)
})
