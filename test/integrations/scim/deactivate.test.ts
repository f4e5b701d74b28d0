import t from 'tap'
import { decide } from '../../../src/operations/decide.ts'
import { eventually, startLocksmith } from '../../support/locksmith.ts'
import { activeIs, clientOf, patchOf, problemOf, setStage } from './stage.ts'

const working = await setStage(t)
const idle = await setStage(t, { worker: false })
const extension = 'urn:locksmith:params:scim:schemas:extension:1.0:Operation'
const at = (id: string) => `/Users/${encodeURIComponent(id)}`
/** Others that work on the user are not waited for. */
const now = { prefer: 'wait=0' }

t.test('active: false locks the user out, and what is answered is recorded', async (t) => {
  const { idp, operations, quiet, isEnabled, sandbox, arrive, call } = working
  const id = arrive('leaver')
  const app = sandbox.createAppPassword(id, 'Phone')
  const said = await idp('PATCH', at(id), activeIs(false))
  t.equal(said.status, 200, said.text)
  t.equal(said.headers.get('content-type'), 'application/scim+json; charset=utf-8')
  t.match(said.body, { id, userName: id, active: false })
  const [operation] = await operations(id)
  await quiet(id)
  t.equal(isEnabled(id), false)
  t.not(sandbox.tryCredential({ user: id, password: app.password }), 200)
  t.match(await idp('GET', at(id)), { status: 200, body: { active: false } }, 'and stays readable')
  const found = await idp('GET', `/Users?filter=${encodeURIComponent(`userName eq "${id}"`)}`)
  t.match(found.body, { totalResults: 1, Resources: [{ active: false }] })
  const { body } = await call('GET', `/audit?operationId=${operation!.id}&action=operation.requested`)
  t.match(body.items, [{ userId: id, details: { kind: 'offboard', reason: 'SCIM: active false' } }])
})

t.test('three at once, on two replicas, are one off-boarding, however soon it is over', async (t) => {
  const { idp, operations, quiet, arrive, sandbox, databaseUrl } = working
  const replica = await startLocksmith(t, { sandbox, databaseUrl, worker: false })
  const other = await clientOf(replica)
  for (let round = 0; round < 3; round++) {
    const id = arrive(`racer${round}`)
    const said = await Promise.all([idp, other, idp].map((ask) => ask('PATCH', at(id), activeIs('False'))))
    for (const { status, body } of said) t.match({ status, body }, { status: 200, body: { active: false } })
    await quiet(id)
    t.match(await operations(id), { length: 1, 0: { state: 'succeeded' } })
    t.equal((await other('PATCH', at(id), activeIs(false))).status, 200)
    t.equal((await operations(id)).length, 1)
  }
})

t.test('who was disabled by hand is off-boarded once: nothing was revoked yet', async (t) => {
  const { idp, operations, quiet, arrive, sandbox } = working
  const id = arrive('by-hand')
  sandbox.updateUser(id, { enabled: false })
  for (const _ of [1, 2]) {
    t.equal((await idp('PATCH', at(id), activeIs(false))).status, 200)
    await quiet(id)
  }
  t.equal((await operations(id)).length, 1)
})

t.test('who was enabled by hand since is off-boarded anew', async (t) => {
  const { idp, operations, quiet, arrive, sandbox, isEnabled } = working
  const id = arrive('enabled-by-hand')
  await idp('PATCH', at(id), activeIs(false))
  await quiet(id)
  sandbox.updateUser(id, { enabled: true })
  t.match(await idp('GET', at(id)), { body: { active: true } }, 'the truth')
  await idp('PATCH', at(id), activeIs(false))
  await quiet(id)
  t.equal((await operations(id)).length, 2)
  t.equal(isEnabled(id), false)
})

t.test('an off-boarding that needs a person is not begun again while the user is locked out', async (t) => {
  const { idp, operations, quiet, arrive, isEnabled } = working
  const id = arrive('second-factor', { twoFactor: ['totp'] })
  for (const _ of [1, 2]) {
    t.match(await idp('PATCH', at(id), activeIs(false)), { status: 200, body: { active: false } })
    await quiet(id)
  }
  t.match(await operations(id), { length: 1, 0: { state: 'needs-attention' } })
  t.equal(isEnabled(id), false)
})

t.test('active: true lets in who was off-boarded, with nothing of before, and once', async (t) => {
  const { idp, operations, quiet, arrive, isEnabled, sandbox } = working
  const id = arrive('back')
  const app = sandbox.createAppPassword(id, 'Phone')
  t.equal((await idp('PATCH', at(id), activeIs(true))).status, 200)
  t.equal((await operations(id, 'reinstate')).length, 0, 'one who is active is active')
  await idp('PATCH', at(id), activeIs(false))
  await quiet(id)
  const all = await Promise.all([1, 2, 3].map(() => idp('PATCH', at(id), activeIs('True'))))
  for (const { status, body } of all) t.match({ status, body }, { status: 200, body: { active: true } })
  await quiet(id)
  t.match(await operations(id, 'reinstate'), { length: 1, 0: { state: 'succeeded' } })
  t.equal(isEnabled(id), true)
  t.not(sandbox.tryCredential({ user: id, password: app.password }), 200)
})

