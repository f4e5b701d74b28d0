import t from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { byOcc, leaver, lockedForGood, oldPassword } from '../support/leaver.ts'
import { startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }

t.test('a second factor is taken away only where the request says so, after the password', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { twoFactor: ['totp'] })
  t.equal((await call('POST', '/users/lea/reset')).body.code, 'two-factor-user')
  const { body } = await call('POST', '/users/lea/offboard', { body: { twoFactor: 'remove' }, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.outcome, { secondFactorsRemoved: ['totp'], driver: { name: 'session' }, remaining: 0 })
  lockedForGood(t, sandbox, lea)
})

t.test('files that are encrypted with the password are not lost without a word', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox)
  leaver(sandbox, { id: 'ben' })
  sandbox.settings({ encryption: 'user-keys' })
  t.equal((await call('POST', '/users/lea/reset')).body.code, 'encryption-per-user-keys')
  const { body } = await call('POST', '/users/lea/offboard', wait)
  t.equal(body.state, 'needs-attention')
  t.match(body.outcome, { enabled: false, passwordReplaced: false, residualAccess: { tokens: 'unknown' } })
  t.equal(sandbox.passwordHistory('lea').length, 1)
  t.same(lea.alive(), [], 'locked out all the same')
  const accepted = await call('POST', '/users/ben/offboard', { body: { acceptDataLoss: true }, ...wait })
  t.equal(accepted.body.state, 'succeeded', JSON.stringify(accepted.body.problem))
})

t.test('with occ a leaver whose files are encrypted is locked out, and the password stays', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
  leaver(sandbox)
  sandbox.settings({ encryption: 'user-keys' })
  const { body } = await call('POST', '/users/lea/offboard', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.match(body.outcome, { passwordReplaced: false, residualAccess: { tokens: 0, resetLink: 0 } })
  t.equal(sandbox.passwordHistory('lea').length, 1)
})

t.test('what a master key makes unsure is settled by a log-in, also where tokens go by occ', async (t) => {
  for (const twoFactor of [[], ['totp']]) {
    const { call, sandbox } = await startLocksmith(t, { ways: byOcc })
    leaver(sandbox, { twoFactor })
    sandbox.settings({ encryption: 'master-key' })
    const { body } = await call('POST', '/users/lea/reset', wait)
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.match(body.outcome, { passwordReplaced: true, revoked: { sessions: 2, appPasswords: 3 }, remaining: 0 })
    t.notOk(sandbox.loginAsPerson('lea', oldPassword).ok)
  }
})

t.test(
  'what is asked for beside an off-boarding needs its own scope, also to retry or cancel it',
  async (t) => {
    const { call, sandbox, world } = await startLocksmith(t)
    leaver(sandbox)
    const { id, key, hash } = makeKey()
    await insertKey(world.pool, { id, name: 'hr', secretHash: hash, scopes: ['users:offboard'] })
    const authorization = `Bearer ${key}`
    for (const [body, needed] of [
      [{ wipe: true }, 'users:wipe'],
      [{ deleteAfter: 'P1D' }, 'users:delete']
    ] as const) {
      const refused = await call('POST', '/users/lea/offboard', { body, authorization })
      t.equal(refused.status, 403)
      t.equal(refused.body.needed, needed)
    }
    t.equal(sandbox.users().find((user) => user.id === 'lea')!.enabled, true)
    const off = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P1D' }, ...wait })
    const deletion = off.body.outcome.deletion.operation
    t.equal((await call('POST', `${deletion}/cancel`, { authorization })).status, 403)
    t.equal((await call('GET', deletion)).body.state, 'scheduled')
  }
)

t.test('a duration that is none, or a date in the past, begins nothing', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  leaver(sandbox)
  for (const deleteAfter of ['', 'P', 'PT', '30', 'P-1D', '-P1D', 'P1', 'P1.5D', 'PT1S', 'p1d', "P1D'; --"])
    t.equal((await call('POST', '/users/lea/offboard', { body: { deleteAfter } })).status, 400, deleteAfter)
  t.equal(sandbox.users().find((user) => user.id === 'lea')!.enabled, true)
})
