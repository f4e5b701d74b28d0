import { spawnSync } from 'node:child_process'
import t, { type Test } from 'tap'
import type { inTransaction } from '../../src/db/transaction.ts'
import { decide } from '../../src/operations/decide.ts'
import { keyOf } from '../access/caller.ts'
import { people, startCampaigning } from '../support/campaigns.ts'
import { advanceClock } from '../support/clock.ts'
import { eventually, type Locksmith, looseBrakes, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
const known = new Date(Date.now() - 48 * 3_600_000)
const bob = { owner: 'bob', vouchers: [], since: known }

/** A brake that is reached, and the users above it. */
async function above(t: Test, count: number, options: Parameters<typeof startLocksmith>[1] = {}) {
  const here = await startLocksmith(t, { ...options, env: { ...looseBrakes, BRAKE_LOCK_OUTS: '0' } })
  const ids = Array.from({ length: count }, (_, i) => `person-${i}`)
  for (const id of ids)
    here.sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  here.sandbox.createUser({ id: 'alice', password: 'Old-Password-4711', email: 'alice@example.org' })
  here.sandbox.createUser({ id: 'bob', password: 'Old-Password-4711', email: 'bob@example.org' })
  for (const id of ids) await here.call('POST', `/users/${id}/reset`, { body: { reason: `for ${id}` } })
  const [{ id }] = (await here.call('GET', '/approvals')).body.items
  return {
    ...here,
    ids,
    id,
    path: `/approvals/${id}`,
    show: async () => (await here.call('GET', `/approvals/${id}`)).body
  }
}

const by = (hand: NonNullable<Parameters<typeof decide>[2]['hand']>) =>
  ({ actor: `key:${hand.owner}`, hand }) as const
const states = async ({ call }: Pick<Locksmith, 'call'>) =>
  (await call('GET', '/operations')).body.items.map(({ state }: { state: string }) => state) as string[]
const decidedBy = (
  { world }: Pick<Locksmith, 'world'>,
  id: string,
  hand: Parameters<typeof by>[0],
  hash?: string
) => decide(world.pool, id, by(hand), { state: 'approved', hash })

t.test('one approval lets everyone on its list go on, counted by no brake', async (t) => {
  const here = await above(t, 30)
  const list = await here.show()
  t.match(list, {
    state: 'pending',
    action: { kind: 'reset', mail: 'nextcloud', revoke: 'all' },
    brakes: ['lock-out'],
    requestedBy: 'key:first',
    targets: here.ids
      .sort()
      .map((userId) => ({ userId, state: 'awaiting-approval', reason: `for ${userId}` }))
  })
  await decidedBy(here, here.id, bob, list.hash)
  await eventually(
    () => states(here),
    (all) => all.every((state) => state === 'succeeded' || state === 'waiting'),
    60
  )
  t.equal((await here.show()).state, 'approved')
  const { rows } = await here.world.pool.query('SELECT count(*) AS n FROM brake_use')
  t.equal(rows[0].n, 0)
  t.equal(
    (await here.call('POST', '/users/alice/reset', wait)).body.state,
    'awaiting-approval',
    'nobody else'
  )
  const audit = (await here.call('GET', '/audit?action=approval.approved')).body.items
  t.match(audit, [{ actor: 'key:bob', details: { targets: 30, hash: list.hash, kind: 'reset' } }])
})

t.test('an approval is for the very list and action that was read', async (t) => {
  const here = await above(t, 2, { worker: false })
  const { hash } = await here.show()
  await here.call('POST', '/users/alice/reset', { body: { reason: 'slipped in' } })
  await t.rejects(decidedBy(here, here.id, bob, hash), { code: 'approval-changed' })
  await t.rejects(decidedBy(here, here.id, bob), { code: 'approval-changed' })
  t.equal((await here.show()).state, 'pending')
  const again = await here.show()
  t.equal(again.targets.length, 3)
  t.not(again.hash, hash)
  await here.call('POST', `${again.targets[0].operation}/cancel`)
  t.equal((await here.show()).hash, hash, 'as before, once it left')
  await here.call('POST', '/users/alice/reset', { body: { mail: 'none' } })
  const { items } = (await here.call('GET', '/approvals')).body
  t.equal(items.length, 2, 'something else is another question')
  await decidedBy(here, here.id, bob, hash)
  t.same((await states(here)).sort(), ['awaiting-approval', 'cancelled', 'waiting', 'waiting'])
})

t.test('nobody approves what the same hand asked for', async (t) => {
  const { world, id, show } = await above(t, 1, { worker: false })
  const { hash } = await show()
  const refused = { code: 'approval-not-allowed' }
  await world.pool.query(`UPDATE approval SET owner = 'ann', vouchers = '{eve}'`)
  for (const [who, hand] of Object.entries({
    'the owner, with another key': { ...bob, owner: 'ann' },
    'a key that the owner made': { ...bob, vouchers: ['ann'] },
    'a key that such a key made': { ...bob, vouchers: ['ann', 'zoe'] },
    'whoever made the key that asked': { ...bob, owner: 'eve' },
    'another key that the same hand made': { ...bob, vouchers: ['zoe', 'eve'] },
    'a key made just now': { ...bob, since: new Date() },
    'a key of an hour before its time': { ...bob, since: new Date(Date.now() - 23 * 3_600_000) },
    'a key of unknown age': { owner: 'host', vouchers: [] }
  }))
    await t.rejects(decide(world.pool, id, by(hand), { state: 'approved', hash }), refused, who)
  t.equal((await show()).state, 'pending')
  await decide(world.pool, id, by(bob), { state: 'approved', hash })
  t.equal((await show()).state, 'approved')
})

t.test('keys of two people that were made with the first key are two hands', async (t) => {
  const { world, id, show } = await above(t, 1, { worker: false })
  const { hash } = await show()
  await world.pool.query(`UPDATE approval SET owner = 'ann', vouchers = '{host}'`)
  await decidedBy({ world }, id, { ...bob, vouchers: ['host'] }, hash)
  t.equal((await show()).state, 'approved')
})

t.test('whoever starts a campaign is no second person for what follows from it', async (t) => {
  const here = await startCampaigning(t, { env: { ...looseBrakes, BRAKE_LOCK_OUTS: '0' } })
  people(here.sandbox, 2)
  const ann = await keyOf(here, ['admin'], { owner: 'ann', since: known })
  const bert = await keyOf(here, ['admin'], { owner: 'bert', since: known })
  const carl = await keyOf(here, ['admin'], { owner: 'carl', since: known })
  const body = {
    name: 'All',
    audience: { domains: ['customer.example'] },
    owner: 'it@example.org',
    mode: 'reset'
  }
  const created = await here.call('POST', '/campaigns', { ...ann, body })
  t.equal((await here.call('POST', `/campaigns/${created.body.id}/start`, bert)).status, 200)
  const { items } = await eventually(
    async () => (await here.call('GET', '/approvals?state=pending')).body,
    ({ items }) => items.length === 1 && !items[0].gathering
  )
  const path = `/approvals/${items[0].id}`
  const { hash } = (await here.call('GET', path)).body
  for (const key of [ann, bert])
    t.match(await here.call('POST', `${path}/approve`, { ...key, body: { hash } }), {
      status: 403,
      body: { code: 'approval-not-allowed' }
    })
  t.equal((await here.call('POST', `${path}/approve`, { ...carl, body: { hash } })).status, 200)
})

t.test('over HTTP: whoever asked is refused and may take it back; it is decided once', async (t) => {
  const here = await above(t, 2, { worker: false })
  const { call, path } = here
  const { hash } = await here.show()
  t.match(await call('POST', `${path}/approve`, { body: { hash } }), {
    status: 403,
    body: { code: 'approval-not-allowed' }
  })
  t.equal((await call('POST', `${path}/approve`, { body: {} })).status, 400, 'not without the list')
  for (const reason of ['a\u0000b', '\ud800'])
    t.equal((await call('POST', `${path}/reject`, { body: { reason } })).status, 400, 'cannot be stored')
  const dry = await call('POST', `${path}/reject?dryRun=true`, { body: {} })
  t.match(dry, { status: 200, body: { state: 'rejected', dryRun: true } })
  t.equal((await here.show()).state, 'pending', 'tried, and not done')
  const rejected = await call('POST', `${path}/reject`, { body: { reason: 'a mistake' } })
  t.match(rejected, {
    status: 200,
    body: {
      state: 'rejected',
      reason: 'a mistake',
      targets: [{ state: 'cancelled' }, { state: 'cancelled' }]
    }
  })
  t.match((await call('GET', rejected.body.targets[0].operation)).body.problem, {
    code: 'approval-not-given',
    detail: /rejected it: a mistake/
  })
  t.match(await call('POST', `${path}/reject`, { body: {} }), {
    status: 409,
    body: { code: 'approval-over' }
  })
  t.match(await call('GET', '/approvals/01a20931-0d3e-7000-9c55-2f1d7a3f6a10'), {
    status: 404,
    body: { code: 'unknown-approval' }
  })
})

t.test('nobody decides in time: nothing is done, and it says so', async (t) => {
  const here = await above(t, 2)
  await advanceClock(here.world.pool, here.sandbox, 73 * 3_600)
  await eventually(here.show, ({ state }) => state === 'expired')
  t.same(await states(here), ['cancelled', 'cancelled'])
  t.match((await here.call('GET', '/audit?action=approval.expired')).body.items, [{ actor: 'system' }])
})

t.test('what nobody approved in time is over, although nobody has come to say so', async (t) => {
  const here = await above(t, 1, { worker: false })
  const { hash } = await here.show()
  await here.world.pool.query(`UPDATE approval SET expires_at = locksmith_now()`)
  await t.rejects(decidedBy(here, here.id, bob, hash), { code: 'approval-over' })
  t.same(await states(here), ['awaiting-approval'])
})

t.test('who left the list before the decision is not on it afterwards', async (t) => {
  const here = await above(t, 3, { worker: false })
  const [first] = (await here.show()).targets
  await here.call('POST', `${first.operation}/cancel`)
  const { hash, targets } = await here.show()
  await decidedBy(here, here.id, bob, hash)
  const after = await here.show()
  t.equal(after.hash, hash)
  t.same(
    after.targets.map(({ userId }: { userId: string }) => userId),
    targets.map(({ userId }: { userId: string }) => userId)
  )
  t.match((await here.call('GET', '/approvals')).body.items, [{ targets: 2 }])
  await here.call('POST', `${targets[0].operation}/cancel`)
  t.match((await here.show()).targets, [{ state: 'cancelled' }, { state: 'waiting' }], 'who left it later is')
})

t.test('whoever is being cancelled is waited for, and then the list is another one', async (t) => {
  const here = await above(t, 2, { worker: false })
  const { hash, targets } = await here.show()
  const tx = await here.world.pool.connect()
  await tx.query('BEGIN')
  await tx.query(`UPDATE operation SET state = 'cancelled', finished_at = locksmith_now() WHERE id = $1`, [
    targets[0].operation.split('/').at(-1)
  ])
  const decided = decidedBy(here, here.id, bob, hash)
  const refused = t.rejects(decided, { code: 'approval-changed' })
  await new Promise((resolve) => setTimeout(resolve, 200))
  await tx.query('COMMIT')
  tx.release()
  await refused
  t.same((await states(here)).sort(), ['awaiting-approval', 'cancelled'])
})

t.test('an approved user whom something else works on by now is left alone', async (t) => {
  const here = await above(t, 2, { worker: false })
  await here.call('POST', '/users/person-0/reset-mail')
  await decidedBy(here, here.id, bob, (await here.show()).hash)
  t.same(await states(here), ['queued', 'waiting', 'failed'])
})

t.test('an approved user who is protected by now is not touched', async (t) => {
  const here = await above(t, 2)
  const { hash } = await here.show()
  here.sandbox.updateUser('person-0', { groups: ['admin'] })
  await decidedBy(here, here.id, bob, hash)
  await eventually(
    () => states(here),
    (all) => all.every((state) => state === 'succeeded' || state === 'failed')
  )
  const { items } = (await here.call('GET', '/operations?userId=person-0')).body
  t.match(items, [{ state: 'failed', problem: { code: 'protected-user' } }])
  t.equal(here.sandbox.passwordHistory('person-0').length, 1, 'the password is as it was')
})

t.test(
  'parallel decisions and requests: one decision, and nobody joins a list that was approved',
  async (t) => {
    const here = await above(t, 3, { worker: false })
    const { hash } = await here.show()
    const late = ['alice', 'bob'].map((id) => here.call('POST', `/users/${id}/reset`, { body: {} }))
    const decisions = await Promise.allSettled(
      Array.from({ length: 10 }, () => decidedBy(here, here.id, bob, hash))
    )
    await Promise.all(late)
    const done = decisions.filter(({ status }) => status === 'fulfilled').length
    t.ok(done <= 1)
    const all = await states(here)
    t.equal(all.filter((state) => state === 'waiting').length, 3 * done)
    t.equal(all.filter((state) => state === 'awaiting-approval').length, 2 + 3 * (1 - done))
  }
)

t.test('the host decides where there is no second person, and the audit says so', async (t) => {
  const here = await above(t, 2, { worker: false })
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['src/main.ts', 'host', 'approvals', ...args], {
      env: { ...process.env, DATABASE_URL: here.databaseUrl },
      encoding: 'utf8',
      timeout: 30_000
    })
  t.match(run('list').stdout, new RegExp(`${here.id}  pending  reset  asked by key:first.*2 users`))
  const { stdout } = run('show', here.id)
  const hash = /--hash ([0-9a-f]{64})/.exec(stdout)?.[1]
  t.equal(hash, (await here.show()).hash)
  t.match(run('approve', here.id), { status: 1, stderr: /--hash/ })
  t.match(run('approve', here.id, '--hash', '0'.repeat(64)), { status: 1, stderr: /list is not the one/ })
  t.match(run('approve', here.id, '--hash', hash!), { status: 0, stdout: /is approved/ })
  t.same(await states(here), ['waiting', 'waiting'])
  t.match((await here.call('GET', '/audit?action=approval.approved')).body.items, [{ actor: 'host' }])
})

t.test('a decision that is tried is taken back', async (t) => {
  const here = await above(t, 1, { worker: false })
  const { hash } = await here.show()
  const inVain = (await import('../../src/db/transaction.ts')).inVain as typeof inTransaction
  t.match(await decide(here.world.pool, here.id, by(bob), { state: 'approved', hash }, inVain), {
    state: 'approved'
  })
  t.match(await here.show(), { state: 'pending', hash, targets: [{ state: 'awaiting-approval' }] })
})