t.test('while the user is locked out nobody is let in, and it is said why', async (t) => {
  const { idp, operations, arrive } = idle
  const id = arrive('torn')
  await idp('PATCH', at(id), activeIs(false))
  const said = await idp('PATCH', at(id), activeIs(true))
  t.equal(said.status, 409)
  t.match(said.body, { status: '409', detail: /is being locked out .*send it again/ })
  t.equal(problemOf(said.body), 'operation-already-running')
  t.equal(said.headers.get('retry-after'), '60')
  t.equal((await operations(id, 'reinstate')).length, 0)
})

t.test('a whole user lets in only whom this client had off-boarded', async (t) => {
  const { idp, operations, quiet, arrive, sandbox, isEnabled, call } = working
  const whole = (id: string, active?: boolean) => ({
    userName: id,
    displayName: 'x',
    ...(active !== undefined && { active })
  })
  const byHand = arrive('disabled-by-admin')
  sandbox.updateUser(byHand, { enabled: false })
  t.match(
    await idp('PUT', at(byHand), whole(byHand, true)),
    { status: 200, body: { active: false } },
    'as it is'
  )
  const byOther = arrive('off-boarded-by-another')
  await call('POST', `/users/${byOther}/offboard`, { body: {}, headers: { prefer: 'wait=20' } })
  t.match(await idp('PUT', at(byOther), whole(byOther, true)), { status: 200, body: { active: false } })
  t.equal((await operations(byHand, 'reinstate')).length + (await operations(byOther, 'reinstate')).length, 0)

  const own = arrive('off-boarded-by-put')
  t.match(await idp('PUT', at(own), whole(own, false)), { status: 200, body: { active: false } })
  await quiet(own)
  t.match(await idp('PUT', at(own), whole(own)), { body: { active: false } }, 'nothing is said of it')
  t.match(await idp('PUT', at(own), whole(own, true)), { status: 200, body: { active: true } })
  await quiet(own)
  t.equal(isEnabled(own), true)
})

