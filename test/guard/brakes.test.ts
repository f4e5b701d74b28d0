import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import type { Scope } from '../../src/access/scope.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { letThrough, readBrakesForOne } from '../../src/guard/brake.ts'
import { advanceClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'
import { byOcc, enableMeetingSecondFactor, leaver, tokenCacheSeconds } from '../support/leaver.ts'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
/** The brakes as they are where nothing is set. */
const standard = { BRAKE_LOCK_OUTS: '25', BRAKE_PERCENT: '5', BRAKE_WIPES: '1', BRAKE_DELETIONS: '1' }
const brakes = (lockOuts: number, more: Partial<typeof standard> = {}) => ({
  env: { ...standard, BRAKE_LOCK_OUTS: String(lockOuts), BRAKE_PERCENT: '0', ...more }
})

function people({ sandbox }: Locksmith, count: number): string[] {
  const ids = Array.from({ length: count }, (_, i) => `person-${i}`)
  for (const id of ids) sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  return ids
}

/** Whom Nextcloud was asked to change. */
const touched = ({ sandbox }: Locksmith) =>
  new Set(
    sandbox
      .calls()
      .filter(({ method, path }) => method === 'PUT' && path.startsWith('/ocs/v2.php/cloud/users/'))
      .map(({ path }) => path.split(/[/?]/)[5])
  )

async function keyWith({ world }: Locksmith, scopes: Scope[]): Promise<{ authorization: string }> {
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { id, name: id, secretHash: hash, scopes })
  return { authorization: `Bearer ${key}` }
}

