import t from 'tap'
import { type Ask, askForMail, call, createAnn, formLogin, ocs, password, sandboxFor } from './client.ts'

t.test('a fault aimed at one user meets every call about them, in any case, and no other', async (t) => {
  const sandbox = await sandboxFor(t)
  const { browser, app } = createAnn(sandbox)
  sandbox.createUser({ id: 'bob', password, email: 'bob@acme.example' })
  const bobs = sandbox.openBrowserSession('bob')
  const as = sandbox.admin
  const of = (user: string, address: string, session: Ask['as'], own: Ask['as']): [string, string, Ask][] => [
    ['GET', `${ocs}/cloud/users/${user}`, { as }],
    ['PUT', `${ocs}/cloud/users/${user}/enable`, { as }],
    ['GET', `${ocs}/twofactor/state?user=${user}`, { as }],
    ['POST', '/index.php/login', { form: { user, password }, headers: { Origin: sandbox.url } }],
    ['POST', '/index.php/lostpassword/email', { form: { user } }],
    ['POST', '/index.php/lostpassword/email', { form: { user: address } }],
    ['GET', `/index.php/lostpassword/reset/form/token/${user}`, {}],
    ['GET', `${ocs}/cloud/user`, { as: own! }],
    ['GET', '/index.php/settings/user/security', { as: session! }],
    ['DELETE', '/index.php/settings/personal/authtokens/99', { as: session! }]
  ]
  sandbox.addFault({ match: { user: 'aNN' }, do: 'empty-200' })
  for (const [method, path, ask] of of('Ann', 'ann@acme.example', browser, app)) {
    await call(sandbox, method, path, ask)
    t.equal(sandbox.calls().at(-1)?.fault, 'empty-200', `${method} ${path}`)
  }
  t.equal((sandbox.faults()[0] as { seen?: number }).seen, 10)
  for (const [method, path, ask] of of('bob', 'bob@acme.example', bobs, { user: 'bob', password })) {
    await call(sandbox, method, path, ask)
    t.equal(sandbox.calls().at(-1)?.fault, null, `${method} ${path}`)
  }
})

t.test("an admin's own log-in is no call about the admin; those about the admin's account are", async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  sandbox.createUser({ id: 'second', password, groups: ['admin'] })
  for (const user of ['admin', 'second']) sandbox.addFault({ match: { user }, do: 'empty-200' })
  for (const as of [sandbox.admin, { user: 'second', password }]) {
    t.not((await call(sandbox, 'GET', `${ocs}/cloud/users/ann`, { as })).text, '')
    t.equal((await call(sandbox, 'GET', `${ocs}/cloud/users/${as.user}`, { as })).text, '')
  }
})

t.test('nth and times count the calls about that user only; the fault added first strikes', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['ann', 'bob']) sandbox.createUser({ id })
  sandbox.addFault({ match: { user: 'ann', pathRegex: '/cloud/users/' }, nth: 2, times: 1, do: '429-empty' })
  sandbox.addFault({ match: { pathRegex: 'cloud' }, nth: 4, do: 'html-500' })
  const get = async (id: string): Promise<number> =>
    (await call(sandbox, 'GET', `${ocs}/cloud/users/${id}`, { as: sandbox.admin })).status
  const seen: number[] = []
  for (const id of ['ann', 'bob', 'bob', 'ann', 'bob', 'ann']) seen.push(await get(id))
  t.strictSame(seen, [200, 200, 200, 429, 500, 500])
})

t.test('refuse has no effect, though the body was read to see whom the call concerns', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  for (const kind of ['refuse', 'reset-before'] as const) {
    sandbox.addFault({ match: { user: 'ann' }, times: 2, do: kind })
    await t.rejects(askForMail(sandbox, 'ann'))
    await t.rejects(formLogin(sandbox, 'ann', password))
  }
  t.equal(sandbox.mails().length, 0)
  t.equal(sandbox.tokens('ann').length, 2)
  t.equal((await askForMail(sandbox, 'ann')).status, 200)
})

t.test('thousands of faults, each for one user, cost the calls of others nothing', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann' })
  for (let n = 0; n < 20_000; n++) sandbox.addFault({ match: { user: `u${n}` }, do: 'refuse' })
  const began = performance.now()
  for (let n = 0; n < 50; n++) await call(sandbox, 'GET', `${ocs}/cloud/users/ann`, { as: sandbox.admin })
  t.ok(performance.now() - began < 2_000)
  await t.rejects(call(sandbox, 'GET', `${ocs}/cloud/users/u7`, { as: sandbox.admin }))
})
