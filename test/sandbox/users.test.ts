import t from 'tap'
import { call, codes, formLogin, fresh, ocs, password, putUser, sandboxFor } from './client.ts'

t.test('ids are found in any case and keep the one they were made with', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'Ann', password })
  const answer = await call(sandbox, 'GET', `${ocs}/cloud/users/aNN`, { as: sandbox.admin })
  t.equal(answer.data.ocs.data.id, 'Ann')
  t.equal((await putUser(sandbox, 'ANN', 'password', fresh)).status, 200)
  t.equal(sandbox.tryCredential({ user: 'ann', password: fresh }), 200)
})

t.test('numeric ids are JSON numbers in the list of ids, and keys of the details', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['4711', '007', '12a']) sandbox.createUser({ id })
  const ids = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: sandbox.admin })
  t.strictSame(ids.data.ocs.data.users, ['007', '12a', 4711, 'admin'])
  const details = await call(sandbox, 'GET', `${ocs}/cloud/users/details`, { as: sandbox.admin })
  t.strictSame(details.data.ocs.data.users['4711'].id, '4711')
})

t.test('weird ids can be used as they are', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ["o'neil", 'ann b', 'ann@acme.example', 'a+b', 'ü', '%41', '<b>']) {
    sandbox.createUser({ id, password, email: 'weird@acme.example' })
    const answer = await call(sandbox, 'GET', `${ocs}/cloud/users/${encodeURIComponent(id)}`, {
      as: sandbox.admin
    })
    t.equal(answer.data.ocs.data.id, id)
    t.equal((await putUser(sandbox, id, 'password', fresh)).status, 200)
    t.equal((await formLogin(sandbox, id, fresh)).status, 303)
  }
})

t.test('the ids details, disabled and recent reach other routes', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['details', 'disabled', 'recent']) {
    sandbox.createUser({ id })
    const answer = await call(sandbox, 'GET', `${ocs}/cloud/users/${id}`, { as: sandbox.admin })
    t.notOk('id' in answer.data.ocs.data, id)
    t.equal((await putUser(sandbox, id, 'password', fresh)).status, 200, 'changing them works')
  }
})

t.test('a list pages by limit per backend, and is [] when empty', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['a1', 'a2', 'a3']) sandbox.createUser({ id })
  for (const id of ['b1', 'b2', 'b3']) sandbox.createUser({ id, backend: 'LDAP' })
  const page = async (query: string): Promise<unknown> =>
    (await call(sandbox, 'GET', `${ocs}/cloud/users?${query}`, { as: sandbox.admin })).data.ocs.data.users
  t.strictSame(await page('limit=2&offset=1'), ['a2', 'a3', 'b2', 'b3'])
  t.strictSame(await page('search=B2'), ['b2'])
  const empty = await call(sandbox, 'GET', `${ocs}/cloud/users/details?limit=2&offset=9`, {
    as: sandbox.admin
  })
  t.strictSame(empty.data.ocs.data.users, [])
})

t.test('errors of a PUT', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  sandbox.createUser({ id: 'ldap', backend: 'LDAP' })
  t.equal(codes(await putUser(sandbox, 'ann', 'password', 'abc')), '400/107')
  t.equal(codes(await putUser(sandbox, 'ann', 'password', `${'Ab1-'.repeat(117)}x`)), '200/200', '469 bytes')
  t.equal(codes(await putUser(sandbox, 'ann', 'password', `${'Ab1-'.repeat(117)}xy`)), '400/101')
  t.equal(codes(await putUser(sandbox, 'none', 'password', fresh)), '404/998')
  t.equal(codes(await putUser(sandbox, 'ldap', 'password', fresh)), '400/112')
  t.equal(codes(await putUser(sandbox, 'ann', 'colour', 'red')), '400/113')
  t.equal(codes(await putUser(sandbox, 'ann', 'email', 'nonsense')), '400/101')
})

t.test('a number instead of text is a 500 on 31 and an empty 400 later', async (t) => {
  for (const version of [31, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    sandbox.createUser({ id: 'ann' })
    const path = `${ocs}/cloud/users/ann`
    const answer = await call(sandbox, 'PUT', path, {
      as: sandbox.admin,
      json: { key: 'password', value: 12345 }
    })
    t.equal(answer.status, version === 31 ? 500 : 400)
    t.match(answer.text, version === 31 ? '<statuscode>996</statuscode>' : /^$/)
  }
})

t.test('with encryption the password is changed although the answer says otherwise (fact 8)', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { encryption: 'user-keys' } })
  sandbox.createUser({ id: 'ann', password })
  const answer = await putUser(sandbox, 'ann', 'password', fresh)
  t.equal(codes(answer), '400/107')
  t.match(answer.data.ocs.meta.message, 'Can not decrypt the recovery key')
  t.equal(sandbox.tryCredential({ user: 'ann', password: fresh }), 200)
})

t.test('a group admin manages its members; others do not exist for it', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'chief', password, subadminOf: ['acme'] })
  sandbox.createUser({ id: 'ann', groups: ['acme'] })
  sandbox.createUser({ id: 'boss', groups: ['acme', 'admin'] })
  sandbox.createUser({ id: 'bob', groups: ['globex'] })
  const chief = { user: 'chief', password }
  const ids = await call(sandbox, 'GET', `${ocs}/cloud/users`, { as: chief })
  t.strictSame(ids.data.ocs.data.users, ['ann', 'boss'])
  t.equal(codes(await putUser(sandbox, 'ann', 'password', fresh, chief)), '200/200')
  t.equal(codes(await putUser(sandbox, 'bob', 'password', fresh, chief)), '404/998')
  t.equal(codes(await putUser(sandbox, 'boss', 'password', fresh, chief)), '404/998')
  t.equal(codes(await call(sandbox, 'GET', `${ocs}/cloud/users/bob`, { as: chief })), '404/998')
})

t.test('groups: members, joining and leaving', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', groups: ['acme'] })
  const groups = `${ocs}/cloud/users/ann/groups`
  const as = sandbox.admin
  t.equal(codes(await call(sandbox, 'POST', groups, { as, form: { groupid: 'none' } })), '400/102')
  t.equal(codes(await call(sandbox, 'DELETE', `${groups}?groupid=acme`, { as })), '200/200')
  t.equal(codes(await call(sandbox, 'POST', groups, { as, form: { groupid: 'acme' } })), '200/200')
  const members = await call(sandbox, 'GET', `${ocs}/cloud/groups/acme/users`, { as })
  t.strictSame(members.data.ocs.data.users, ['ann'])
  t.equal(codes(await call(sandbox, 'GET', `${ocs}/cloud/groups/none/users`, { as })), '404/404')
  t.equal(codes(await call(sandbox, 'GET', `${ocs}/cloud/groups/none/users/details`, { as })), '404/998')
})

t.test(
  'disabling oneself or nobody is 101, wiping nobody 998, welcoming without an address 101',
  async (t) => {
    const sandbox = await sandboxFor(t)
    sandbox.createUser({ id: 'ann' })
    const as = sandbox.admin
    const ask = async (method: string, path: string): Promise<string> =>
      codes(await call(sandbox, method, `${ocs}/cloud/users/${path}`, { as }))
    t.equal(await ask('PUT', 'admin/disable'), '400/101')
    t.equal(await ask('PUT', 'none/disable'), '400/101')
    t.equal(await ask('POST', 'none/wipe'), '404/998')
    t.equal(await ask('POST', 'ann/welcome'), '400/101')
    t.equal(await ask('DELETE', 'none'), '404/998')
    t.equal(await ask('DELETE', 'admin'), '400/101')
  }
)
