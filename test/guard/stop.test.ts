import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { bare } from '../support/bare.ts'
import { leaver, lockedForGood } from '../support/leaver.ts'
import { eventually, type Locksmith, type Options, serve, startLocksmith } from '../support/locksmith.ts'
import { spawnWorker } from '../support/spawn-worker.ts'

const free = { allowListed: true, applyAllowlistToRateLimit: true }

/** People who are being reset, each with sessions to revoke. */
async function underLoad(t: Test, count: number, options: Options = {}) {
  const locksmith = await startLocksmith(t, {
    sandbox: { latencyMs: 10, settings: free },
    env: { WORKERS: '4' },
    ...options
  })
  const { sandbox, call, databaseUrl } = locksmith
  await serve(t, {
    databaseUrl,
    nextcloud: { url: new URL(sandbox.url), publicUrl: new URL(sandbox.url), admins: [sandbox.admin] },
    env: { WORKERS: '4' }
  })
  await spawnWorker(t, locksmith, { env: { WORKERS: '4' } })
  const users = Array.from({ length: count }, (_, n) => `user${n}`)
  for (const id of users) {
    sandbox.createUser({ id })
    sandbox.openBrowserSession(id)
    sandbox.createAppPassword(id, 'Phone')
  }
  const ids: string[] = await Promise.all(
    users.map(async (id) => (await call('POST', `/users/${id}/reset`, { body: { mail: 'none' } })).body.id)
  )
  return { ...locksmith, ids }
}

const states = async ({ call }: Locksmith) =>
  ((await call('GET', '/operations?limit=200')).body.items as { state: string }[]).map(({ state }) => state)

t.test('once a stop is answered no step begins, on any replica; resumed, everything is done', async (t) => {
  const locksmith = await underLoad(t, 45)
  const { call, world, sandbox, ids } = locksmith
  await eventually(
    () => states(locksmith),
    (all) => all.filter((state) => state === 'succeeded').length >= 3
  )
  const stop = await call('POST', '/stop', { body: { reason: 'wrong list' } })
  const answeredAt = sandbox.calls().at(-1)!.number
  t.match(stop, { status: 200, body: { stopped: true, by: 'key:first', reason: 'wrong list' } })
  // What was at work when it was answered, by the audit: said before done.
  const { rows: atWork } = await world.pool.query<{ userId: string }>(
    `SELECT p.user_id AS "userId" FROM audit_event a JOIN audit_personal p USING (seq)
      WHERE a.action = 'step.intended' AND a.seq < (SELECT max(seq) FROM audit_event WHERE action = 'service.stopped')
        AND NOT EXISTS (SELECT FROM audit_event e
          WHERE e.operation_id = a.operation_id AND e.action IN ('step.done', 'step.skipped') AND e.seq > a.seq
            AND e.details->>'step' = a.details->>'step'
            AND e.seq < (SELECT max(seq) FROM audit_event WHERE action = 'service.stopped'))`
  )
  await eventually(
    () => states(locksmith),
    (all) => all.every((state) => state === 'waiting' || state === 'succeeded')
  )
  const quietAt = sandbox.calls().at(-1)!.number
  const allowed = new Set(atWork.map(({ userId }) => userId))
  t.ok(allowed.size <= 12, `${allowed.size} steps were at work`)
  const effects = () => sandbox.calls().filter(({ effects }) => effects.length > 0)
  for (const { number, effects: made } of effects())
    if (number > answeredAt) for (const { userId } of made) t.ok(allowed.has(userId), `${userId} was at work`)
  await sleep(1_500)
  t.same(
    effects().filter(({ number }) => number > quietAt),
    [],
    'and then there is silence'
  )
  const { rows } = await world.pool.query(
    `SELECT seq FROM audit_event WHERE action = 'step.intended'
        AND seq > (SELECT max(seq) FROM audit_event WHERE action = 'service.stopped')`
  )
  t.same(rows, [], 'nothing was even intended')
  t.ok((await states(locksmith)).filter((state) => state === 'waiting').length > 5)

  const waiting = (await call('GET', '/operations?state=waiting&limit=200')).body.items
  for (const { problem, resumeAt } of waiting)
    t.match({ problem, resumeAt }, { problem: { code: 'stopped' }, resumeAt: null })
  t.match((await call('POST', '/resume')).body, { stopped: false, since: null })
  await eventually(
    () => states(locksmith),
    (all) => all.length === ids.length && all.every((state) => state === 'succeeded'),
    60
  )
  for (let n = 0; n < ids.length; n++) t.same(sandbox.tokens(`user${n}`), [])
  t.ok(Object.values(sandbox.counters().maxConcurrentPerUser).every((most) => most === 1))
})

