import t, { type Test } from 'tap'
import { advanceClock } from '../support/clock.ts'
import { leaver, lockedForGood } from '../support/leaver.ts'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'
import { spawnWorker } from '../support/spawn-worker.ts'

const wait = { headers: { prefer: 'wait=30' } }

/** An off-boarding of lea that has let her in and is logging in, slowly. */
async function offboardedUntilLogIn({ call, sandbox }: Pick<Locksmith, 'call' | 'sandbox'>) {
  sandbox.addFault({ match: { method: 'POST', pathRegex: '/login$' }, times: 1, do: 'slow', delayMs: 1_000 })
  const { body } = await call('POST', '/users/lea/offboard')
  await eventually(
    () => sandbox.faults(),
    (faults) => faults.some(({ match, seen }) => match.pathRegex === '/login$' && seen > 0)
  )
  return body
}

const sample = [
  ['enable-briefly', 'effect'],
  ['disable-user', 'intended']
] as const
const others = [
  ['enable-briefly', 'intended'],
  ['enable-briefly', 'recorded'],
  ['revoke-tokens', 'intended'],
  ['revoke-tokens', 'effect']
] as const
const isFull = process.env.SAMPLES === 'all'

for (const [step, point] of isFull ? [...sample, ...others] : sample) {
  t.test(
    `killed at ${step}, ${point}: the user who was let in is disabled before anything else`,
    async (t) => {
      const locksmith = await startLocksmith(t, { worker: false })
      const { call, sandbox } = locksmith
      const lea = leaver(sandbox, { enabled: false })
      const before = sandbox.enabledHistory('lea').length
      const { body } = await call('POST', '/users/lea/offboard')
      const first = await spawnWorker(t, locksmith, { plan: [{ step, point, act: 'kill' }] })
      await first.ended
      await spawnWorker(t, locksmith)
      const over = await eventually(
        async () => (await call('GET', `/operations/${body.id}`)).body,
        ({ state }) => state === 'succeeded' || state === 'needs-attention',
        30
      )
      t.equal(over.state, 'succeeded', JSON.stringify(over.problem))
      const changes = sandbox.enabledHistory('lea').slice(before)
      // Never enabled twice without having been disabled in between.
      let enabled = false
      for (const change of changes) {
        if (change.enabled) t.notOk(enabled, 'it was closed before it was opened again')
        enabled = change.enabled
      }
      t.equal(enabled, false)
      const opened = changes.filter((change) => change.enabled).length
      t.ok(over.outcome.windows.length >= opened, 'each window is reported')
      for (const { to } of over.outcome.windows) t.type(to, 'string')
      lockedForGood(t, sandbox, lea)
    }
  )
}

t.test('a Nextcloud that goes away while the user is let in: disabled as soon as it is back', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  sandbox.addFault({
    match: { method: 'GET', pathRegex: '/settings/user/security' },
    times: 1,
    do: '503-maintenance'
  })
  const { body } = await call('POST', '/users/lea/offboard', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.ok(body.outcome.windows.length >= 2, 'closed when it began to wait, and opened anew')
  lockedForGood(t, sandbox, lea)
})

t.test('an enabling that comes late is closed, and told', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { NEXTCLOUD_TIMEOUT_SECONDS: '1' } })
  const lea = leaver(sandbox, { enabled: false })
  const before = sandbox.enabledHistory('lea').length
  // It comes after it was given up, and before it is tried again.
  sandbox.addFault({ match: { pathRegex: '/lea/enable' }, times: 1, do: 'late', delayMs: 1_100 })
  const { body } = await call('POST', '/users/lea/offboard', wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  const [opened, closed] = sandbox.enabledHistory('lea').slice(before)
  t.ok(
    body.outcome.windows.some(
      ({ from, to }: { from: string; to: string }) =>
        Date.parse(from) <= opened!.at && Date.parse(to) >= closed!.at
    ),
    JSON.stringify(body.outcome.windows)
  )
  lockedForGood(t, sandbox, lea)
})

