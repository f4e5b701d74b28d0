import t from 'tap'
import { decide } from '../../../src/operations/decide.ts'
import { advanceClock } from '../../support/clock.ts'
import { eventually } from '../../support/locksmith.ts'
import { activeIs, clientOf, problemOf, setStage } from './stage.ts'

const working = await setStage(t, { env: { SCIM_DELETE_AFTER: 'P7D' } })
const idle = await setStage(t, { worker: false })
const at = (id: string) => `/Users/${id}`

t.test('DELETE locks out now, and the account is deleted once the time is over', async (t) => {
  const { idp, arrive, operations, quiet, isEnabled, world, sandbox } = working
  const id = arrive('gone')
  await idp('POST', '/Users', { userName: id, externalId: 'X-gone' })
  const said = await idp('DELETE', at(id))
  t.equal(said.status, 204)
  t.equal(said.text, '')
  await quiet(id)
  t.equal(isEnabled(id), false)
  t.match(await operations(id), [
    { state: 'succeeded', input: { deleteAfter: 'P7D', reason: 'SCIM: deleted' } }
  ])
  t.match(await operations(id, 'delete'), [{ state: 'scheduled' }])

  t.equal((await idp('GET', at(id))).status, 404)
  for (const [method, body] of [
    ['DELETE', undefined],
    ['PATCH', activeIs(true)],
    ['PUT', { userName: id, active: true }]
  ] as const)
    t.match(await idp(method, at(id), body), { status: 404, body: { status: '404' } }, method)
  for (const filter of [`userName eq "${id}"`, 'externalId eq "X-gone"', `emails eq "${id}@example.org"`])
    t.equal((await idp('GET', `/Users?filter=${encodeURIComponent(filter)}`)).body.totalResults, 0, filter)
  const { body } = await idp('GET', '/Users?count=200')
  t.notOk(
    body.Resources.some((user: { id: string }) => user.id === id),
    'not in the list'
  )
  t.equal(body.totalResults, body.Resources.length)
  t.notOk(
    (await idp('GET', '/Groups/acme')).body.members.some(({ value }: { value: string }) => value === id)
  )
  const other = await clientOf(working, 'another')
  t.match(await other('GET', at(id)), { status: 200, body: { active: false } }, 'others have not deleted it')

  await advanceClock(world.pool, sandbox, 7 * 86_400 + 60)
  await eventually(
    async () => (await operations(id, 'delete'))[0]!.state,
    (state) => state === 'succeeded'
  )
  arrive(id)
  t.match(
    await idp('GET', at(id)),
    { status: 200, body: { active: true } },
    'the next one of that id is another'
  )
  t.equal((await idp('GET', at(id))).body.externalId, undefined)
  t.match(await idp('PUT', at(id), { userName: id, externalId: 'X-new' }), {
    status: 200,
    body: { externalId: 'X-new' }
  })
  t.equal((await idp('GET', at(id))).status, 200)
})

t.test('three DELETEs at once are one', async (t) => {
  const { idp, arrive, operations } = idle
  const id = arrive('thrice')
  const all = await Promise.all([1, 2, 3].map(() => idp('DELETE', at(id))))
  for (const { status } of all) t.ok(status === 204 || status === 404, String(status))
  t.ok(all.some(({ status }) => status === 204))
  t.equal((await operations(id)).length, 1)
})

t.test('who was off-boarded before is only put down for deletion: nothing is done twice', async (t) => {
  const { idp, arrive, operations, quiet } = working
  const id = arrive('left-before')
  await idp('PATCH', at(id), activeIs(false))
  await quiet(id)
  const all = await Promise.all([1, 2, 3].map(() => idp('DELETE', at(id))))
  for (const { status } of all) t.ok(status === 204 || status === 404, String(status))
  t.equal((await operations(id)).length, 1)
  t.match(await operations(id, 'delete'), { length: 1, 0: { state: 'scheduled' } })
})

