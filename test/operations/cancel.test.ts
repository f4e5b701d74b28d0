import t, { type Test } from 'tap'
import { insertKey } from '../../src/access/key.sql.ts'
import { makeKey } from '../../src/access/key.ts'
import { anna, count, isReplay, post } from '../support/keyed.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from '../support/locksmith.ts'
import { spawnApi } from '../support/spawn-api.ts'

const patient = { RETRY_FIRST_SECONDS: '60', RETRY_MAX_SECONDS: '60' }

async function begin(t: Test, options: Options = {}) {
  const locksmith = await startLocksmith(t, { env: patient, ...options })
  locksmith.sandbox.createUser(anna)
  return locksmith
}

const cancel = ({ call }: Pick<Locksmith, 'call'>, id: string, headers = {}) =>
  call('POST', `/operations/${id}/cancel`, { headers })

/** Asks for it until it is in that state. */
const reaches = ({ call }: Locksmith, id: string, wanted: string) =>
  eventually(
    async () => (await call('GET', `/operations/${id}`)).body,
    ({ state }) => state === wanted
  )

/** Actions of the audit on it, oldest first. */
async function story({ call }: Locksmith, id: string): Promise<string[]> {
  const { items } = (await call('GET', `/audit?operationId=${id}&limit=200`)).body
  return items.map(({ action }: { action: string }) => action).reverse()
}

/** A reset that waits for its mail: everything else is done. */
async function waitingForMail(locksmith: Locksmith) {
  locksmith.sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: '429-empty' })
  const { body } = await locksmith.call('POST', '/users/anna/reset')
  await reaches(locksmith, body.id, 'waiting')
  return body.id as string
}

/** A Locksmith that stands still at a point of a step until it may `go` on. */
async function stoppedAt(t: Test, at: string) {
  const there = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  t.teardown(() => go.resolve())
  const locksmith = await begin(t, {
    checkpoint: async (point, step) => {
      if (`${step} ${point}` !== at) return
      there.resolve()
      await go.promise
    }
  })
  const { body } = await locksmith.call('POST', '/users/anna/reset')
  await there.promise
  return { locksmith, id: body.id as string, go: () => go.resolve() }
}

const placeIsFree = async (t: Test, { call }: Locksmith) =>
  t.equal((await call('POST', '/users/anna/reset')).status, 202, 'the place of the user is free')

t.test('one that is queued is cancelled, nothing is asked of Nextcloud, and the place is free', async (t) => {
  const locksmith = await begin(t, { worker: false })
  const { call, sandbox } = locksmith
  const { body } = await call('POST', '/users/anna/reset')
  const calls = sandbox.calls().length
  const { status, body: after } = await cancel(locksmith, body.id)
  t.equal(status, 202)
  t.match(after, { id: body.id, state: 'cancelled', problem: null, resumeAt: null })
  t.match(after.finishedAt, /^20/)
  t.same(await story(locksmith, body.id), ['operation.requested', 'operation.cancelled'])
  t.match((await call('GET', '/audit?action=operation.cancelled')).body.items, [
    { actor: 'key:first', userId: 'anna', operationId: body.id, details: {} }
  ])
  await placeIsFree(t, locksmith)
  t.ok(
    sandbox
      .calls()
      .slice(calls)
      .every(({ method }) => method === 'GET')
  )
})

t.test(
  'one that waits and has changed nothing is cancelled, and does not go on when Nextcloud is back',
  async (t) => {
    const locksmith = await begin(t, { env: { RETRY_FIRST_SECONDS: '1', RETRY_MAX_SECONDS: '1' } })
    const { call, sandbox } = locksmith
    sandbox.settings({ maintenance: true })
    const { body } = await call('POST', '/users/anna/reset')
    await reaches(locksmith, body.id, 'waiting')
    t.match(await cancel(locksmith, body.id, { prefer: 'wait=5' }), {
      status: 200,
      body: { state: 'cancelled', resumeAt: null }
    })
    sandbox.settings({ maintenance: false })
    const next = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
    await reaches(locksmith, next.body.id, 'succeeded')
    t.equal((await reaches(locksmith, body.id, 'cancelled')).steps[1].attempts, 0)
    t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 1)
  }
)

