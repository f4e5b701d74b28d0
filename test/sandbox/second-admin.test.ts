import t from 'tap'
import {
  askForMail,
  call,
  codes,
  createAnn,
  formLogin,
  fresh,
  listTokens,
  ocs,
  password,
  putUser,
  sandboxFor
} from './client.ts'

const second = { user: 'second', password }

t.test('whoever is in the group admin is a full admin, on every version', async (t) => {
  for (const version of [31, 33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    createAnn(sandbox)
    sandbox.createUser({ id: 'second', password, groups: ['admin'] })
    const ask = async (method: string, path: string, form?: Record<string, string>): Promise<string> =>
      codes(await call(sandbox, method, ocs + path, { as: second, ...(form && { form }) }))
    for (const path of [
      '/cloud/users',
      '/cloud/users/details',
      '/cloud/users/ann',
      '/cloud/users/admin',
      '/cloud/apps',
      '/twofactor/state?user=ann'
    ])
      t.equal(await ask('GET', path), '200/200', `${version}: ${path}`)
    t.equal(await ask('PUT', '/cloud/users/ann', { key: 'password', value: fresh }), '200/200')
    t.equal(await ask('PUT', '/cloud/users/admin', { key: 'displayname', value: 'First' }), '200/200')
    for (const what of ['disable', 'enable']) t.equal(await ask('PUT', `/cloud/users/ann/${what}`), '200/200')
    t.equal(await ask('PUT', '/cloud/users/second/disable'), '400/101', 'not themselves')
    const { cookie } = await formLogin(sandbox, 'ann', fresh)
    t.equal((await listTokens(sandbox, cookie))?.length, 3)
    t.match(sandbox.mails({ to: 'ann@acme.example' })[0]?.text, 'second changed your password')
    sandbox.updateUser('second', { groups: [] })
    t.equal(await ask('GET', '/cloud/users/ann'), '404/998')
  }
})

t.test('each admin has 50 PUTs per 600 s of their own, and both share the address', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', email: 'ann@acme.example' })
  sandbox.createUser({ id: 'second', password, groups: ['admin'] })
  for (const as of [sandbox.admin, second]) {
    const put = async () => (await putUser(sandbox, 'ann', 'displayname', 'Ann', as)).status
    for (let n = 0; n < 50; n++) t.equal(await put(), 200)
    t.equal(await put(), 429)
  }
  t.match(sandbox.counters(), {
    putsByAdmin: { admin: 51, second: 51 },
    maxPutsPer600s: { admin: 51, second: 51 },
    refused: { rateLimit: 2 }
  })
  for (let n = 0; n < 11; n++)
    await call(sandbox, 'GET', `${ocs}/cloud/user`, { as: { user: 'second', password: 'wrong' } })
  for (const as of [sandbox.admin, second])
    t.equal(codes(await call(sandbox, 'GET', `${ocs}/cloud/user`, { as })), '429/429')
  t.equal((await askForMail(sandbox, 'ann')).status, 200, 'reset mails are counted apart')
})
