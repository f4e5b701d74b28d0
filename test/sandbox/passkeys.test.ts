import t from 'tap'
import { call, fresh, ocs, password, putUser, sandboxFor } from './client.ts'

t.test('a passkey logs in without the password, whatever it was changed to', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { id } = sandbox.addPasskey('ann', 'Yubikey')
  await putUser(sandbox, 'ann', 'password', fresh)
  const { ok, cookie } = sandbox.loginByPasskey('ann', id)
  t.ok(ok)
  t.equal(sandbox.tryCredential({ cookie }), 200)
  await putUser(sandbox, 'ann', 'password', password)
  sandbox.advanceClock(3600)
  t.equal(sandbox.tryCredential({ cookie }), 200, 'its session knows no password that could be wrong')
})

t.test('a passkey does not get past the second factor', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, twoFactor: ['totp'] })
  const { id } = sandbox.addPasskey('ann', 'Yubikey')
  const { ok, location } = sandbox.loginByPasskey('ann', id)
  t.notOk(ok)
  t.match(location, /^\/login\/selectchallenge/)
})

t.test('a disabled user, a passkey that is gone and a foreign one do not get in', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['ann', 'bob']) sandbox.createUser({ id, password })
  const { id } = sandbox.addPasskey('ann', 'Yubikey')
  t.notOk(sandbox.loginByPasskey('bob', id).ok)
  sandbox.updateUser('ann', { enabled: false })
  t.notOk(sandbox.loginByPasskey('ann', id).ok)
  t.equal(sandbox.tokens('ann').length, 0)
  sandbox.updateUser('ann', { enabled: true })
  t.ok(sandbox.loginByPasskey('ann', id).ok, 'enabled again it works again')
  sandbox.nextcloud.passkeys.remove(id)
  t.notOk(sandbox.loginByPasskey('ann', id).ok)
})

t.test('deleting says 200 whatever the id, and wants a fresh proof of the password', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['ann', 'bob']) sandbox.createUser({ id, password })
  const mine = sandbox.addPasskey('ann', 'Yubikey')
  const foreign = sandbox.addPasskey('bob', 'Phone')
  const { cookie } = sandbox.openBrowserSession('ann')
  const remove = (id: number) =>
    call(sandbox, 'DELETE', `/index.php/settings/api/personal/webauthn/registration/${id}`, {
      as: { cookie }
    })
  for (const id of [foreign.id, 4711]) t.match(await remove(id), { status: 200, data: [] })
  t.equal(sandbox.passkeys('bob').length, 1)
  sandbox.advanceClock(31 * 60)
  t.equal((await remove(mine.id)).status, 403)
  t.match(sandbox.passkeys('ann'), [{ name: 'Yubikey' }])
  const again = sandbox.openBrowserSession('ann')
  const answer = await call(
    sandbox,
    'DELETE',
    `/index.php/settings/api/personal/webauthn/registration/${mine.id}`,
    { as: again }
  )
  t.equal(answer.status, 200)
  t.equal(sandbox.passkeys('ann').length, 0)
  t.match(sandbox.calls().at(-1)?.effects, [{ userId: 'ann', effect: `delete passkey ${mine.id}` }])
})

t.test('a log-in by passkey clears the reset link and shows in the list of tokens', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password, email: 'ann@acme.example' })
  await call(sandbox, 'POST', '/index.php/lostpassword/email', { form: { user: 'ann' } })
  const { cookie } = sandbox.loginByPasskey('ann', sandbox.addPasskey('ann', 'Yubikey').id)
  t.equal(sandbox.users().find(({ id }) => id === 'ann')?.pendingLink, null)
  t.match(sandbox.tokens('ann'), [{ kind: 'session', state: 'alive' }])
  t.equal((await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { cookie } })).status, 200)
})

t.test('with the account go its passkeys: a new one of that id does not have them', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { id } = sandbox.addPasskey('ann', 'Yubikey')
  await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann`, { as: sandbox.admin })
  sandbox.createUser({ id: 'ann', password })
  t.strictSame(sandbox.passkeys('ann'), [])
  t.notOk(sandbox.loginByPasskey('ann', id).ok)
})