const statesOf = async ({ world }: Locksmith): Promise<Record<string, number>> => {
  const { rows } = await world.pool.query('SELECT state, count(*) AS n FROM operation GROUP BY state')
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

const burst = Number(process.env.BURST ?? 150)

for (const most of [25, 90])
  t.test(
    `a burst of ${burst} resets with 20 keys over two replicas stops at the brake of ${most} exactly`,
    async (t) => {
      const env = { ...standard, BRAKE_LOCK_OUTS: String(most) }
      const here = await startLocksmith(t, { env })
      const there = await startLocksmith(t, { ...here, env })
      // Nextcloud itself would let nobody change more than 50 in ten minutes.
      here.sandbox.settings({ allowListed: true, applyAllowlistToRateLimit: true })
      const ids = people(here, burst)
      const keys = await Promise.all(Array.from({ length: 20 }, () => keyWith(here, ['users:reset'])))
      const answers: { status: number; body: { state: string } }[] = []
      const waiting = ids.entries()
      const send = async () => {
        for (const [i, id] of waiting) {
          const { call } = i % 2 === 0 ? here : there
          answers.push(await call('POST', `/users/${id}/reset`, { body: { mail: 'none' }, ...keys[i % 20] }))
        }
      }
      await Promise.all(Array.from({ length: 20 }, send))
      t.equal(answers.filter(({ status }) => status === 202).length, burst)
      const held = answers.filter(({ body }) => body.state === 'awaiting-approval')
      t.equal(held.length, burst - most)
      await eventually(
        () => statesOf(here),
        ({ succeeded }) => succeeded === most,
        60
      )
      t.same(await statesOf(here), { succeeded: most, 'awaiting-approval': burst - most })
      t.equal(touched(here).size, most, 'nobody else was touched')
      const { body } = await here.call('GET', '/approvals?state=pending')
      t.equal(body.items.length, 20, 'one question for each key, not one for each user')
    }
  )

/** How the brake on lock-outs stands for somebody, in a transaction of its own that adds this one and stays open. */
async function open(t: Test, pool: Pool, place: string, lockOuts: number) {
  const tx = await pool.connect()
  // There are no operations of these.
  await tx.query('BEGIN; SET LOCAL session_replication_role = replica')
  const state = { used: undefined as number | undefined }
  const limits = { lockOuts, percent: 0, wipes: 1, deletions: 1 }
  const counted = readBrakesForOne(tx, limits, { place, brakes: ['lock-out'] }).then(async ([found]) => {
    await letThrough(tx, randomUUID(), { place, brakes: ['lock-out'] })
    state.used = found!.used
  })
  const end = async () => {
    await counted
    await tx.query('COMMIT')
    tx.release()
  }
  t.teardown(() => end().catch(() => {}))
  return { state, counted, end }
}

t.test('far below a brake nobody waits for another; near it, everybody for all others', async (t) => {
  const pool = createPool(await testDatabase(t), 80)
  t.teardown(() => pool.end())
  const far = 1_000
  const lanes = await Promise.all(Array.from({ length: 64 }, (_, n) => open(t, pool, `far-${n}`, far)))
  await Promise.all(lanes.map(({ counted }) => counted))
  t.ok(
    lanes.every(({ state }) => state.used === 0),
    '64 at once, none of whom has seen another'
  )
  const oneMore = await open(t, pool, 'one-more', far)
  const near = await open(t, pool, 'near', 100)
  await sleep(300)
  t.equal(oneMore.state.used, undefined, 'all lanes are taken: this one counts alone')
  t.equal(near.state.used, undefined)
  for (const { end } of lanes) await end()
  await oneMore.end()
  t.equal(oneMore.state.used, 64, 'once they are through')
  await near.end()
  t.equal(near.state.used, 65, 'and this one after that')
  const later = await open(t, pool, 'later', 129)
  await later.counted
  t.equal(later.state.used, 66)
  const beside = await open(t, pool, 'beside', 129)
  await sleep(300)
  t.equal(beside.state.used, undefined, 'with less room than there are lanes it counts alone')
  await later.end()
  await beside.end()
  t.equal(beside.state.used, 67)
})

t.test('every way to lock somebody out is counted, and a user once, however written', async (t) => {
  const here = await startLocksmith(t, brakes(4))
  const { call } = here
  people(here, 9)
  const does = async (method: string, path: string, body?: object) =>
    (await call(method, path, { ...(body && { body }), ...wait })).body.state
  t.equal(await does('POST', '/users/person-0/reset'), 'succeeded')
  t.equal(await does('POST', '/users/PERSON-0/disable'), 'succeeded')
  t.equal(await does('POST', '/users/Person-0/offboard'), 'succeeded')
  t.equal(await does('POST', '/users/person-1/disable'), 'succeeded')
  t.equal(await does('DELETE', '/users/person-2/tokens?replacePassword=true'), 'succeeded')
  t.equal(await does('POST', '/users/person-3/wipe'), 'succeeded')
  for (const [method, path] of [
    ['POST', '/users/person-4/reset'],
    ['POST', '/users/person-5/disable'],
    ['DELETE', '/users/person-6/tokens?replacePassword=true'],
    ['POST', '/users/person-7/offboard'],
    ['POST', '/users/person-8/wipe'],
    ['POST', '/users/PERSON-4/offboard']
  ] as const)
    t.equal(await does(method, path), 'awaiting-approval', `${method} ${path}`)
  t.equal(await does('POST', '/users/person-0/enable'), 'succeeded', 'who is let in is not counted')
  t.equal(await does('POST', '/users/person-9/reset-mail'), undefined, 'nor is a mail, of nobody here')
  t.equal(await does('POST', '/users/person-5/reset-mail'), 'succeeded')
  t.equal(await does('POST', '/users/person-0/reset'), 'succeeded', 'whoever is counted may be reset again')
})

t.test('the 24 hours slide, from when something was last changed', async (t) => {
  const here = await startLocksmith(t, brakes(1))
  const { call, sandbox, world } = here
  people(here, 3)
  const reset = async (i: number) => (await call('POST', `/users/person-${i}/reset`, wait)).body
  t.equal((await reset(0)).state, 'succeeded')
  const held = await reset(1)
  t.match(held, {
    state: 'awaiting-approval',
    approval: /^\/approvals\//,
    problem: {
      code: 'awaiting-approval',
      brakes: ['lock-out'],
      detail: /1 user locked out in 24 hours, of 1/
    }
  })
  await advanceClock(world.pool, sandbox, 23.9 * 3_600)
  t.equal((await reset(2)).state, 'awaiting-approval')
  await advanceClock(world.pool, sandbox, 24.1 * 3_600)
  t.equal((await reset(2)).state, 'succeeded')
  t.equal((await reset(1)).state, undefined, 'the one that waits is not asked for twice')
})

t.test('what still waits to be done counts for as long as it does', async (t) => {
  const here = await startLocksmith(t, { ...brakes(1), worker: false })
  const { call, sandbox, world } = here
  people(here, 2)
  t.equal((await call('POST', '/users/person-0/reset')).body.state, 'queued')
  await advanceClock(world.pool, sandbox, 30 * 3_600)
  t.equal((await call('POST', '/users/person-1/reset')).body.state, 'awaiting-approval')
})

t.test('whoever was not touched does not count; whoever was does, also after a cancel', async (t) => {
  const here = await startLocksmith(t, { ...brakes(1), worker: false })
  const { call, world } = here
  people(here, 3)
  const first = (await call('POST', '/users/person-0/reset')).body
  t.equal((await call('POST', `/operations/${first.id}/cancel`)).body.state, 'cancelled')
  const second = (await call('POST', '/users/person-1/reset')).body
  t.equal(second.state, 'queued')
  await world.pool.query(
    `UPDATE operation_step SET attempts = 1 WHERE operation_id = $1 AND name = 'replace-password'`,
    [second.id]
  )
  t.equal((await call('POST', `/operations/${second.id}/cancel`)).body.state, 'needs-attention')
  t.equal((await call('POST', `/operations/${second.id}/cancel`)).body.state, 'cancelled')
  t.equal((await call('POST', '/users/person-2/reset')).body.state, 'awaiting-approval')
})

t.test('whoever was touched in part is told, and counts', async (t) => {
  const here = await startLocksmith(t, { ...brakes(1), ways: byOcc })
  const { call, sandbox } = here
  const lea = leaver(sandbox)
  leaver(sandbox, { id: 'ben' })
  // Somebody who makes a new one as soon as the last is deleted.
  const making = setInterval(() => {
    if (sandbox.tokens('lea').length === 0) sandbox.createAppPassword('lea', 'Bot')
  }, 5)
  t.teardown(() => clearInterval(making))
  const { body } = await call('DELETE', '/users/lea/tokens', wait)
  clearInterval(making)
  t.match(body, { state: 'needs-attention', problem: { code: 'tokens-remain' } })
  sandbox.advanceClock(tokenCacheSeconds)
  t.equal(sandbox.tryCredential(lea.apps[0]!), 401)
  t.equal((await call('DELETE', '/users/ben/tokens', wait)).body.state, 'awaiting-approval')
})

t.test('a retry is counted when it is done, and refused above the brake', async (t) => {
  const here = await startLocksmith(t, { ...brakes(1), worker: false })
  const { call, sandbox, world } = here
  people(here, 2)
  const { id } = (await call('POST', '/users/person-0/reset')).body
  await world.pool.query(
    `UPDATE operation_step SET attempts = 1 WHERE operation_id = $1 AND name = 'replace-password'`,
    [id]
  )
  await call('POST', `/operations/${id}/cancel`)
  await advanceClock(world.pool, sandbox, 25 * 3_600)
  t.equal((await call('POST', '/users/person-1/reset')).body.state, 'queued')
  const refused = await call('POST', `/operations/${id}/retry`)
  t.match(refused, { status: 429, body: { code: 'brake-reached', brakes: ['lock-out'] } })
  t.equal((await call('GET', `/operations/${id}`)).body.state, 'needs-attention', 'as it was')
})

t.test('to retry letting somebody in locks nobody out who was let in otherwise', async (t) => {
  const here = await startLocksmith(t, brakes(0))
  const { call, sandbox } = here
  leaver(sandbox, { enabled: false })
  const path = await enableMeetingSecondFactor(here)
  t.equal((await call('GET', path, wait)).body.state, 'needs-attention')
  sandbox.updateUser('lea', { enabled: true, twoFactor: [], password: 'New-Password-4711' })
  const passwords = sandbox.passwordHistory('lea').length
  const retried = await call('POST', `${path}/retry`, wait)
  t.match(retried.body, { state: 'needs-attention', problem: { code: 'user-enabled' } })
  t.equal(sandbox.passwordHistory('lea').length, passwords)
  t.ok(sandbox.users().find(({ id }) => id === 'lea')!.enabled)
})

t.test('devices of one user a day are wiped, and one account deleted', async (t) => {
  const here = await startLocksmith(t, brakes(100))
  const { call, sandbox, world } = here
  for (const id of ['ann', 'ben', 'cid']) leaver(sandbox, { id })
  const offboard = async (id: string, body: object) =>
    (await call('POST', `/users/${id}/offboard`, { body, ...wait })).body
  t.equal((await offboard('ann', { wipe: true, deleteAfter: 'P1D' })).state, 'succeeded')
  t.match(await offboard('ben', { wipe: true }), {
    state: 'awaiting-approval',
    problem: { brakes: ['wipe'] }
  })
  t.match((await call('POST', '/users/ben/wipe', wait)).body, { state: 'awaiting-approval' })
  t.equal((await offboard('cid', { deleteAfter: 'P1D' })).state, 'succeeded')
  await advanceClock(world.pool, sandbox, 25 * 3_600)
  const deletions = await eventually(
    async () =>
      (await call('GET', '/operations?kind=delete')).body.items as { state: string; userId: string }[],
    (items) => items.every(({ state }) => state === 'succeeded' || state === 'awaiting-approval')
  )
  t.same(deletions.map(({ state }) => state).sort(), ['awaiting-approval', 'succeeded'])
  const { userId } = deletions.find(({ state }) => state === 'awaiting-approval')!
  t.ok(sandbox.users().some(({ id }) => id === userId))
  await call('POST', `/users/${userId}/reinstate`, wait)
  t.equal(
    (await call('GET', '/operations?kind=delete&state=cancelled')).body.items.length,
    1,
    'who comes back is not'
  )
})

t.test('a share of many users is more than a number: it is counted once a day', async (t) => {
  const here = await startLocksmith(t, { ...brakes(2, { BRAKE_PERCENT: '5' }), worker: false })
  people(here, 100)
  here.sandbox.updateUser('person-99', { enabled: false })
  const more = await startLocksmith(t, { ...here, ...brakes(2, { BRAKE_PERCENT: '5' }) })
  const { rows } = await eventually(
    () => here.world.pool.query('SELECT enabled_users AS n FROM census'),
    ({ rows }) => rows[0].n !== null
  )
  const enabled = here.sandbox.users().filter((user) => user.enabled).length
  t.equal(rows[0].n, enabled)
  const { body } = await more.call('POST', '/users/person-0/reset?dryRun=true')
  t.same(body.brakes, [{ brake: 'lock-out', used: 0, most: Math.floor(enabled * 0.05) }])
})