t.test('above a brake nothing is decided: active stays true, and it is recorded once', async (t) => {
  const { idp, operations, arrive, world } = idle
  const config = world.config as { BRAKE_LOCK_OUTS: number }
  const before = config.BRAKE_LOCK_OUTS
  world.config = { ...world.config, BRAKE_LOCK_OUTS: 0 }
  t.teardown(() => {
    world.config = { ...world.config, BRAKE_LOCK_OUTS: before }
  })
  const id = arrive('held')
  const all = await Promise.all([1, 2, 3].map(() => idp('PATCH', at(id), activeIs(false))))
  for (const { status, body } of all) {
    t.match({ status, body }, { status: 200, body: { active: true } })
    t.match(body[extension], { kind: 'offboard', state: 'awaiting-approval', approval: /^\/approvals\// })
  }
  t.match(await operations(id), { length: 1, 0: { state: 'awaiting-approval' } })
  t.notOk(
    (await (await clientOf(idle, 'another'))('GET', at(id))).body[extension],
    'it is not told to others'
  )

  t.equal((await idp('PUT', at(id), { userName: id, active: true })).status, 200)
  t.match(await operations(id), [{ state: 'awaiting-approval' }], 'a whole user takes nothing back')
  t.equal((await idp('PATCH', at(id), activeIs(true))).status, 200)
  t.match(await operations(id), [{ state: 'cancelled' }], 'but who is wanted back is locked out no more')
})

t.test('once a second person agreed the user is not active', async (t) => {
  const { idp, arrive, world, call } = idle
  const id = arrive('approved')
  world.config = { ...world.config, BRAKE_LOCK_OUTS: 0 }
  const { body } = await idp('PATCH', at(id), activeIs(false))
  world.config = { ...world.config, BRAKE_LOCK_OUTS: 1_000_000 }
  const approval = body[extension].approval.split('/').at(-1)
  const { hash } = (await call('GET', `/approvals/${approval}`)).body
  await decide(world.pool, approval, { actor: 'host' }, { state: 'approved', hash })
  t.match(await idp('GET', at(id)), { body: { active: false } })
})

t.test('what else works on the user is waited for, and a leaver is not lost over it', async (t) => {
  const { idp, operations, arrive, call, quiet, sandbox } = working
  const id = arrive('busy')
  sandbox.addFault({ match: { method: 'PUT', pathRegex: `/cloud/users/${id}` }, do: 'hang-before' })
  const reset = await call('POST', `/users/${id}/reset`, { body: { mail: 'none' } })
  t.equal(reset.status, 202)
  const refused = await idp('PATCH', at(id), activeIs(false), now)
  t.match(refused, { status: 409, body: { status: '409' } })
  t.equal(refused.headers.get('retry-after'), '60')
  t.equal((await operations(id)).length, 0)
  const waiting = idp('PATCH', at(id), activeIs(false))
  await eventually(
    async () => (await call('GET', `/operations/${reset.body.id}`)).body.state,
    (state) => state === 'running'
  )
  sandbox.clearFaults()
  t.match(await waiting, { status: 200, body: { active: false } })
  await quiet(id)
  t.match(await operations(id), [{ state: 'succeeded' }])
})

t.test('an identifier and active in one request are for one user, and both or neither', async (t) => {
  const { idp, operations, arrive } = idle
  const [one, two] = [arrive('one'), arrive('two')]
  const both = patchOf(
    { op: 'Replace', path: 'externalId', value: 'E-1' },
    { op: 'Replace', path: 'active', value: 'False' }
  )
  t.match(await idp('PATCH', at(one), both), {
    status: 200,
    body: { id: one, externalId: 'E-1', active: false }
  })
  t.match(await idp('PATCH', at(two), both), { status: 409, body: { scimType: 'uniqueness' } })
  for (const body of [
    patchOf(
      { op: 'replace', path: 'userName', value: 'gus' },
      { op: 'replace', path: 'active', value: false }
    ),
    patchOf({ op: 'replace', value: { userName: 'GUS', active: false } })
  ])
    t.match(await idp('PATCH', at(two), body), { status: 409, body: { scimType: 'uniqueness' } })
  for (const body of [
    patchOf({ op: 'replace', value: { id: 'gus', active: false } }),
    patchOf({ op: 'replace', path: 'id', value: 'gus' }, { op: 'replace', path: 'active', value: false })
  ])
    t.equal((await idp('PATCH', at(two), body)).status, 400)
  t.equal((await idp('PUT', at(two), { id: 'gus', userName: two, active: false })).status, 400)
  for (const id of [two, 'gus']) t.equal((await operations(id)).length, 0, `${id} is left alone`)
  const own = patchOf({
    op: 'replace',
    value: { id: two.toUpperCase(), userName: 'two@corp.example', active: false }
  })
  t.match(await idp('PATCH', at(two), own), { status: 200, body: { id: two, userName: two, active: false } })
})

t.test('protected users are refused, whatever the client says', async (t) => {
  const { idp, operations, arrive, sandbox } = idle
  const id = arrive('boss', { groups: ['admin'] })
  for (const user of [id, 'BOSS', sandbox.admin.user]) {
    for (const said of [
      await idp('PATCH', at(user), activeIs(false)),
      await idp('PUT', at(user), { userName: user, active: false }),
      await idp('POST', '/Users', { userName: user, active: false }),
      await idp('DELETE', at(user))
    ])
      t.match(said.body, { detail: /protected|account by which/ }, `${user}: ${said.status}`)
    t.equal((await operations(user)).length, 0)
  }
  t.equal(
    (await idp('PUT', at(id), { userName: id, active: true })).status,
    200,
    'what changes nothing is taken'
  )
})

t.test('a stopped Locksmith records nothing, and says so', async (t) => {
  const { idp, operations, arrive, call } = idle
  const id = arrive('stopped')
  await call('POST', '/stop')
  const said = await idp('PATCH', at(id), activeIs(false))
  await call('POST', '/resume')
  t.match(said, { status: 503, body: { status: '503' } })
  t.equal(problemOf(said.body), 'stopped')
  t.equal((await operations(id)).length, 0)
})

t.test(
  'a leaver is not lost because Nextcloud is away, nor is it said twice what was decided once',
  async (t) => {
    const { idp, operations, arrive, sandbox, quiet, isEnabled } = working
    const [id, stranger] = [arrive('away'), arrive('never-linked')]
    await idp('POST', '/Users', { userName: id, externalId: 'A-1' })
    const limited = await clientOf(working, 'idp', { allowedGroups: ['acme'] })
    sandbox.addFault({ match: { pathRegex: '/cloud/users/' }, do: 'reset-before' })
    for (const body of [activeIs('False'), activeIs(false)]) {
      const said = await idp('PATCH', at(id), body)
      t.match(said, { status: 200, body: { id, externalId: 'A-1', userName: id, active: false } })
      t.notOk('displayName' in said.body, 'what is not known is not said')
    }
    t.equal((await operations(id)).length, 1)
    for (const said of [
      await idp('PATCH', at(stranger), activeIs(false)),
      await limited('PATCH', at(id), activeIs(false)),
      await idp('PATCH', at(id), activeIs(true)),
      await idp('GET', at(id))
    ])
      t.match(said, { status: 503, body: { status: '503' } })
    sandbox.clearFaults()
    await quiet(id)
    t.match(await operations(id), [{ state: 'succeeded' }])
    t.equal(isEnabled(id), false)
    t.equal((await operations(stranger)).length, 0)
  }
)
