import t from 'tap'
import {
  byOcc,
  enableMeetingSecondFactor,
  leaver,
  oldPassword,
  tokenCacheSeconds
} from '../support/leaver.ts'
import { startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
const isEnabled = (sandbox: Parameters<typeof leaver>[0]) =>
  sandbox.users().find(({ id }) => id === 'lea')!.enabled

t.test('disable locks out at once, says that it revokes nothing, and is quick to undo', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  const off = await call('POST', '/users/lea/disable', { body: { reason: 'on leave' }, ...wait })
  t.match(off.body, { state: 'succeeded', outcome: { enabled: false } })
  t.same(lea.alive(), [])
  const on = await call('POST', '/users/lea/enable', { body: { revoke: 'none' }, ...wait })
  t.match(on.body, { state: 'succeeded', outcome: { enabled: true } })
  t.equal(lea.alive().length, 8, 'as Nextcloud itself would have it: that was asked for')
})

t.test('nothing from before comes back with enable, over HTTP: a new password by the mail', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  const { body } = await call('POST', '/users/lea/enable', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.outcome, {
    enabled: true,
    passwordReplaced: true,
    revoked: { sessions: 2, appPasswords: 3 },
    passkeys: { deleted: 1, remaining: 0 },
    mail: { delivery: 'requested' }
  })
  t.equal(isEnabled(sandbox), true)
  t.same(lea.alive(), [])
})

t.test('with occ tokens are gone before the user is enabled, and the password stays', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
  const lea = leaver(sandbox, { enabled: false })
  const { body } = await call('POST', '/users/lea/enable', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.same(
    body.steps.map(({ name }: { name: string }) => name),
    ['check-user', 'revoke-tokens', 'enable-user']
  )
  sandbox.advanceClock(tokenCacheSeconds)
  for (const credential of [...lea.sessions, ...lea.apps]) t.equal(sandbox.tryCredential(credential), 401)
  t.ok(sandbox.loginAsPerson('lea', oldPassword).ok)
})

t.test('who cannot be revoked is not enabled, and it is said how', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  leaver(sandbox, { enabled: false, twoFactor: ['totp'] })
  leaver(sandbox, { id: 'erin', enabled: false, backend: 'LDAP' })
  for (const [id, code] of [
    ['lea', 'two-factor-user'],
    ['erin', 'cannot-set-password']
  ]) {
    const refused = await call('POST', `/users/${id}/enable`)
    t.equal(refused.body.code, code)
    t.match(refused.body.detail, /OCC_COMMAND/)
  }
  t.equal(isEnabled(sandbox), false)
  const { body } = await call('POST', '/users/erin/enable', { body: { revoke: 'none' }, ...wait })
  t.equal(body.state, 'succeeded')
})

t.test('a user whose tokens could not be revoked after all is disabled again', async (t) => {
  const here = await startLocksmith(t)
  const { call, sandbox } = here
  const lea = leaver(sandbox, { enabled: false })
  const over = await call('GET', await enableMeetingSecondFactor(here), wait)
  t.equal(over.body.state, 'needs-attention')
  t.equal(over.body.problem.code, 'login-needs-second-factor')
  t.equal(isEnabled(sandbox), false)
  t.same(lea.alive(), [])
})

t.test('enabling who is enabled revokes nothing and mails nobody', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  const { body } = await call('POST', '/users/lea/enable', wait)
  t.match(body, { state: 'succeeded', outcome: { enabled: true } })
  t.equal(lea.alive().length, 8)
  t.same(sandbox.mails({ to: 'lea@example.org' }), [])
})
