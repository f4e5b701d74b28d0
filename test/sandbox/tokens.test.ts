import t from 'tap'
import {
  call,
  createAnn,
  formLogin,
  fresh,
  listTokens,
  ocs,
  password,
  putUser,
  sandboxFor
} from './client.ts'

t.test(
  'a password change revokes nothing for five minutes; then app passwords sleep until the next log-in (fact 1)',
  async (t) => {
    const sandbox = await sandboxFor(t)
    const { browser, app } = createAnn(sandbox)
    await putUser(sandbox, 'ann', 'password', fresh)
    sandbox.advanceClock(200)
    t.equal(sandbox.tryCredential(browser), 200, 'the session lives on')
    t.equal(sandbox.tryCredential(app), 200, 'the app password lives on')
    sandbox.advanceClock(101)
    t.equal(sandbox.tryCredential(browser), 401)
    t.equal(sandbox.tryCredential(app), 401)
    const states = sandbox.tokens('ann').map(({ kind, state }) => `${kind}: ${state}`)
    t.strictSame(states, ['app password: password-invalid'], 'a session that was used is gone for good')
    t.equal(sandbox.tryCredential(app), 401, 'it stays dead by itself')
    t.ok(sandbox.loginAsPerson('ann', fresh).ok)
    t.equal(sandbox.tryCredential(app), 200, 'back to life')
  }
)

t.test('a session that nobody used meanwhile comes back with the new password, too', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser } = createAnn(sandbox)
  await putUser(sandbox, 'ann', 'password', fresh)
  sandbox.advanceClock(3600)
  sandbox.loginAsPerson('ann', fresh)
  t.equal(sandbox.tryCredential(browser), 200)
})

t.test('a session that is used while its user is disabled is deleted at its next check', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser, app } = createAnn(sandbox)
  sandbox.updateUser('ann', { enabled: false })
  sandbox.advanceClock(301)
  t.equal(sandbox.tryCredential(browser), 401)
  t.equal(sandbox.tryCredential(app), 401)
  sandbox.updateUser('ann', { enabled: true })
  t.equal(sandbox.tryCredential(browser), 401)
  t.equal(sandbox.tryCredential(app), 200)
})

t.test('Basic auth with the new password brings dead app passwords back, too', async (t) => {
  const sandbox = await sandboxFor(t)
  const { app } = createAnn(sandbox)
  await putUser(sandbox, 'ann', 'password', fresh)
  sandbox.advanceClock(301)
  t.equal(sandbox.tryCredential(app), 401)
  t.equal(sandbox.tryCredential({ user: 'ann', password: fresh }), 200)
  t.equal(sandbox.tryCredential(app), 200)
})

t.test('a deleted token stays dead whatever the user does', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser, app } = createAnn(sandbox)
  await putUser(sandbox, 'ann', 'password', fresh)
  const own = await formLogin(sandbox, 'ann', fresh)
  for (const { id, current } of (await listTokens(sandbox, own.cookie)) ?? []) {
    if (current) continue
    const path = `/index.php/settings/personal/authtokens/${id}`
    const as = { cookie: own.cookie }
    t.equal((await call(sandbox, 'DELETE', path, { as })).status, 403, 'the cookie alone is not enough on 34')
    const headers = { Authorization: `Basic ${btoa(`ann:${fresh}`)}` }
    t.equal((await call(sandbox, 'DELETE', path, { as, headers })).status, 200)
  }
  sandbox.loginAsPerson('ann', fresh)
  t.equal(sandbox.tryCredential(browser), 401)
  t.equal(sandbox.tryCredential(app), 401)
})

t.test('disabled is not revoked: all credentials sleep and wake up again (fact 2)', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser, app } = createAnn(sandbox)
  await call(sandbox, 'PUT', `${ocs}/cloud/users/ann/disable`, { as: sandbox.admin })
  t.equal(sandbox.tryCredential(browser), 401)
  t.equal(sandbox.tryCredential(app), 401)
  t.equal(sandbox.tryCredential({ user: 'ann', password }), 401)
  await call(sandbox, 'PUT', `${ocs}/cloud/users/ann/enable`, { as: sandbox.admin })
  t.equal(sandbox.tryCredential(browser), 200)
  t.equal(sandbox.tryCredential(app), 200)
})

t.test(
  'a wipe turns every token into type 2, and the row is how the device learns of it (fact 9)',
  async (t) => {
    const sandbox = await sandboxFor(t)
    const { app } = createAnn(sandbox)
    await call(sandbox, 'POST', `${ocs}/cloud/users/ann/wipe`, { as: sandbox.admin })
    const own = await formLogin(sandbox, 'ann', password)
    const listed = (await listTokens(sandbox, own.cookie)) ?? []
    t.strictSame(
      listed.map(({ type }) => type),
      [2, 2, 0]
    )
    const check = (): ReturnType<typeof call> =>
      call(sandbox, 'POST', '/index.php/core/wipe/check', { form: { token: app.password } })
    t.equal((await check()).status, 200)
    const headers = { Authorization: `Basic ${btoa(`ann:${password}`)}` }
    const path = `/index.php/settings/personal/authtokens/${listed.find(({ name }) => name === 'Phone')?.id}`
    await call(sandbox, 'DELETE', path, { as: { cookie: own.cookie }, headers })
    t.equal((await check()).status, 404, 'revoking afterwards destroys the wipe')
  }
)

t.test('on 34 an app password of the admin reads but does not write; on 33 it does both', async (t) => {
  for (const version of [33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    createAnn(sandbox)
    const as = { user: 'admin', ...sandbox.createAppPassword('admin', 'Locksmith') }
    t.equal((await call(sandbox, 'GET', `${ocs}/cloud/users/ann`, { as })).status, 200)
    t.equal((await putUser(sandbox, 'ann', 'password', fresh, as)).status, version === 34 ? 403 : 200)
  }
})

t.test('a one-time app password is used up by the first call that brings it, whatever it asks', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  const as = { user: 'ann', ...sandbox.createAppPassword('ann', 'QR code', { oneTime: true }) }
  t.equal(sandbox.tokens('ann').at(-1)?.kind, 'one-time app password')
  t.equal(sandbox.tryCredential(as), 401)
  t.equal(sandbox.tokens('ann').length, 2)
})

t.test(
  'the real password of an account with a second factor is nobody, and an app password is needed',
  async (t) => {
    const sandbox = await sandboxFor(t)
    const { app } = createAnn(sandbox)
    sandbox.updateUser('ann', { twoFactor: ['totp'] })
    const answer = await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { user: 'ann', password } })
    t.equal(answer.status, 401)
    t.equal(answer.data.ocs.meta.message, 'Current user is not logged in')
    t.equal(sandbox.tryCredential(app), 200)
  }
)