t.test('what was given up of a disabled leaver: a retry lets the user in again, and revokes', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { RETRY_GIVE_UP_HOURS: '0.0001' } })
  const lea = leaver(sandbox, { enabled: false })
  sandbox.addFault({ match: { method: 'GET', pathRegex: '/settings/user/security' }, do: 'html-500' })
  const first = await call('POST', '/users/lea/offboard', wait)
  t.match(first.body, { state: 'needs-attention', problem: { code: 'gave-up' }, outcome: { enabled: false } })
  const told = first.body.outcome.windows.length
  t.ok(told > 0, 'each window is told')
  sandbox.clearFaults()
  const { body } = await call('POST', `/operations/${first.body.id}/retry`, wait)
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  t.equal(body.outcome.windows.length, told + 1)
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 0, 'nobody was logged in while disabled')
  lockedForGood(t, sandbox, lea)
})

t.test('cancelled while the user is let in: disabled, and a person is told', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  const body = await offboardedUntilLogIn({ call, sandbox })
  await call('POST', `/operations/${body.id}/cancel`)
  const over = await call('GET', `/operations/${body.id}`, wait)
  t.match(over.body, { state: 'needs-attention', problem: { code: 'stopped-halfway' } })
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
  t.same(lea.alive(), [])
  const letIn = await call('GET', '/audit?action=operation.user-let-in')
  t.same(letIn.body.items, [], 'who is disabled is not said to be let in')
})

/** An off-boarding that waits for a Nextcloud that went away right after it had let the user in. */
async function letIn(t: Test) {
  const locksmith = await startLocksmith(t)
  const { call, sandbox } = locksmith
  const lea = leaver(sandbox, { enabled: false })
  const body = await offboardedUntilLogIn({ call, sandbox })
  sandbox.settings({ maintenance: true })
  const ask = async () => (await call('GET', `/operations/${body.id}`)).body
  await eventually(ask, ({ state }) => state === 'waiting')
  const isEnabled = () => sandbox.users().find(({ id }) => id === 'lea')!.enabled
  t.ok(isEnabled())
  /** What is said once nobody works on it any more. */
  const unmissable = async (last: string) => {
    const over = await eventually(ask, ({ state }) => state === 'needs-attention', 30)
    t.match(over.problem, {
      code: 'user-let-in',
      title: 'The user can log in now, and should not',
      detail: /^The user "lea" can log in now.*Disable the user in Nextcloud at once.*`retry`/,
      last: { code: last }
    })
    t.equal(over.outcome.enabled, true)
    const { items } = (await call('GET', '/audit?action=operation.user-let-in')).body
    t.match(items, [
      { userId: 'lea', operationId: body.id, details: { step: 'enable-briefly', problem: over.problem } }
    ])
  }
  /** A retry, once Nextcloud is back. */
  const mended = async () => {
    const before = sandbox.enabledHistory('lea').length
    const calls = sandbox.calls().length
    sandbox.settings({ maintenance: false })
    t.equal((await call('POST', `/operations/${body.id}/retry`)).status, 202)
    const over = await eventually(
      ask,
      ({ state }) => state === 'succeeded' || state === 'needs-attention',
      30
    )
    t.equal(over.state, 'succeeded', JSON.stringify(over.problem))
    t.equal(sandbox.enabledHistory('lea')[before]!.enabled, false, 'disabled before anything else')
    const [first] = sandbox
      .calls()
      .slice(calls)
      .filter(({ effects }) => effects.length > 0)
    t.match(first, { method: 'PUT', path: /\/users\/lea\/disable/ })
    t.ok(over.outcome.windows.length >= 2, 'each time that the user was let in is reported')
    lockedForGood(t, sandbox, lea)
  }
  return { ...locksmith, id: body.id as string, lea, isEnabled, unmissable, mended }
}

t.test('given up while the user is let in: said before all else, and a retry disables first', async (t) => {
  const { world, sandbox, isEnabled, unmissable, mended } = await letIn(t)
  await advanceClock(world.pool, sandbox, 49 * 3_600)
  await unmissable('gave-up')
  t.ok(isEnabled())
  await mended()
})

t.test(
  'cancelled while the user cannot be disabled: it is tried on, and the same is said in the end',
  async (t) => {
    const { call, id, world, sandbox, unmissable, mended } = await letIn(t)
    t.equal((await call('POST', `/operations/${id}/cancel`)).body.state, 'waiting')
    await advanceClock(world.pool, sandbox, 49 * 3_600)
    await unmissable('gave-up')
    await mended()
  }
)

