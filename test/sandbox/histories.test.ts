import t from 'tap'
import {
  askForMail,
  call,
  createAnn,
  fresh,
  newestLink,
  ocs,
  password,
  putUser,
  sandboxFor
} from './client.ts'

t.test('every password that an account ever had is known, with its time and who set it', async (t) => {
  const start = 1_800_000_000_000
  const sandbox = await sandboxFor(t, { clock: () => start })
  createAnn(sandbox)
  sandbox.createUser({ id: 'second', password, groups: ['admin'] })
  sandbox.advanceClock(10)
  await putUser(sandbox, 'ANN', 'password', 'By-The-Admin-1')
  await putUser(sandbox, 'ann', 'password', 'By-The-Second-1', { user: 'second', password })
  await putUser(sandbox, 'ann', 'password', 'By-Herself-001', { user: 'ann', password: 'By-The-Second-1' })
  await putUser(sandbox, 'ann', 'password', 'short')
  await askForMail(sandbox, 'ann')
  sandbox.completeReset(newestLink(sandbox, 'ann@acme.example'), 'By-The-Link-01')
  sandbox.updateUser('ann', { password: 'By-A-Thief-0001' })
  sandbox.updateUser('ann', { email: 'other@acme.example' })
  await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann`, { as: sandbox.admin })
  const later = start + 10_000
  t.strictSame(sandbox.passwordHistory('Ann'), [
    { password, at: start, by: 'created', actor: null },
    { password: 'By-The-Admin-1', at: later, by: 'admin', actor: 'admin' },
    { password: 'By-The-Second-1', at: later, by: 'admin', actor: 'second' },
    { password: 'By-Herself-001', at: later, by: 'person', actor: 'ann' },
    { password: 'By-The-Link-01', at: later, by: 'reset link', actor: null },
    { password: 'By-A-Thief-0001', at: later, by: 'updateUser', actor: null }
  ])
  await call(sandbox, 'POST', `${ocs}/cloud/users`, { as: sandbox.admin, form: { userid: 'new', password } })
  t.match(sandbox.passwordHistory('new'), [{ password, by: 'admin', actor: 'admin' }])
  t.match(sandbox.passwordHistory('admin'), [{ password: sandbox.admin.password, by: 'created' }])
  t.strictSame(sandbox.passwordHistory('nobody'), [])
  t.strictSame(
    (await call(sandbox, 'GET', '/sandbox/api/users/ann/passwords')).data,
    sandbox.passwordHistory('ann')
  )
})

t.test('links are judged without being used, and as a person would find them', async (t) => {
  const sandbox = await sandboxFor(t, { version: 31 })
  createAnn(sandbox)
  const judged = (): string[] => sandbox.linksOf('ann').map(({ verdict }) => verdict)
  for (let n = 0; n < 2; n++) await askForMail(sandbox, 'ann')
  t.match(sandbox.linksOf('Ann'), [
    { works: false, verdict: 'invalid', delivered: true, address: 'ann@acme.example' },
    { works: true, verdict: 'good', link: newestLink(sandbox, 'ann@acme.example') }
  ])
  t.strictSame(judged(), ['invalid', 'good'], 'looking changes nothing')
  await putUser(sandbox, 'ann', 'password', fresh)
  t.strictSame(judged(), ['invalid', 'good'], 'on 31 a password of the admin leaves it alive')
  sandbox.updateUser('ann', { enabled: false })
  t.strictSame(judged(), ['unknown-user', 'unknown-user'])
  sandbox.updateUser('ann', { enabled: true, backend: 'LDAP' })
  t.equal(sandbox.linksOf('ann').at(-1)?.works, false, 'no password to set')
  sandbox.updateUser('ann', { backend: 'Database' })
  sandbox.settings({ mailServerDown: true })
  await askForMail(sandbox, 'ann')
  t.match(sandbox.linksOf('ann').at(-1), { works: true, delivered: false }, 'nobody ever saw it')
  sandbox.loginAsPerson('ann', fresh)
  t.strictSame(judged(), ['invalid', 'invalid', 'invalid'])
  t.strictSame((await call(sandbox, 'GET', '/sandbox/api/users/ann/links')).data, sandbox.linksOf('ann'))
  await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann`, { as: sandbox.admin })
  t.strictSame(new Set(judged()), new Set(['unknown-user']))
  t.strictSame(sandbox.linksOf('nobody'), [])
})
