import t from 'tap'
import { call, codes, formLogin, fresh, ocs, password, putUser, sandboxFor } from './client.ts'

const versions = [31, 33, 34] as const

t.test('from 33 on an address does where an id is asked for: another account may be meant', async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxFor(t, { version })
    sandbox.createUser({ id: 'ann', password, email: 'ann@acme.example' })
    const as = sandbox.admin
    const found = await call(sandbox, 'GET', `${ocs}/cloud/users/Ann@acme.example`, { as })
    t.equal(found.data.ocs.data.id, version === 31 ? undefined : 'ann', `${version}`)
    const changed = await putUser(sandbox, 'ann@acme.example', 'password', fresh)
    t.equal(codes(changed), version === 31 ? '404/998' : '200/200')
    t.equal(sandbox.tryCredential({ user: 'ann', password: fresh }), version === 31 ? 401 : 200)
    const state = await call(sandbox, 'GET', `${ocs}/twofactor/state?user=ann@acme.example`, { as })
    t.equal(codes(state), version === 31 ? '404/404' : '200/200')
    const created = await call(sandbox, 'POST', `${ocs}/cloud/users`, {
      as,
      form: { userid: 'ann@acme.example', password }
    })
    t.equal(codes(created), version === 31 ? '200/200' : '400/102')
  }
})

t.test('an id comes before an address, and what another backend keeps is not found by it', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann@acme.example', password })
  sandbox.createUser({ id: 'thief', email: 'ann@acme.example' })
  sandbox.createUser({ id: 'erin', email: 'erin@acme.example', backend: 'LDAP' })
  const idOf = async (name: string): Promise<unknown> =>
    (await call(sandbox, 'GET', `${ocs}/cloud/users/${name}`, { as: sandbox.admin })).data.ocs.data.id
  t.equal(await idOf('ann@acme.example'), 'ann@acme.example')
  t.equal(await idOf('erin@acme.example'), undefined)
  await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann@acme.example`, { as: sandbox.admin })
  t.equal(await idOf('ann@acme.example'), 'thief')
})

t.test('a shared address logs nobody in by Basic auth on 31, and the first one from 33 on', async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxFor(t, { version })
    for (const id of ['ann', 'bob'])
      sandbox.createUser({ id, password: `${id}-${password}`, email: 'both@x.example' })
    const who = async (password: string) =>
      (
        await call(sandbox, 'GET', `${ocs}/cloud/user?format=json`, {
          as: { user: 'both@x.example', password }
        })
      ).data.ocs
    const first = await who(`ann-${password}`)
    if (version === 31) {
      t.equal(first.meta.message, 'Current user is not logged in')
      t.equal(sandbox.counters().maxFailedLoginsPer30min, 0, 'and that is no failed log-in')
    } else {
      t.equal(first.data.id, 'ann')
      t.equal((await who(`bob-${password}`)).meta.statuscode, 997)
    }
    const { headers } = await formLogin(sandbox, 'both@x.example', `ann-${password}`)
    t.equal(/login\?direct=1/.test(headers.get('location') ?? ''), version === 31)
  }
})

t.test('on 34 a page has 500 users at the most', async (t) => {
  for (const version of versions) {
    const sandbox = await sandboxFor(t, { version })
    const page = async (limit: number) =>
      codes(
        await call(sandbox, 'GET', `${ocs}/cloud/users/details?limit=${limit}&format=json`, {
          as: sandbox.admin
        })
      )
    t.equal(await page(500), '200/200')
    t.equal(await page(501), version === 34 ? '500/996' : '200/200')
  }
})
