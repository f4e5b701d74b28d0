import t from 'tap'
import { startLocksmith } from '../support/locksmith.ts'

t.test('an effect is said before it is done, and what came of it after', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  const { body, headers } = await call('POST', '/users/anna/reset', {
    headers: { prefer: 'wait=20' },
    body: { reason: 'phone lost' }
  })
  const { items } = (await call('GET', `/audit?operationId=${body.id}`)).body
  const story = items
    .reverse()
    .map((event: { action: string; details: { step?: string } }) =>
      [event.action, event.details.step].filter(Boolean).join(' ')
    )
  t.same(story, [
    'operation.requested',
    'step.done check-user',
    'step.intended replace-password',
    'step.done replace-password',
    'step.intended revoke-tokens',
    'step.done revoke-tokens',
    'step.intended send-reset-mail',
    'step.done send-reset-mail',
    'operation.succeeded'
  ])
  t.match(items[0], {
    actor: 'key:first',
    userId: 'anna',
    requestId: headers.get('x-request-id'),
    details: { reason: 'phone lost', mail: 'nextcloud', revoke: 'all' }
  })
  t.match(items[1], { actor: 'system' })
})

t.test('if the audit cannot be written, nothing is done', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  await world.pool.query('ALTER TABLE audit_event ADD CONSTRAINT full_disk CHECK (false) NOT VALID')
  t.match(await call('POST', '/users/anna/reset'), { status: 500, body: { code: 'internal-error' } })
  t.equal((await call('GET', '/operations')).body.items.length, 0)
  t.equal(sandbox.calls().filter(({ effects }) => effects.length > 0).length, 0)
})

t.test('events are neither changed nor deleted, by whatever statement', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t, { worker: false })
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  await call('POST', '/users/anna/reset')
  for (const statement of [
    'UPDATE audit_event SET actor = $$someone$$',
    'DELETE FROM audit_event',
    'TRUNCATE audit_event'
  ]) {
    await t.rejects(world.pool.query(statement), /never changed or deleted/, statement)
  }
})

t.test('filters find by user in whatever case, by action and by time', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  for (const id of ['anna', 'bob']) {
    sandbox.createUser({ id, email: `${id}@example.org` })
    await call('POST', `/users/${id}/reset`)
  }
  const count = async (query: string) => (await call('GET', `/audit?${query}`)).body.items.length
  t.equal(await count('userId=ANNA'), 1)
  t.equal(await count('action=operation.requested'), 2)
  t.equal(await count('action=key.created'), 0)
  const now = encodeURIComponent(new Date(Date.now() + 1_000).toISOString())
  t.equal(await count(`from=${now}`), 0)
  t.equal(await count(`to=${now}`), 2)
})
