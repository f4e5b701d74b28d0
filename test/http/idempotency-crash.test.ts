import t, { type Test } from 'tap'
import { startWorker } from '../../src/operations/worker.ts'
import { anna, answerIn, count, isReplay, lockTable, post } from '../support/keyed.ts'
import { eventually, type Locksmith, type Reply, startLocksmith } from '../support/locksmith.ts'
import { spawnApi } from '../support/spawn-api.ts'

t.test(
  '100 simultaneous requests with one key at two processes are one operation, for replicas old and new',
  async (t) => {
    const here = await startLocksmith(t, { worker: false })
    here.sandbox.createUser(anna)
    const there = await spawnApi(t, here)
    const replies = await Promise.all(Array.from({ length: 100 }, (_, i) => post(i % 2 ? here : there, 'a')))
    const accepted = replies.filter(({ status }) => status === 202)
    const [first, ...others] = accepted.filter((reply) => !isReplay(reply))
    t.equal(others.length, 0, 'one did it')
    for (const reply of accepted) t.strictSame(answerIn(reply), answerIn(first!))
    for (const reply of replies.filter((reply) => !accepted.includes(reply)))
      t.match(reply, { status: 409, body: { code: 'idempotency-key-in-flight' } })
    t.equal(await count(here, 'operation'), 1)
    t.equal(await count(here, `audit_event WHERE action = 'operation.requested'`), 1)

    there.child.kill('SIGTERM')
    await there.ended
    for (const replica of [here, await spawnApi(t, here)]) {
      const again = await post(replica, 'a')
      t.strictSame(answerIn(again), answerIn(first!))
      t.ok(isReplay(again))
    }
  }
)

t.test(
  'killed after the commit and before the answer: the same key gives the same operation elsewhere',
  async (t) => {
    const here = await startLocksmith(t, { worker: false })
    here.sandbox.createUser(anna)
    await killAfterCommit(t, here, '/users/anna/reset', async () => {
      const second = await post(here, 'a')
      t.match(second, { status: 409, body: { code: 'idempotency-key-in-flight' } }, 'not while it lives')
    })
    const retried = await once(here)
    t.match(retried, { status: 202, body: { state: 'queued' } })
    t.equal(retried.headers.get('location'), `/operations/${retried.body.id}`)
    t.notOk(isReplay(retried), 'answered for the first time')
    t.strictSame(answerIn(await post(here, 'a')), answerIn(retried))
    t.equal(await count(here, 'operation'), 1)
  }
)

t.test('killed after the commit: who asks again and waits gets the finished operation', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  await killAfterCommit(t, here, '/users/anna/reset')
  const worker = await startWorker(here.world)
  t.teardown(() => worker.stop())
  const retried = await once(here, { headers: { prefer: 'wait=20' } })
  t.match(retried, { status: 200, body: { state: 'succeeded' } })
  t.strictSame(answerIn(await post(here, 'a')), answerIn(retried))
  t.equal(await count(here, 'operation'), 1)
})

t.test('a retry that was killed before its answer is not done again', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  const { body } = await here.call('POST', '/users/anna/reset')
  await here.world.pool.query(`UPDATE operation SET state = 'needs-attention', finished_at = now()`)
  const path = `/operations/${body.id}/retry`
  await killAfterCommit(t, here, path)
  t.match(await once(here, { path }), { status: 202, body: { id: body.id, state: 'queued' } })
  t.equal(await count(here, `audit_event WHERE action = 'operation.retried'`), 1)
  t.match(await post(here, 'b', { path }), { status: 409, body: { code: 'operation-not-retryable' } })
})

t.test('killed in the middle of its transaction: nothing was begun, and the same key does it', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  const doomed = await spawnApi(t, here)
  const unlock = await lockTable(here, 'operation', 'SHARE')
  const lost = post(doomed, 'a').catch((error) => error)
  await eventually(
    () => count(here, `pg_locks WHERE NOT granted AND relation = 'operation'::regclass`),
    (waiting) => waiting === 1
  )
  doomed.child.kill('SIGKILL')
  t.type(await lost, Error)
  await unlock()
  t.equal((await once(here)).status, 202)
  t.equal(await count(here, 'operation'), 1)
  t.equal(await count(here, `audit_event WHERE action = 'operation.requested'`), 1)
})

/** The same request again until it is taken, which is within 30 s. */
const once = (here: Locksmith, options?: Parameters<typeof post>[2]): Promise<Reply> =>
  eventually(
    () => post(here, 'a', options),
    ({ status }) => status !== 409,
    30
  )

/**
 * A request to a process that is killed (as by `kill -9`) before it could answer: nobody works on operations, so it
 * waits, while what it has committed can be seen.
 */
async function killAfterCommit(t: Test, here: Locksmith, path: string, before = async () => {}) {
  const doomed = await spawnApi(t, here)
  const lost = post(doomed, 'a', { path, headers: { prefer: 'wait=60' } }).catch((error) => error)
  await eventually(
    () => count(here, `operation WHERE state = 'queued'`),
    (committed) => committed === 1
  )
  await before()
  doomed.child.kill('SIGKILL')
  t.type(await lost, Error, 'its caller is never answered')
}
