import t from 'tap'
import { call, ocs, password, sandboxFor } from './client.ts'

const path = `${ocs}/apps/files_sharing/api/v1/shares`
const ann = { user: 'ann', password }

t.test("a public link's page is closed while its owner is disabled, its files are not", async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { token, id } = sandbox.addShare('ann', { type: 3 })
  const opened = () => [sandbox.openPublicLink(token ?? ''), sandbox.openPublicFiles(token ?? '')]
  t.strictSame(opened(), [200, 207])
  sandbox.updateUser('ann', { enabled: false })
  t.strictSame(opened(), [404, 207])
  sandbox.updateUser('ann', { enabled: true })
  t.equal((await call(sandbox, 'DELETE', `${path}/${id}`, { as: ann })).status, 200)
  t.strictSame(opened(), [404, 503])
  t.equal(sandbox.openPublicLink('never made'), 404)
})

t.test('the list has no pages, and forgets what has expired', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  for (let i = 0; i < 120; i++) sandbox.addShare('ann', { type: 3, path: `/Folder ${i}` })
  const expiresAt = sandbox.clock.seconds() + 60
  const { token } = sandbox.addShare('ann', { type: 3, expiresAt })
  const count = async (): Promise<number> =>
    (await call(sandbox, 'GET', `${path}?limit=10`, { as: ann })).data.ocs.data.length
  t.equal(await count(), 121)
  sandbox.advanceClock(61)
  t.equal(await count(), 120)
  t.equal(sandbox.openPublicLink(token ?? ''), 404)
})

t.test(
  'what others share of ones files is listed only with reshares, and goes with its source',
  async (t) => {
    const sandbox = await sandboxFor(t)
    for (const id of ['ann', 'bob']) sandbox.createUser({ id, password })
    const given = sandbox.addShare('ann', { type: 0, shareWith: 'bob', permissions: 31 })
    const link = sandbox.addShare('bob', { type: 3, owner: 'ann' })
    const ids = async (query: string): Promise<string[]> =>
      (await call(sandbox, 'GET', `${path}${query}`, { as: ann })).data.ocs.data.map(
        ({ id }: { id: string }) => id
      )
    t.strictSame(await ids(''), [String(given.id)])
    t.strictSame(await ids('?reshares=true'), [String(given.id), String(link.id)])
    await call(sandbox, 'DELETE', `${path}/${given.id}`, { as: ann })
    t.strictSame(sandbox.shares('ann'), [])
  }
)

t.test('a foreign share is not found; a member of the group only turns it down', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  sandbox.createUser({ id: 'bob', password, groups: ['acme'] })
  sandbox.createUser({ id: 'eve', password })
  const { id } = sandbox.addShare('ann', { type: 1, shareWith: 'acme' })
  const remove = async (user: string): Promise<number> =>
    (await call(sandbox, 'DELETE', `${path}/${id}`, { as: { user, password } })).status
  t.equal(await remove('eve'), 404)
  t.equal(await remove('bob'), 200)
  t.equal(sandbox.shares('ann').length, 1)
})

t.test(
  'with the account go its shares, but not its mails and federated shares of others files',
  async (t) => {
    const sandbox = await sandboxFor(t)
    for (const id of ['ann', 'bob']) sandbox.createUser({ id, password })
    sandbox.addShare('ann', { type: 3 })
    sandbox.addShare('ann', { type: 6, shareWith: 'x@elsewhere.example' })
    sandbox.addShare('bob', { type: 0, shareWith: 'ann' })
    sandbox.addShare('ann', { type: 3, owner: 'bob' })
    sandbox.addShare('ann', { type: 4, owner: 'bob', shareWith: 'x@elsewhere.example' })
    sandbox.addShare('ann', { type: 6, owner: 'bob', shareWith: 'x@elsewhere.example' })
    await call(sandbox, 'DELETE', `${ocs}/cloud/users/ann`, { as: sandbox.admin })
    t.strictSame(
      sandbox.shares('bob').map(({ type, initiator }) => `${type} by ${initiator}`),
      ['4 by ann', '6 by ann']
    )
  }
)

t.test('a link with a password asks for it', async (t) => {
  const sandbox = await sandboxFor(t)
  sandbox.createUser({ id: 'ann', password })
  const { token } = sandbox.addShare('ann', { type: 3, hasPassword: true })
  t.equal(sandbox.openPublicLink(token ?? ''), 303)
  t.equal(sandbox.openPublicFiles(token ?? ''), 401)
})
