import t from 'tap'
import { appendAudit } from '../../../src/audit/audit.sql.ts'
import { subscribable } from '../../../src/integrations/webhooks/event.ts'
import { startStage } from './stage.ts'

const stage = await startStage(t)
t.afterEach(() => stage.clear())

const person = (id: string) => ({ id, password: 'Old-Password-4711', email: `${id}@example.org` })

t.test('a receiver built on standardwebhooks verifies all that it is told of', async (t) => {
  const { hook, call, sandbox, quiet } = await startStage(t, {
    worker: true,
    env: { BRAKE_LOCK_OUTS: '1', BRAKE_PERCENT: '0' }
  })
  const { receiver } = await hook()
  for (const id of ['anna', 'bert', 'carl']) sandbox.createUser(person(id))
  const wait = { headers: { prefer: 'wait=20' } }
  const reset = await call('POST', '/users/anna/reset', wait)
  t.equal(reset.body.state, 'succeeded')
  const held = await call('POST', '/users/bert/disable', { body: { reason: 'a secret reason' } })
  t.equal(held.body.state, 'awaiting-approval')
  const approval = held.body.problem.approval as string
  t.equal((await call('POST', `${approval}/reject`, { body: {} })).status, 200)
  await call('POST', '/stop', { body: { reason: 'a secret reason' } })
  await call('POST', '/resume')
  await quiet()

  t.ok(
    receiver.received.every(({ verified }) => verified),
    'every one is verified'
  )
  const told = receiver.received
    .map(({ event }) => event)
    .toSorted((a, b) => a.timestamp.localeCompare(b.timestamp) || a.type.localeCompare(b.type))
  const expected = [
    ['operation.succeeded', { kind: 'reset', userId: 'anna', operation: `/operations/${reset.body.id}` }],
    ['approval.requested', { kind: 'disable', approval }],
    [
      'operation.awaiting-approval',
      { kind: 'disable', userId: 'bert', operation: `/operations/${held.body.id}`, approval }
    ],
    ['approval.rejected', { kind: 'disable', approval, targets: 1 }],
    ['operation.cancelled', { kind: 'disable', userId: 'bert', operation: `/operations/${held.body.id}` }],
    ['service.stopped', {}],
    ['service.resumed', {}]
  ] as const
  t.same(told.map(({ type }) => type).toSorted(), expected.map(([type]) => type).toSorted())
  for (const [type, data] of expected)
    t.match(
      told.find((event) => event.type === type)?.data,
      data,
      `${type} says what happened, and where to ask`
    )
  t.equal(
    new Set(receiver.received.map(({ id }) => id)).size,
    receiver.received.length,
    'each has an id of its own'
  )
  const text = receiver.received.map(({ body }) => body).join()
  for (const word of ['a secret reason', '@example.org', 'password'])
    t.notOk(text.includes(word), `no ${word} in it`)
})

t.test('an endpoint is told of what it wants to know, under the same id as all others', async (t) => {
  const { hook, tell, call, quiet, world } = stage
  const all = await hook()
  const some = await hook(undefined, { events: ['service.resumed'] })
  const others = await hook(undefined, { events: subscribable.filter((type) => type !== 'service.resumed') })
  await tell(3)
  await quiet()
  t.equal(all.receiver.accepted.length, 3)
  t.equal(others.receiver.received.length, 0)
  const ids = (hooks: typeof all) => hooks.receiver.accepted.map(({ id }) => id).toSorted()
  t.same(ids(all), ids(some))
  const test = await call('POST', `/webhooks/${others.id}/test`)
  t.match(test, { status: 202, body: { type: 'webhook.test', state: 'pending' } })
  await quiet()
  t.match(others.receiver.accepted, [
    { id: test.body.id, event: { type: 'webhook.test', data: { webhook: `/webhooks/${others.id}` } } }
  ])
  const { rowCount } = await world.pool.query(`SELECT FROM webhook_delivery WHERE state <> 'delivered'`)
  t.equal(rowCount, 0)
})

t.test('what is rolled back is not told, and what is told was not rolled back', async (t) => {
  const { hook, world, deliveries } = stage
  const { id } = await hook()
  const tx = await world.pool.connect()
  await tx.query('BEGIN')
  await appendAudit(tx, { action: 'service.stopped', actor: 'host', details: {} })
  t.equal((await tx.query('SELECT FROM webhook_delivery')).rowCount, 1)
  await tx.query('ROLLBACK')
  tx.release()
  t.same(await deliveries(id), [])
})

t.test('deleting a webhook never gets into the way of an operation', async (t) => {
  const { hook, call, world } = stage
  const { id } = await hook()
  const deleting = await world.pool.connect()
  await deleting.query('BEGIN')
  await deleting.query('DELETE FROM webhook_endpoint WHERE id = $1', [id])
  const stopped = call('POST', '/stop', { body: {} })
  await new Promise((resolve) => setTimeout(resolve, 200))
  await deleting.query('COMMIT')
  deleting.release()
  t.equal((await stopped).status, 200)
  t.equal((await world.pool.query('SELECT FROM webhook_delivery')).rowCount, 0)
  await call('POST', '/resume')
})

t.test('a stop does not keep receivers from hearing of it', async (t) => {
  const { hook, call, quiet } = stage
  const { receiver } = await hook()
  await call('POST', '/stop', { body: {} })
  await quiet()
  t.match(receiver.accepted, [{ event: { type: 'service.stopped' } }])
  await call('POST', '/resume')
})
