import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'

const user = { id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' }

async function waits(t: Test, { call }: Locksmith, code: string) {
  const reply = await call('POST', '/users/anna/reset')
  t.equal(reply.status, 202, 'taken although Nextcloud cannot be asked')
  const ask = async () => (await call('GET', `/operations/${reply.body.id}`)).body
  const waiting = await eventually(ask, ({ state, problem }) => state === 'waiting' && problem !== null)
  t.match(waiting, { problem: { code }, outcome: {} })
  t.ok(Date.parse(waiting.resumeAt) > Date.now() - 2_000, 'says when it goes on')
  t.notOk(waiting.outcome.passwordReplaced, 'nothing is reported done')
  return { ask, id: reply.body.id as string }
}

const troubles = [
  ['in maintenance', { maintenance: true }, 'nextcloud-maintenance', /maintenance/],
  ['without its database', { databaseDown: true }, 'nextcloud-unexpected-answer', undefined],
  ['answering rubbish', { rubbish: true }, 'nextcloud-unexpected-answer', /not its API/],
  [
    'redirecting',
    { redirectAllTo: 'https://elsewhere.example/' },
    'nextcloud-unexpected-answer',
    /redirected/
  ]
] as const

for (const [what, settings, code, readiness] of troubles) {
  t.test(
    `while Nextcloud is ${what} an operation waits, readiness says so, and it goes on by itself`,
    async (t) => {
      const locksmith = await startLocksmith(t)
      const { sandbox, call } = locksmith
      sandbox.createUser(user)
      sandbox.settings(settings)
      const { ask } = await waits(t, locksmith, code)
      if (readiness) {
        const ready = await call('GET', '/health/ready', { authorization: null })
        t.match(ready, {
          status: 503,
          body: {
            ready: false,
            checks: { nextcloud: { ok: false, detail: readiness }, database: { ok: true } }
          }
        })
      }
      sandbox.settings({ maintenance: false, databaseDown: false, rubbish: false, redirectAllTo: null })
      t.match(await eventually(ask, ({ state }) => state === 'succeeded'), { problem: null, resumeAt: null })
    }
  )
}

t.test('while Nextcloud cannot be reached an operation waits, and succeeds once it can', async (t) => {
  const locksmith = await startLocksmith(t)
  const { sandbox, call } = locksmith
  sandbox.createUser(user)
  sandbox.addFault({ match: {}, do: 'refuse' })
  const { ask } = await waits(t, locksmith, 'nextcloud-unreachable')
  t.equal((await call('GET', '/health/ready')).status, 503)
  t.match(
    await call('GET', '/health/ready?nextcloud=optional', { authorization: null }),
    { status: 200, body: { ready: true, checks: { nextcloud: { ok: false } } } },
    'who only wants to know whether requests are taken'
  )
  t.match(await call('GET', '/health/ready?nextcloud=no'), { status: 400, body: { code: 'invalid-request' } })
  t.equal((await call('GET', '/health/live')).status, 200, 'alive all the same')
  sandbox.clearFaults()
  t.equal((await eventually(ask, ({ state }) => state === 'succeeded')).state, 'succeeded')
})

t.test(
  'after the last patience it needs attention, with the last problem, and a person can retry',
  async (t) => {
    const { sandbox, call } = await startLocksmith(t, { env: { RETRY_GIVE_UP_HOURS: '0.0001' } })
    sandbox.createUser(user)
    sandbox.settings({ maintenance: true })
    const { body } = await call('POST', '/users/anna/reset')
    const ask = async () => (await call('GET', `/operations/${body.id}`)).body
    t.match(await eventually(ask, ({ state }) => state === 'needs-attention'), {
      problem: { code: 'gave-up', last: { code: 'nextcloud-maintenance' } }
    })
    sandbox.settings({ maintenance: false })
    // With so little patience once may be too early: it is not known yet that Nextcloud is back.
    const goOn = async () => {
      const operation = await ask()
      if (operation.state === 'needs-attention') await call('POST', `/operations/${body.id}/retry`)
      return operation
    }
    await eventually(goOn, ({ state }) => state === 'succeeded')
  }
)

t.test(
  'a PUT whose effect is unknown is settled by another fresh password, never by trying to log in',
  async (t) => {
    for (const fault of ['reset-after', 'empty-200', 'non-json', 'truncate', 'ocs-failure'] as const) {
      const { sandbox, call } = await startLocksmith(t)
      sandbox.createUser(user)
      sandbox.openBrowserSession('anna')
      sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: fault })
      const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
      t.match(body, { state: 'succeeded', outcome: { revoked: { sessions: 1 }, remaining: 0 } }, fault)
      t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 2)
      t.equal(sandbox.counters().maxFailedLoginsPer30min, 0)
    }
  }
)