t.test('stopped and resumed again and again under load, everything is done once', async (t) => {
  const locksmith = await underLoad(t, 20)
  const { call, sandbox, ids } = locksmith
  let rounds = 0
  while ((await states(locksmith)).some((state) => state !== 'succeeded') && rounds++ < 100) {
    await call('POST', '/stop')
    await sleep(20)
    await call('POST', '/resume')
    await sleep(150)
  }
  await eventually(
    () => states(locksmith),
    (all) => all.length === ids.length && all.every((state) => state === 'succeeded'),
    60
  )
  for (let n = 0; n < ids.length; n++) t.same(sandbox.tokens(`user${n}`), [])
})

t.test('while stopped: changes are refused and not recorded, reading and cancelling goes on', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  sandbox.createUser({ id: 'bert', email: 'bert@example.org' })
  sandbox.treatMail('anna@example.org', 'reject')
  const failed = await call('POST', '/users/anna/reset', {
    body: { mail: 'smtp' },
    headers: { prefer: 'wait=20' }
  })
  t.equal(failed.body.state, 'needs-attention')
  const { body: begun } = await call('POST', '/stop', { body: { reason: 'fire' } })
  const recorded = async () => (await world.pool.query('SELECT count(*) AS n FROM operation')).rows[0].n
  const before = await recorded()
  const asks: [string, string][] = [
    ['POST', '/users/bert/reset'],
    ['POST', '/users/bert/disable'],
    ['DELETE', '/users/bert/tokens?replacePassword=true'],
    ['POST', `/operations/${failed.body.id}/retry`],
    ['POST', '/operations/undo?since=2026-01-01T00:00:00Z']
  ]
  for (const [method, path] of asks) {
    const refused = await call(method, path, { headers: { 'idempotency-key': `k${path.length}` } })
    t.match(refused, { status: 503, body: { code: 'stopped', since: begun.since, detail: /\(fire\)/ } }, path)
  }
  t.equal(await recorded(), before)
  t.match(await call('POST', '/stop', { body: { reason: 'another' } }), { status: 200, body: begun })
  t.equal((await call('GET', '/users/bert')).status, 200)
  t.match(await call('POST', `/operations/${failed.body.id}/cancel`), { body: { state: 'cancelled' } })
  const { status, body: ready } = await call('GET', '/health/ready', { authorization: null })
  t.equal(status, 200, 'no reason to send callers elsewhere')
  t.match(ready.checks.database.detail, /stopped since/)
  t.match((await call('GET', '/metrics')).text, /^locksmith_stopped 1$/m)
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { id, name: 'reader', secretHash: hash, scopes: ['users:read'] })
  const reader = { authorization: `Bearer ${key}` }
  t.match(await call('GET', '/stop', reader), { status: 200, body: begun })
  t.equal((await call('POST', '/resume', reader)).status, 403)

  t.match(await call('POST', '/resume'), { status: 200, body: { stopped: false } })
  t.match((await call('GET', '/metrics')).text, /^locksmith_stopped 0$/m)
  const taken = await call('POST', '/users/bert/reset', {
    headers: { 'idempotency-key': `k${'/users/bert/reset'.length}`, prefer: 'wait=20' },
    body: { mail: 'none' }
  })
  t.match(taken.body, { state: 'succeeded' }, 'the refusal used the key up for nothing')
  const events = (await call('GET', '/audit?limit=200')).body.items.filter(({ action }: { action: string }) =>
    action.startsWith('service.')
  )
  t.match(events, [
    { action: 'service.resumed', actor: 'key:first' },
    { action: 'service.stopped', actor: 'key:first', details: { reason: 'fire' } }
  ])
  t.equal(events.length, 2, 'a second stop changed nothing')
})

