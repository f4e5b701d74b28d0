import type { FastifyRequest } from 'fastify'
import t from 'tap'
import { witnessOf } from '../../src/http/idempotency.ts'
import { freeIdempotencyKey, recordOperation } from '../../src/idempotency/idempotency.sql.ts'
import { requestOperation } from '../../src/operations/request.ts'
import {
  anna,
  answerIn,
  count,
  heldRequest,
  isReplay,
  leaveDeadRequest,
  letPass,
  lockTable,
  post
} from '../support/keyed.ts'
import { eventually, firstKey, startLocksmith } from '../support/locksmith.ts'
import { unseen } from '../support/presence.ts'

t.test('of many who find the request of a dead process one takes its key over', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  const replica = await startLocksmith(t, { ...here, worker: false })
  await leaveDeadRequest(here, 'a')
  const replies = await Promise.all(Array.from({ length: 40 }, (_, i) => post(i % 2 ? here : replica, 'a')))
  t.equal(replies.filter((reply) => reply.status === 202 && !isReplay(reply)).length, 1)
  t.ok(replies.every(({ status }) => status === 202 || status === 409))
  t.equal(await count(here, 'operation'), 1)
})

t.test('a request that lost its key begins nothing, however late it comes', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  for (const id of ['anna', 'bert']) here.sandbox.createUser({ ...anna, id })
  const { claim } = await leaveDeadRequest(here, 'a')
  const other = await post(here, 'a', { body: { mail: 'none' } })
  t.equal(other.status, 202, 'it had begun nothing, so the key is anybody’s')
  const late = witnessOf({ idempotency: { claim, operationId: null } } as FastifyRequest)
  const asked = {
    kind: 'reset',
    input: { mail: 'none', revoke: 'all' },
    actor: 'key:first',
    owner: 'host',
    vouchers: [] as string[],
    requestId: 'x'
  } as const
  await t.rejects(requestOperation(here.world, { ...asked, userId: 'bert' }, late), {
    code: 'idempotency-key-in-flight'
  })
  for (const what of ['operation', 'jobs.job', `audit_event WHERE action = 'operation.requested'`])
    t.equal(await count(here, what), 1, what)
})

t.test(
  'a process that lives but lost its lock: its operation is the only one, and both callers get it',
  async (t) => {
    const here = await startLocksmith(t)
    const replica = await startLocksmith(t, { ...here, worker: false })
    const { waiting, go } = await heldRequest(here, 'a')
    const taken = await unseen(here.world, () =>
      eventually(
        () => post(replica, 'a'),
        ({ status }) => status === 202
      )
    )
    t.equal(taken.status, 202)
    go()
    t.match((await waiting).body, { id: taken.body.id, state: 'succeeded' })
    t.strictSame(answerIn(await post(here, 'a')), answerIn(taken), 'who holds the key says what is kept')
    t.equal(await count(here, 'operation'), 1)
  }
)

t.test('a request whose process had no lock is believed for 30 s', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  await leaveDeadRequest(here, 'a')
  await here.world.pool.query('UPDATE idempotency_key SET claimed_by = NULL')
  t.equal((await post(here, 'a')).status, 409)
  await letPass(here, { seconds: 20 })
  t.equal((await post(here, 'a')).status, 409)
  await letPass(here, { seconds: 30 })
  t.equal((await post(here, 'a')).status, 202)
})

t.test('a failure after the commit does not free the key: the operation is never begun again', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  const { body } = await here.call('POST', '/users/anna/reset')
  const { claim } = await leaveDeadRequest(here, 'a')
  await recordOperation(here.world.pool, claim, body.id)
  await freeIdempotencyKey(here.world.pool, claim)
  t.match(await post(here, 'a', { body: { mail: 'none' } }), { status: 422 })
  t.match(await post(here, 'a'), { status: 202, body: { id: body.id } })
  t.equal(await count(here, 'operation'), 1)
})

t.test(
  'an answer that cannot be stored reaches its caller, and the next one gets the operation',
  async (t) => {
    const here = await startLocksmith(t)
    const { pool } = here.world
    const { waiting, go } = await heldRequest(here, 'a')
    await pool.query('ALTER TABLE idempotency_key RENAME TO hidden')
    go()
    const { status, body } = await waiting
    t.match({ status, body }, { status: 200, body: { state: 'succeeded' } })
    await pool.query('ALTER TABLE hidden RENAME TO idempotency_key')
    t.equal((await post(here, 'a')).status, 409, 'as if it were at work still')
    await letPass(here, { minutes: 2 })
    t.match(
      await post(here, 'a'),
      { status: 202, body: { id: body.id, state: 'succeeded' } },
      'for two minutes'
    )
    t.equal(await count(here, 'operation'), 1)
  }
)

t.test('a caller who hung up gets the answer when it comes again', async (t) => {
  const here = await startLocksmith(t, { worker: false })
  here.sandbox.createUser(anna)
  const gone = new AbortController()
  const lost = fetch(`${here.url}/users/anna/reset`, {
    method: 'POST',
    headers: { authorization: `Bearer ${firstKey}`, 'idempotency-key': 'a', prefer: 'wait=60' },
    signal: gone.signal
  })
  await eventually(
    () => count(here, 'operation'),
    (n) => n === 1
  )
  gone.abort()
  await t.rejects(lost)
  const again = await eventually(
    () => post(here, 'a'),
    ({ status }) => status !== 409
  )
  t.equal(again.status, 202)
  t.ok(isReplay(again))
})

t.test(
  'a database that hangs holds up an answer for two seconds only, and stores it when it can',
  async (t) => {
    const here = await startLocksmith(t)
    const { waiting, go } = await heldRequest(here, 'a')
    const unlock = await lockTable(here, 'idempotency_key', 'ACCESS EXCLUSIVE')
    const released = performance.now()
    go()
    const first = await waiting
    t.ok(performance.now() - released < 10_000)
    t.match(first, { status: 200, body: { state: 'succeeded' } })
    await unlock()
    const again = await eventually(
      () => post(here, 'a'),
      ({ status }) => status !== 409
    )
    t.strictSame(answerIn(again), answerIn(first))
  }
)