t.test('while the off-boarding runs, DELETE waits for its end', async (t) => {
  const { idp, arrive, operations, quiet } = working
  const id = arrive('at-once')
  const [left, deleted] = await Promise.all([idp('PATCH', at(id), activeIs(false)), idp('DELETE', at(id))])
  t.ok([200, 404].includes(left.status), left.text)
  t.equal(deleted.status, 204, deleted.text)
  await quiet(id)
  t.equal((await operations(id)).length, 1)
  t.equal((await operations(id, 'delete')).length, 1)

  const slow = idle.arrive('slow')
  await idle.idp('PATCH', at(slow), activeIs(false))
  const refused = await idle.idp('DELETE', at(slow), undefined, { prefer: 'wait=0' })
  t.match(refused, { status: 409, body: { detail: /send it again/ } })
  t.equal((await idle.idp('GET', at(slow))).status, 200, 'and is not gone')
})

t.test('who is assigned again comes back, and is not deleted', async (t) => {
  const { idp, arrive, operations, quiet, isEnabled } = working
  const id = arrive('rehired')
  const body = { userName: id, externalId: 'R-1', active: true }
  await idp('POST', '/Users', body)
  await idp('DELETE', at(id))
  await quiet(id)
  const back = await idp('POST', '/Users', { ...body, externalId: 'R-2' })
  t.match(back, { status: 201, body: { id, externalId: 'R-2', active: true } })
  await quiet(id)
  t.equal(isEnabled(id), true)
  t.match(await operations(id, 'delete'), [{ state: 'cancelled' }])
  t.equal((await idp('GET', at(id))).status, 200)
})

t.test('who was let in again by somebody else is there again', async (t) => {
  const { idp, arrive, quiet, call } = working
  const id = arrive('undone')
  await idp('DELETE', at(id))
  await quiet(id)
  t.equal((await idp('GET', at(id))).status, 404)
  await call('POST', `/users/${id}/reinstate`, { body: {}, headers: { prefer: 'wait=20' } })
  t.match(await idp('GET', at(id)), { status: 200, body: { active: true } })
})

t.test('above a brake nobody is said to be gone before a second person agreed', async (t) => {
  const { idp, arrive, operations, world, call } = idle
  const id = arrive('held-deletion')
  const usual = world.config
  world.config = { ...usual, BRAKE_LOCK_OUTS: 0 }
  for (const _ of [1, 2]) {
    const said = await idp('DELETE', at(id))
    t.match(said, { status: 409, body: { status: '409', detail: /second person approves/ } })
    t.equal(problemOf(said.body), 'awaiting-approval')
  }
  world.config = usual
  t.match(await operations(id), { length: 1, 0: { state: 'awaiting-approval' } })
  t.match(await idp('GET', at(id)), { status: 200, body: { active: true } })
  const key = { 'idempotency-key': 'same' }
  const first = await idp('DELETE', at(id), undefined, key)
  t.equal(first.status, 409)

  const { items } = (await call('GET', '/approvals')).body
  const approval = items[0].id
  const { hash } = (await call('GET', `/approvals/${approval}`)).body
  await decide(world.pool, approval, { actor: 'host' }, { state: 'approved', hash })
  t.equal((await idp('GET', at(id))).status, 404, 'now it is')
  const again = await idp('DELETE', at(id), undefined, key)
  t.not(again.headers.get('idempotency-replayed'), 'true', 'what may change is not said again')
  t.equal(again.status, 404)
})

t.test('a key without users:delete deletes nobody, nor one without users:offboard', async (t) => {
  const id = idle.arrive('kept')
  for (const scopes of [['users:read', 'users:offboard'], ['users:delete']] as const) {
    const idp = await clientOf(idle, 'weak', { scopes: [...scopes] })
    t.match(await idp('DELETE', at(id)), { status: 403, body: { status: '403' } }, scopes.join())
  }
  t.equal((await idle.operations(id)).length, 0)
})