t.test('one that waits for its mail needs attention then; a second cancel closes it', async (t) => {
  const locksmith = await begin(t)
  const id = await waitingForMail(locksmith)
  const { body } = await cancel(locksmith, id)
  t.match(body, {
    state: 'needs-attention',
    resumeAt: null,
    outcome: { passwordReplaced: true },
    problem: {
      code: 'stopped-halfway',
      detail:
        /^key:first stopped it after: check-user, replace-password, revoke-tokens. Not done: send-reset-mail/
    }
  })
  await placeIsFree(t, locksmith)
  const closed = await cancel(locksmith, id)
  t.match(closed.body, { state: 'cancelled', problem: { code: 'stopped-halfway' } })
  t.same((await story(locksmith, id)).slice(-2), ['operation.needs-attention', 'operation.cancelled'])
  t.equal((await locksmith.call('POST', `/operations/${id}/retry`)).status, 409, 'it stays closed')
})

t.test('one that was stopped while it waited for its mail is finished by a retry', async (t) => {
  const locksmith = await begin(t)
  const { sandbox, call, world } = locksmith
  const id = await waitingForMail(locksmith)
  await cancel(locksmith, id)
  sandbox.clearFaults()
  await world.pool.query('UPDATE limit_state SET closed_until = NULL')
  t.equal((await call('POST', `/operations/${id}/retry`)).status, 202)
  const end = await reaches(locksmith, id, 'succeeded')
  t.match(end.outcome.mail, { delivery: 'requested' })
  t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 1, 'nothing else is done again')
  const mails = sandbox
    .mails({ to: anna.email })
    .filter((mail) => sandbox.linkOf(mail)?.includes('/lostpassword/'))
  t.equal(mails.length, 1)
})

for (const [at, state, left] of [
  ['check-user effect', 'cancelled', ['check-user']],
  ['replace-password intended', 'needs-attention', ['check-user', 'replace-password']],
  ['replace-password effect', 'needs-attention', ['check-user', 'replace-password']],
  ['revoke-tokens effect', 'needs-attention', ['check-user', 'replace-password', 'revoke-tokens']]
] as const) {
  t.test(`one that runs (${at}) ends its step and no more: ${state}`, async (t) => {
    const { locksmith, id, go } = await stoppedAt(t, at)
    const { sandbox } = locksmith
    const asked = await cancel(locksmith, id)
    t.match(asked, { status: 202, body: { state: 'running' } })
    t.equal((await locksmith.call('POST', '/users/anna/reset')).status, 409, 'it still works on the user')
    const waiting = locksmith.call('GET', `/operations/${id}`, { headers: { prefer: 'wait=20' } })
    go()
    t.match(await waiting, { status: 200, body: { state } }, 'who waits is answered')
    const { steps, problem } = await reaches(locksmith, id, state)
    t.same(
      steps
        .filter(({ state }: { state: string }) => state === 'done')
        .map(({ name }: { name: string }) => name),
      left
    )
    if (state === 'needs-attention') t.equal(problem.code, 'stopped-halfway')
    t.equal((await story(locksmith, id)).at(-1), `operation.${state}`)
    t.ok((await story(locksmith, id)).includes('operation.stop-requested'))
    t.equal(
      sandbox.mails({ to: anna.email }).filter((mail) => sandbox.linkOf(mail)?.includes('lost')).length,
      0
    )
    await placeIsFree(t, locksmith)
  })
}

t.test('one that runs and then has to wait stops instead', async (t) => {
  const { locksmith, id, go } = await stoppedAt(t, 'check-user intended')
  locksmith.sandbox.settings({ maintenance: true })
  await cancel(locksmith, id)
  go()
  await reaches(locksmith, id, 'cancelled')
})

t.test('one that is in its last step when it is told to stop has succeeded', async (t) => {
  const { locksmith, id, go } = await stoppedAt(t, 'send-reset-mail effect')
  t.equal((await cancel(locksmith, id)).status, 202)
  go()
  await reaches(locksmith, id, 'succeeded')
  t.equal((await cancel(locksmith, id)).status, 409)
})

t.test(
  'a wish to stop outlives the process that was to heed it, and not the retry of a person',
  async (t) => {
    const { locksmith, id, go } = await stoppedAt(t, 'replace-password effect')
    await cancel(locksmith, id)
    // As if its process had died: another one takes it up.
    await locksmith.world.pool.query(
      `UPDATE operation SET claim = gen_random_uuid(), claimed_by = 1 WHERE state = 'running'`
    )
    go()
    await reaches(locksmith, id, 'needs-attention')
    await locksmith.call('POST', `/operations/${id}/retry`)
    await reaches(locksmith, id, 'succeeded')
  }
)

