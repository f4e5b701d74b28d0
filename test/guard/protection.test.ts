import t from 'tap'
import { byOcc, leaver } from '../support/leaver.ts'
import { eventually, type Locksmith, type Options, startLocksmith } from '../support/locksmith.ts'
import { spawnWorker } from '../support/spawn-worker.ts'

const wait = { headers: { prefer: 'wait=30' } }
const settings = { PROTECTED_USERS: 'boss', PROTECTED_GROUPS: 'board' }

async function begin(t: Parameters<typeof startLocksmith>[0], options: Options = {}) {
  const locksmith = await startLocksmith(t, { env: settings, ...options })
  locksmith.sandbox.createGroup('board')
  locksmith.sandbox.createUser({ id: 'Boss', email: 'boss@example.org' })
  return locksmith
}

const effects = ({ sandbox }: Pick<Locksmith, 'sandbox'>) =>
  sandbox.calls().flatMap(({ effects }) => effects.map(({ effect }) => effect))

t.test('by no kind of request, and each refusal says who and why', async (t) => {
  const locksmith = await begin(t)
  const { call, sandbox } = locksmith
  sandbox.createUser({ id: 'root', groups: ['admin'] })
  sandbox.createUser({ id: 'chair', groups: ['board', 'x'] })
  const because = { boss: /PROTECTED_USERS/, ROOT: /group admin/, chair: /"board", which PROTECTED_GROUPS/ }
  for (const [id, detail] of Object.entries(because)) {
    for (const kind of ['reset', 'reset-mail', 'disable', 'enable', 'wipe', 'offboard', 'reinstate'])
      t.match(await call('POST', `/users/${id}/${kind}`), {
        status: 403,
        body: { code: 'protected-user', detail }
      })
    t.match(await call('DELETE', `/users/${id}/tokens?replacePassword=true`), { status: 403 })
  }
  t.equal((await call('GET', '/users/boss')).status, 200, 'they can be read')
  t.same((await call('GET', '/operations')).body.items, [], 'nothing is recorded')
  t.same(effects(locksmith), [])
})

t.test('PROTECT_ADMINS=false: administrators are users like any other, our own account is not', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { env: { PROTECT_ADMINS: 'false' } })
  sandbox.createUser({ id: 'root', groups: ['admin'] })
  t.match(await call('POST', '/users/root/disable', wait), { body: { state: 'succeeded' } })
  t.match(await call('POST', '/users/ADMIN/disable'), { status: 422, body: { code: 'own-account' } })
  const { findings } = (await call('GET', '/doctor')).body
  t.match(
    findings.find(({ name }: { name: string }) => name === 'protected-users'),
    { state: 'warning', found: /its own admin/, mend: /PROTECT_ADMINS/ }
  )
})

t.test('a name that Nextcloud does not have: nothing is done to anybody, until it is there', async (t) => {
  const locksmith = await startLocksmith(t, {
    env: { PROTECTED_USERS: 'boss,nobody', PROTECTED_GROUPS: 'board\nbroad' }
  })
  const { call, sandbox } = locksmith
  sandbox.createGroup('board')
  sandbox.createUser({ id: 'boss' })
  sandbox.createUser({ id: 'anna' })
  const refused = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  t.match(refused, {
    status: 503,
    body: {
      code: 'protected-users-unresolved',
      unresolved: ['PROTECTED_USERS: "nobody" is not there', 'PROTECTED_GROUPS: "broad" is not there']
    }
  })
  t.same((await call('GET', '/operations')).body.items, [])
  const doctor = async () =>
    (await call('GET', '/doctor')).body.findings.find(
      ({ name }: { name: string }) => name === 'protected-users'
    )
  t.match(await doctor(), { state: 'error', found: /"nobody" is not there/, mend: /PROTECTED_USERS/ })
  t.same(effects(locksmith), [])
  sandbox.createUser({ id: 'nobody' })
  sandbox.createGroup('broad')
  t.match(await call('POST', '/users/anna/reset', { body: { mail: 'none' }, ...wait }), {
    body: { state: 'succeeded' }
  })
})

t.test('whom the doctor says is protected', async (t) => {
  const { call } = await begin(t)
  const { findings } = (await call('GET', '/doctor')).body
  t.match(
    findings.find(({ name }: { name: string }) => name === 'protected-users'),
    {
      state: 'ok',
      found:
        'Never touched: its own admin; the members of the group admin; 1 named (Boss); the members of board.'
    }
  )
})

