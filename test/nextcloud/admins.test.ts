import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { startSandbox } from '../../src/sandbox/index.ts'
import { bare } from '../support/bare.ts'
import { eventually, serve } from '../support/locksmith.ts'

const second = { user: 'second', password: 'Second-Password-4711' }

/** Locksmith with two admin accounts, and some users. */
async function twoAdmins(t: Test, users = 0) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  sandbox.createUser({ id: second.user, password: second.password, groups: ['admin'] })
  const names = Array.from({ length: users }, (_, i) => `user${i}`)
  for (const id of names)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  const url = new URL(sandbox.url)
  const served = await serve(t, { nextcloud: { url, publicUrl: url, admins: [sandbox.admin, second] } })
  const reset = async (id: string) =>
    (await served.call('POST', `/users/${id}/reset`, { body: { mail: 'none' } })).body.id as string
  const look = async (id: string) => (await served.call('GET', `/operations/${id}`)).body
  const finishes = (id: string) =>
    eventually(
      () => look(id),
      ({ state }) => state === 'succeeded',
      60
    )
  return { ...served, sandbox, names, reset, look, finishes }
}

t.test('two admins change twice as many users, neither more than Nextcloud lets it', async (t) => {
  const { sandbox, call, names, reset } = await twoAdmins(t, 103)
  await Promise.all(names.map(reset))
  const settled: { state: string; problem: unknown }[] = await eventually(
    async () => (await call('GET', '/operations?limit=200')).body.items,
    (all) => all.every(({ state }: { state: string }) => state === 'succeeded' || state === 'waiting'),
    120
  )
  t.equal(settled.filter(({ state }) => state === 'succeeded').length, 100)
  t.same(sandbox.counters().putsByAdmin, { admin: 50, second: 50 })
  t.same(sandbox.counters().refused, { maxDelay: 0, rateLimit: 0 })
  t.match(settled.find(({ state }) => state === 'waiting')!.problem, { code: 'nextcloud-limit' })
})

t.test(
  'a second account that is refused does not keep the first from its work, and is tried once',
  async (t) => {
    const { sandbox, world, call, names, reset, finishes, databaseUrl } = await twoAdmins(t, 4)
    await world.pool.query(
      `INSERT INTO limit_use (budget, holder, used, at) SELECT 'password:admin', 'x', true, locksmith_now() FROM generate_series(1, 50)`
    )
    sandbox.updateUser('second', { password: 'Changed-By-Hand-4711' })
    const first = await reset(names[0]!)
    await eventually(
      async () => (await call('GET', '/audit?action=nextcloud.credentials-refused')).body.items,
      ([event]) => event?.details.adminUser === 'second'
    )
    await world.pool.query('DELETE FROM limit_use')
    await world.pool.query(`UPDATE operation SET resume_at = locksmith_now() WHERE state = 'waiting'`)
    await finishes(first)
    for (const name of names.slice(1)) await finishes(await reset(name))
    t.same(sandbox.counters().putsByAdmin, { admin: 4 })
    t.equal(sandbox.counters().maxFailedLoginsPer30min, 1)
    t.match((await call('GET', '/health/ready')).status, 200)

    const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
    const retry = spawn(process.execPath, [program, 'host', 'credentials', 'retry'], {
      env: {
        ...bare,
        DATABASE_URL: databaseUrl,
        NEXTCLOUD_URL: sandbox.url,
        NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
        NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password,
        NEXTCLOUD_MORE_ADMINS: `${second.user}:${second.password}`
      }
    })
    let out = ''
    retry.stdout.on('data', (chunk) => (out += chunk))
    await once(retry, 'close')
    t.equal(out, 'admin was not refused\nsecond is used again within a second, on all replicas\n')
  }
)

t.test('a first account that is refused leaves the work to the second', async (t) => {
  const { sandbox, call, names, reset, finishes } = await twoAdmins(t, 1)
  sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
  await call('GET', '/users/user0')
  await finishes(await reset(names[0]!))
  t.same(sandbox.counters().putsByAdmin, { second: 1 })
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 1)
})

t.test('neither of its accounts can be reset by Locksmith', async (t) => {
  const { call, sandbox } = await twoAdmins(t)
  for (const id of ['admin', 'second', 'SECOND'])
    t.match(await call('POST', `/users/${id}/reset`, { body: { mail: 'none' } }), {
      status: 422,
      body: { code: 'own-account' }
    })
  t.equal(sandbox.calls().length, 0)
})
