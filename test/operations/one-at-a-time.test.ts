import t from 'tap'
import { sourcesOf, states, transitions } from '../../src/operations/operation.ts'
import { startSweeper } from '../../src/operations/sweep.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { spawnWorker } from '../support/spawn-worker.ts'

t.test('50 simultaneous resets of one user are one operation, and the others are told which', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  sandbox.addFault({ match: { method: 'PUT' }, do: 'hang-before' })
  const names = ['anna', 'Anna', 'ANNA']
  const replies = await Promise.all(
    Array.from({ length: 50 }, (_, i) => call('POST', `/users/${names[i % 3]}/reset`))
  )
  const begun = replies.filter(({ status }) => status === 202)
  t.equal(begun.length, 1)
  for (const { status, body, headers } of replies.filter((reply) => reply !== begun[0])) {
    t.match(
      { status, body },
      {
        status: 409,
        body: { code: 'operation-already-running', operation: `/operations/${begun[0]!.body.id}` }
      }
    )
    t.match(headers.get('link'), `</operations/${begun[0]!.body.id}>`)
  }
  sandbox.clearFaults()
  await eventually(
    async () => (await call('GET', `/operations/${begun[0]!.body.id}`)).body.state,
    (state) => state === 'succeeded'
  )
  t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 1)
})

t.test('two replicas share the work, and when one is killed the other goes on within 2 s', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox } = locksmith
  const users = Array.from({ length: 12 }, (_, i) => `user${i}`)
  for (const id of users)
    sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
  const [first] = await Promise.all([spawnWorker(t, locksmith), spawnWorker(t, locksmith)])
  sandbox.addFault({ match: { method: 'DELETE' }, do: 'slow', delayMs: 200 })
  const ids = await Promise.all(
    users.map(async (id) => (await call('POST', `/users/${id}/reset`, { body: { mail: 'none' } })).body.id)
  )
  first!.child.kill('SIGKILL')
  const killed = performance.now()
  for (const id of ids) {
    t.equal(
      await eventually(
        async () => (await call('GET', `/operations/${id}`)).body.state,
        (state) => state === 'succeeded'
      ),
      'succeeded'
    )
  }
  const { items } = (await call('GET', '/audit?action=operation.taken-over')).body
  for (const { at } of items)
    t.ok(Date.parse(at) - (performance.timeOrigin + killed) < 2_000, 'taken over in time')
  t.ok(Math.max(...Object.values(sandbox.counters().maxConcurrentPerUser)) <= 1)
})

t.test('an operation whose job was lost gets a new one', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox, world } = locksmith
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const { body } = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  await world.pool.query('DELETE FROM jobs.job')
  await world.pool.query(
    `UPDATE operation SET created_at = now() - interval '1 hour', retry_since = now() - interval '1 hour'`
  )
  await spawnWorker(t, locksmith)
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body.state,
    (state) => state === 'succeeded'
  )
})

t.test('a process whose own lock is gone takes nobody for dead; the others do', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t, { worker: false })
  for (const id of ['anna', 'berta', 'carla']) sandbox.createUser({ id, email: `${id}@example.org` })
  const stateOf = async (id: string) => (await call('GET', `/operations/${id}`)).body.state
  const [orphan, ...due] = await Promise.all(
    ['anna', 'berta', 'carla'].map(async (id) => (await call('POST', `/users/${id}/reset`)).body.id as string)
  )
  await world.pool.query(
    `UPDATE operation SET state = 'running', claim = gen_random_uuid(), claimed_by = 1 WHERE id = $1`,
    [orphan]
  )
  for (const [i, key] of [undefined, 7].entries()) {
    const sweeper = startSweeper({ ...world, presence: { ...world.presence, key: () => key } })
    // It wakes what is due after it has looked for the dead.
    await world.pool.query(`UPDATE operation SET state = 'waiting', resume_at = now() WHERE id = $1`, [
      due[i]
    ])
    await eventually(
      () => stateOf(due[i]!),
      (state) => state === 'queued'
    )
    t.equal(await stateOf(orphan!), key === undefined ? 'running' : 'queued')
    await sweeper.stop()
  }
})

t.test('a worker that is stopped hands back what it runs, and another finishes it', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox } = locksmith
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const worker = await spawnWorker(t, locksmith)
  sandbox.addFault({ match: { method: 'PUT' }, do: 'slow', delayMs: 700 })
  const { body } = await call('POST', '/users/anna/reset')
  await eventually(
    () => sandbox.calls(),
    (calls) => calls.some(({ method }) => method === 'PUT')
  )
  worker.child.kill('SIGTERM')
  await worker.ended
  t.equal((await call('GET', `/operations/${body.id}`)).body.state, 'queued')
  sandbox.clearFaults()
  await spawnWorker(t, locksmith)
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body.state,
    (state) => state === 'succeeded'
  )
})

t.test('requests and retries of one user never end each other', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const { body } = await call('POST', '/users/anna/reset')
  for (let round = 0; round < 5; round++) {
    const answers = await Promise.all(
      ['/users/anna/reset', `/operations/${body.id}/retry`].flatMap((path) =>
        Array.from({ length: 5 }, () => call('POST', path))
      )
    )
    t.same([...new Set(answers.map(({ status }) => status))], [409])
  }
})

t.test(
  'the transition table leaves no state without a way in, and final states only by a person',
  async (t) => {
    for (const state of states) {
      const reachable =
        ['queued', 'awaiting-approval', 'scheduled'].includes(state) || sourcesOf(state).length > 0
      t.ok(reachable, `${state} can be reached`)
    }
    t.same(Object.keys(transitions['needs-attention']), ['queued', 'cancelled'])
    for (const state of ['succeeded', 'failed', 'cancelled'] as const) t.same(transitions[state], {})
  }
)