t.test(
  'a log-in that is refused is not tried again, and a person is told what was and was not done',
  async (t) => {
    const { sandbox, call } = await startLocksmith(t)
    sandbox.createUser(user)
    sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: 'hang-after' })
    const { body } = await call('POST', '/users/anna/reset')
    await eventually(
      () => sandbox.calls(),
      (calls) => calls.some(({ method, effects }) => method === 'PUT' && effects.length > 0)
    )
    sandbox.updateUser('anna', { password: 'Somebody-Else-Set-This-1' })
    sandbox.releaseFaults()
    const ask = async () => (await call('GET', `/operations/${body.id}`)).body
    const held = await eventually(ask, ({ state }) => ['needs-attention', 'succeeded'].includes(state))
    t.match(held, {
      state: 'needs-attention',
      problem: { code: 'login-refused' },
      outcome: { passwordReplaced: true, remaining: 'unknown' }
    })
    t.equal(sandbox.counters().maxFailedLoginsPer30min, 1)
  }
)

t.test('deletes that break off in between are settled by listing again', async (t) => {
  for (const fault of ['reset-after', 'reset-before', 'empty-200'] as const) {
    const { sandbox, call } = await startLocksmith(t)
    sandbox.createUser(user)
    for (const name of ['a', 'b', 'c']) sandbox.createAppPassword('anna', name)
    sandbox.addFault({ match: { method: 'DELETE' }, nth: 2, times: 1, do: fault })
    const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
    t.match(body, { state: 'succeeded', outcome: { revoked: { appPasswords: 3 }, remaining: 0 } }, fault)
    t.equal(sandbox.tokens('anna').length, 0)
  }
})

t.test('credentials go to the configured origin only, also when it redirects', async (t) => {
  const received: string[] = []
  const elsewhere = createServer((request, response) => {
    received.push(request.url!)
    response.end()
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
  t.teardown(() => elsewhere.close())
  const locksmith = await startLocksmith(t)
  locksmith.sandbox.createUser(user)
  locksmith.sandbox.settings({
    redirectAllTo: `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}/`
  })
  await waits(t, locksmith, 'nextcloud-unexpected-answer')
  t.same(received, [])
})

t.test('a refused admin password is sent once, by whatever process, until it changes', async (t) => {
  const first = await startLocksmith(t)
  const { sandbox, call, databaseUrl, world } = first
  sandbox.createUser(user)
  sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
  const { ask } = await waits(t, first, 'nextcloud-credentials-refused')
  for (let i = 0; i < 5; i++) t.equal((await call('GET', '/users/anna')).status, 503)
  const replica = await startLocksmith(t, { sandbox, databaseUrl, worker: false })
  t.equal((await replica.call('GET', '/users/anna')).status, 503, 'another replica knows it too')
  t.equal(sandbox.counters().maxFailedLoginsPer30min, 1)
  t.match((await call('GET', '/audit?action=nextcloud.credentials-refused')).body.items, [
    { details: { adminUser: 'admin' } }
  ])

  const ready = (await call('GET', '/health/ready')).body.checks.nextcloud
  t.match(ready, { ok: true, detail: /refused the admin account/ }, 'and it can be seen from outside')

  sandbox.updateUser('admin', { password: sandbox.admin.password })
  await world.pool.query('DELETE FROM refused_credential') // locksmith host credentials retry
  await eventually(ask, ({ state }) => state === 'succeeded')
})

t.test(
  'from Nextcloud 34 an app password of the admin is refused by name, with nothing changed',
  async (t) => {
    const { sandbox, databaseUrl } = await startLocksmith(t, { worker: false })
    sandbox.createUser(user)
    const { password } = sandbox.createAppPassword('admin', 'Locksmith')
    sandbox.admin.password = password
    const { call } = await startLocksmith(t, { sandbox, databaseUrl })
    const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
    t.match(body, { state: 'failed', problem: { code: 'nextcloud-password-confirmation' } })
  }
)