t.test('while the list cannot be asked for an operation waits, and goes on by itself', async (t) => {
  const { call, sandbox } = await begin(t)
  sandbox.createUser({ id: 'anna' })
  sandbox.addFault({ match: { pathRegex: '/cloud/groups' }, do: 'slow', delayMs: 1_500, times: 1 })
  sandbox.addFault({ match: { pathRegex: '/cloud/groups' }, do: 'html-500', nth: 1, times: 2 })
  const { status, body } = await call('POST', '/users/anna/reset', { body: { mail: 'none' } })
  t.equal(status, 202, 'taken on trust, since Nextcloud was slow')
  const ask = async () => (await call('GET', `/operations/${body.id}`)).body
  t.match((await eventually(ask, ({ state }) => state === 'succeeded')).problem, null)
})

t.test('who has become protected since the request is left alone', async (t) => {
  const locksmith = await begin(t, {
    checkpoint: async (point, step) => {
      if (point === 'intended' && step === 'check-user')
        locksmith.sandbox.updateUser('anna', { groups: ['board'] })
    }
  })
  const { call, sandbox } = locksmith
  for (const kind of ['reset', 'offboard', 'disable', 'wipe']) {
    if (sandbox.users().some(({ id }) => id === 'anna')) sandbox.updateUser('anna', { groups: [] })
    else sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
    const { body } = await call('POST', `/users/anna/${kind}`, wait)
    t.match(body, { state: 'failed', problem: { code: 'protected-user' } }, kind)
    t.match(await call('POST', `/operations/${body.id}/retry`), { status: 403 }, 'nor by a retry')
  }
  t.same(effects(locksmith), [])
})

for (const [kind, step, point] of [
  ['offboard', 'check-user', 'recorded'],
  ['reset', 'replace-password', 'recorded'],
  ['offboard', 'revoke-tokens', 'effect'],
  ['reset', 'send-reset-mail', 'intended']
] as const) {
  t.test(
    `killed at ${step} of ${kind} (${point}): a user who is protected by then is left alone`,
    async (t) => {
      const locksmith = await begin(t, { worker: false })
      const { call, sandbox } = locksmith
      const lea = leaver(sandbox)
      const { body } = await call('POST', `/users/lea/${kind}`, { body: {} })
      const plan = [{ step, point, act: 'kill' as const }]
      const first = await spawnWorker(t, locksmith, { plan, env: settings })
      await first.ended
      sandbox.updateUser(lea.id, { groups: ['board'] })
      const before = effects(locksmith).length
      await spawnWorker(t, locksmith, { env: settings })
      const over = await eventually(
        async () => (await call('GET', `/operations/${body.id}`)).body,
        ({ state }) => state === 'failed' || state === 'needs-attention',
        30
      )
      t.equal(over.problem.code, 'protected-user')
      t.equal(over.state, step === 'check-user' ? 'failed' : 'needs-attention')
      t.same(effects(locksmith).slice(before), [])
    }
  )
}

t.test('killed while the user is let in: disabled again, and then left alone', async (t) => {
  const locksmith = await begin(t, { worker: false })
  const { call, sandbox } = locksmith
  leaver(sandbox, { enabled: false })
  const { body } = await call('POST', '/users/lea/offboard')
  const plan = [{ step: 'enable-briefly', point: 'recorded' as const, act: 'kill' as const }]
  await (await spawnWorker(t, locksmith, { plan, env: settings })).ended
  sandbox.updateUser('lea', { groups: ['board'] })
  const before = effects(locksmith).length
  await spawnWorker(t, locksmith, { env: settings })
  const over = await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body,
    ({ state }) => state === 'needs-attention',
    30
  )
  t.equal(over.problem.code, 'protected-user')
  t.same(effects(locksmith).slice(before), ['disable'], 'what we had opened is closed, and that is all')
  t.equal(sandbox.users().find(({ id }) => id === 'lea')!.enabled, false)
})

t.test('a deletion that was put off is not done to one who is protected when its day comes', async (t) => {
  const { call, sandbox, world } = await begin(t)
  leaver(sandbox)
  const off = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P1D' }, ...wait })
  const { operation } = off.body.outcome.deletion
  sandbox.updateUser('lea', { groups: ['board'] })
  await world.pool.query(`UPDATE operation SET resume_at = locksmith_now() WHERE state = 'scheduled'`)
  const over = await eventually(
    async () => (await call('GET', operation)).body,
    ({ state }) => state === 'failed'
  )
  t.equal(over.problem.code, 'protected-user')
  t.ok(sandbox.users().some(({ id }) => id === 'lea'))
})

t.test('past Nextcloud, too: by occ nothing of a protected user is revoked', async (t) => {
  const { call, sandbox } = await begin(t, { ways: byOcc })
  sandbox.createAppPassword('Boss', 'Phone')
  t.match(await call('DELETE', '/users/BOSS/tokens'), { status: 403 })
  t.match(await call('DELETE', '/users/boss/tokens/1'), { body: { code: /protected-user|unknown-token/ } })
  t.equal(sandbox.tokens('Boss').length, 1)
})
