import t from 'tap'
import { call, formLogin, listTokens, ocs, password, sandboxFor } from './client.ts'

t.test('a log-in stops at the challenge and leaves a token row behind', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, twoFactor: ['totp', 'backup_codes'] })
  const login = await formLogin(sandbox, 'ann', password)
  t.equal(login.status, 303)
  t.equal(login.headers.get('location'), '/login/challenge/totp')
  t.equal(sandbox.tokens('ann').length, 1)
  for (const path of ['/index.php/settings/user/security', `${ocs}/cloud/user`]) {
    const answer = await call(sandbox, 'GET', path, { as: login })
    t.equal(answer.status, 303)
    t.match(answer.headers.get('location'), /^\/login\/selectchallenge/)
  }
  t.equal(await listTokens(sandbox, login.cookie), undefined)
})

t.test('an enforced user without a provider shows [] like anyone else, and ends at the set-up', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, groups: ['acme'] })
  sandbox.createUser({ id: 'bob', password, groups: ['globex'] })
  sandbox.settings({ twoFactorEnforced: { enforced: true, enforcedGroups: ['acme'], excludedGroups: [] } })
  const state = await call(sandbox, 'GET', `${ocs}/twofactor/state?user=ann`, { as: sandbox.admin })
  t.strictSame(state.data.ocs.data, [])
  const rules = await call(sandbox, 'GET', '/index.php/settings/api/admin/twofactorauth', {
    as: sandbox.admin
  })
  t.strictSame(rules.data, { enforced: true, enforcedGroups: ['acme'], excludedGroups: [] })
  t.equal((await formLogin(sandbox, 'ann', password)).headers.get('location'), '/login/setupchallenge')
  t.match((await formLogin(sandbox, 'bob', password)).headers.get('location'), '/apps/dashboard/')
})

t.test('switching a provider off leaves its state behind, and the log-in goes through', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, twoFactor: ['totp'] })
  const before = await call(sandbox, 'GET', `${ocs}/twofactor/state?user=ann`, { as: sandbox.admin })
  t.strictSame(before.data.ocs.data, { totp: true })
  const off = await call(sandbox, 'POST', `${ocs}/twofactor/disable`, {
    as: sandbox.admin,
    form: { user: 'ann', 'providers[]': 'totp' }
  })
  t.strictSame(off.data.ocs.data, { totp: false })
  t.match((await formLogin(sandbox, 'ann', password)).headers.get('location'), '/apps/dashboard/')
})

t.test('the state of an unknown user is 404', async (t) => {
  const sandbox = await sandboxFor(t)
  const answer = await call(sandbox, 'GET', `${ocs}/twofactor/state?user=none`, { as: sandbox.admin })
  t.strictSame(answer.data, {
    ocs: { meta: { status: 'failure', statuscode: 404, message: '' }, data: null }
  })
})