t.test(
  'one that is over cannot be stopped, and one that is cancelled already is answered the same',
  async (t) => {
    const locksmith = await begin(t)
    const { call, sandbox } = locksmith
    const { body: succeeded } = await call('POST', '/users/anna/reset', {
      headers: { prefer: 'wait=20' },
      body: { mail: 'none' }
    })
    sandbox.addFault({ match: { pathRegex: 'twofactor' }, do: 'slow', delayMs: 1_100 })
    const { body: asked } = await call('POST', '/users/anna/reset')
    sandbox.updateUser('anna', { email: null })
    const failed = await reaches(locksmith, asked.id, 'failed')
    for (const { id, state } of [succeeded, failed]) {
      t.match(await cancel(locksmith, id), { status: 409, body: { code: 'operation-not-cancellable' } })
      t.equal((await call('GET', `/operations/${id}`)).body.state, state)
    }
    const idle = await begin(t, { worker: false })
    const { body } = await idle.call('POST', '/users/anna/reset')
    const first = await cancel(idle, body.id)
    const again = await cancel(idle, body.id)
    t.same(again.body, first.body)
    t.equal(again.status, first.status)
    t.equal(await count(idle, `audit_event WHERE action = 'operation.cancelled'`), 1, 'once in the audit')
    t.match(await cancel(idle, '01a20914-e240-7000-8574-df606ca606b4'), {
      status: 404,
      body: { code: 'unknown-operation' }
    })
  }
)

t.test('whoever waits for it is answered, here and at another replica', async (t) => {
  const locksmith = await begin(t, { worker: false })
  const there = await spawnApi(t, locksmith)
  const wait = { headers: { prefer: 'wait=30' } }
  const began = locksmith.call('POST', '/users/anna/reset', wait)
  const [operation] = await eventually(
    async () => (await locksmith.call('GET', '/operations')).body.items,
    (items) => items.length === 1
  )
  const looking = there.call('GET', `/operations/${operation.id}`, wait)
  const at = performance.now()
  await cancel(locksmith, operation.id)
  for (const reply of await Promise.all([began, looking]))
    t.match(reply, { status: 200, body: { state: 'cancelled' } })
  t.ok(performance.now() - at < 3_000)
})

t.test('its place in line is given up, also where a newer reset takes over', async (t) => {
  const locksmith = await begin(t)
  const { world, call } = locksmith
  await world.pool.query(
    `INSERT INTO limit_use (budget, holder, used, at) SELECT 'reset-mail', 'x', true, locksmith_now() FROM generate_series(1, 10)`
  )
  const places = () => count(locksmith, 'limit_use WHERE NOT used')
  const { body: first } = await call('POST', '/users/anna/reset')
  t.match((await reaches(locksmith, first.id, 'waiting')).problem, { code: 'nextcloud-limit' })
  t.equal(await places(), 1)
  const { body: second } = await call('POST', '/users/anna/reset')
  await reaches(locksmith, first.id, 'cancelled')
  await reaches(locksmith, second.id, 'waiting')
  t.equal(await places(), 1, 'of the newer one')
  await cancel(locksmith, second.id)
  t.equal(await places(), 0)
})

t.test('with an Idempotency-Key a cancel is done once', async (t) => {
  const locksmith = await begin(t)
  const id = await waitingForMail(locksmith)
  const path = `/operations/${id}/cancel`
  const first = await post(locksmith, 'c', { path })
  const again = await post(locksmith, 'c', { path })
  t.equal(first.body.state, 'needs-attention')
  t.equal(again.text, first.text)
  t.ok(isReplay(again))
  t.equal((await reaches(locksmith, id, 'needs-attention')).state, 'needs-attention', 'not closed')
})

t.test('only a key that may reset users may stop operations', async (t) => {
  const locksmith = await begin(t, { worker: false })
  const { call, world } = locksmith
  const { body } = await call('POST', '/users/anna/reset')
  const { id, key, hash } = makeKey()
  await insertKey(world.pool, { id, name: 'reader', secretHash: hash, scopes: ['users:read', 'audit:read'] })
  const path = `/operations/${body.id}/cancel`
  t.equal((await call('POST', path, { authorization: `Bearer ${key}` })).status, 403)
  t.equal((await call('POST', path, { authorization: null })).status, 401)
  t.equal((await call('GET', `/operations/${body.id}`)).body.state, 'queued')
})