t.test('stopped while a user is let in: the user is disabled at once, and it goes on after', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  sandbox.addFault({ match: { method: 'PUT', pathRegex: '/enable' }, times: 1, do: 'slow', delayMs: 800 })
  const { body } = await call('POST', '/users/lea/offboard')
  await eventually(
    () => sandbox.faults(),
    ([fault]) => fault!.seen > 0
  )
  await call('POST', '/stop')
  const ask = async () => (await call('GET', `/operations/${body.id}`)).body
  t.match(await eventually(ask, ({ state }) => state === 'waiting'), { problem: { code: 'stopped' } })
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
  await call('POST', '/resume')
  const over = await eventually(ask, ({ state }) => state === 'succeeded')
  t.equal(over.outcome.windows.length, 2)
  lockedForGood(t, sandbox, lea)
})

t.test('the time of a stop is no time of trying: patience is what it was', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { RETRY_GIVE_UP_HOURS: '0.001' } })
  sandbox.createUser({ id: 'anna' })
  sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: 'ocs-failure' })
  sandbox.addFault({ match: { pathRegex: '/twofactor/state' }, nth: 2, times: 1, do: 'slow', delayMs: 500 })
  const { body } = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  await call('POST', '/stop')
  const ask = async () => (await call('GET', `/operations/${body.id}`)).body
  t.match(await eventually(ask, ({ state }) => state === 'waiting'), { problem: { code: 'stopped' } })
  await sleep(4_500)
  await call('POST', '/resume')
  t.match(
    await eventually(ask, ({ state }) => state !== 'waiting' && state !== 'running' && state !== 'queued'),
    {
      state: 'succeeded',
      problem: null
    }
  )
})

t.test('one that waits in a stop can be cancelled, and then never goes on', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna' })
  sandbox.addFault({ match: { pathRegex: '/twofactor/state' }, nth: 2, times: 1, do: 'slow', delayMs: 500 })
  const { body } = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  await call('POST', '/stop')
  const ask = async () => (await call('GET', `/operations/${body.id}`)).body
  await eventually(ask, ({ state }) => state === 'waiting')
  t.match(await call('POST', `/operations/${body.id}/cancel`), { body: { state: 'cancelled' } })
  await call('POST', '/resume')
  await sleep(1_500)
  t.equal((await ask()).state, 'cancelled')
  t.notOk(sandbox.calls().some(({ effects }) => effects.length > 0))
})

t.test('`locksmith host stop` and `resume` on the host do the same', async (t) => {
  const { call, databaseUrl } = await startLocksmith(t, { worker: false })
  const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const run = async (...args: string[]) => {
    const child = spawn(process.execPath, [program, 'host', ...args], {
      env: { ...bare, DATABASE_URL: databaseUrl }
    })
    let out = ''
    child.stdout.on('data', (chunk) => (out += chunk))
    const [code] = await once(child, 'close')
    return { code, out }
  }
  t.match(await run('stop', '--reason', 'on fire'), { code: 0, out: /^stopped since .* \(by host\)/ })
  t.match((await call('GET', '/stop')).body, { stopped: true, by: 'host', reason: 'on fire' })
  t.match(await run('resume'), { code: 0, out: 'goes on within a second, on all replicas\n' })
  t.match((await call('GET', '/stop')).body, { stopped: false })
  t.match(await run('resume'), { code: 0, out: 'it was not stopped\n' })
})