t.test(
  'cancelled after a crash in the window: the next worker disables the user before it ends',
  async (t) => {
    const locksmith = await startLocksmith(t, { worker: false })
    const { call, sandbox, world } = locksmith
    const lea = leaver(sandbox, { enabled: false })
    const { body } = await call('POST', '/users/lea/offboard')
    const plan = [{ step: 'enable-briefly', point: 'effect', act: 'kill' }] as const
    await (await spawnWorker(t, locksmith, { plan: [...plan] })).ended
    await world.pool.query(`UPDATE operation SET state = 'queued', claim = NULL, claimed_by = NULL`)
    await call('POST', `/operations/${body.id}/cancel`)
    await spawnWorker(t, locksmith)
    const over = await call('GET', `/operations/${body.id}`, wait)
    t.match(over.body, { state: 'needs-attention', problem: { code: 'stopped-halfway' } })
    t.match(over.body.outcome, { enabled: false, windows: [{ to: /Z$/ }] })
    t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
    t.same(lea.alive(), [])
  }
)

t.test('cancelled while the user cannot be disabled: it ends when that was done, and says so', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  sandbox.addFault({ match: { method: 'PUT', pathRegex: '/disable' }, times: 2, do: 'ocs-failure' })
  const body = await offboardedUntilLogIn({ call, sandbox })
  await call('POST', `/operations/${body.id}/cancel`)
  const over = await call('GET', `/operations/${body.id}`, wait)
  t.match(over.body, { state: 'needs-attention', problem: { code: 'stopped-halfway' } })
  t.match(over.body.outcome, { enabled: false, windows: [{ to: /Z$/ }] })
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
  t.same(lea.alive(), [])
})

t.test('a retry lets a disabled user in anew for the log-in that it needs, and closes again', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  const lea = leaver(sandbox, { enabled: false })
  const body = await offboardedUntilLogIn({ call, sandbox })
  sandbox.updateUser('lea', { password: 'By-Someone-Else-4711' })
  const first = await call('GET', `/operations/${body.id}`, wait)
  t.equal(first.body.state, 'needs-attention')
  const failed = sandbox.counters().maxFailedLoginsPer30min
  const over = await call('POST', `/operations/${body.id}/retry`, wait)
  t.equal(over.body.state, 'succeeded', JSON.stringify(over.body.problem))
  t.equal(sandbox.counters().maxFailedLoginsPer30min, failed, 'nobody was logged in as a disabled user')
  t.match(over.body.outcome, { enabled: false, remaining: 0 })
  t.equal(over.body.outcome.windows.length, 2)
  for (const { to } of over.body.outcome.windows) t.type(to, 'string')
  lockedForGood(t, sandbox, lea)
})

t.test('killed at the wipe: devices still learn of it, and nothing deletes their tokens', async (t) => {
  for (const point of isFull ? (['intended', 'effect', 'recorded'] as const) : (['effect'] as const)) {
    const locksmith = await startLocksmith(t, { worker: false })
    const { call, sandbox } = locksmith
    const { apps } = leaver(sandbox)
    const { body } = await call('POST', '/users/lea/offboard', { body: { wipe: true } })
    const first = await spawnWorker(t, locksmith, { plan: [{ step: 'wipe-devices', point, act: 'kill' }] })
    await first.ended
    await spawnWorker(t, locksmith)
    const over = await eventually(
      async () => (await call('GET', `/operations/${body.id}`)).body,
      ({ state }) => state === 'succeeded' || state === 'needs-attention',
      30
    )
    t.equal(over.state, 'succeeded', JSON.stringify(over.problem))
    for (const { password } of apps) {
      const check = await fetch(`${sandbox.url}/index.php/core/wipe/check`, {
        method: 'POST',
        body: new URLSearchParams({ token: password })
      })
      t.same(await check.json(), { wipe: true }, point)
    }
  }
})

t.test('an enabling that lands late, after its answer was given up, leaves nobody let in', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { NEXTCLOUD_TIMEOUT_SECONDS: '1' } })
  leaver(sandbox, { enabled: false })
  sandbox.addFault({
    match: { method: 'PUT', pathRegex: '/enable' },
    times: 1,
    do: 'late',
    delayMs: 1_100
  })
  const { body } = await call('POST', '/users/lea/offboard')
  await eventually(
    () => sandbox.faults(),
    ([fault]) => fault!.seen > 0
  )
  await call('POST', `/operations/${body.id}/cancel`)
  const over = await call('GET', `/operations/${body.id}`, wait)
  t.equal(over.body.state, 'needs-attention')
  await new Promise((resolve) => setTimeout(resolve, 500))
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
})
