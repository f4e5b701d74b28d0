import t from 'tap'
import { startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=20' } }

/** As the version before wrote them: no driver, and less of the user. */
const before = {
  user: {
    id: 'anna',
    displayName: 'anna',
    mailAddress: 'anna@example.org',
    language: 'en',
    lastLogin: null
  }
}

t.test('an operation that an older version finished is still shown', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  const { body } = await call('POST', '/users/anna/reset', wait)
  const write = (name: string, outcome: object) =>
    world.pool.query('UPDATE operation_step SET outcome = $3 WHERE operation_id = $1 AND name = $2', [
      body.id,
      name,
      outcome
    ])
  const revoked = { revoked: { sessions: 1, appPasswords: 0 }, remaining: 0, kept: { appPasswords: 2 } }
  await write('check-user', before)
  await write('revoke-tokens', revoked)
  for (const path of [`/operations/${body.id}`, '/operations?userId=anna']) {
    const { status, body: shown } = await call('GET', path)
    t.equal(status, 200, path)
    t.match((shown.items?.[0] ?? shown).outcome, { ...before, ...revoked })
  }
})

t.test('an operation that an older version began goes on', async (t) => {
  const idle = await startLocksmith(t, { worker: false })
  const { sandbox, databaseUrl, world } = idle
  sandbox.createUser({ id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' })
  sandbox.createAppPassword('anna', 'Phone')
  const { body } = await idle.call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  await world.pool.query(
    `UPDATE operation_step SET state = 'done', attempts = 1, outcome = $2, finished_at = locksmith_now()
      WHERE operation_id = $1 AND name = 'check-user'`,
    [body.id, before]
  )
  const { call } = await startLocksmith(t, { sandbox, databaseUrl })
  const over = await call('GET', `/operations/${body.id}`, wait)
  t.match(over.body, { state: 'succeeded', outcome: { revoked: { appPasswords: 1 }, remaining: 0 } })
})
