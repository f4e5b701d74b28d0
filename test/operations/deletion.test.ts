import t from 'tap'
import { advanceClock } from '../support/clock.ts'
import { leaver } from '../support/leaver.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
const days = (count: number) => count * 86_400

t.test('a deletion that was put off holds nobody up, and comes when its time has come', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  leaver(sandbox)
  const { body } = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P30D' }, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
  const { operation, at } = body.outcome.deletion
  const inDays = (Date.parse(at) - Date.now()) / 86_400_000
  t.ok(inDays > 29.9 && inDays < 30.1)
  t.match((await call('GET', operation)).body, { kind: 'delete', state: 'scheduled', resumeAt: at })
  t.match((await call('GET', '/users/lea/access')).body.operations, [{ operation, state: 'scheduled' }])
  t.equal((await call('POST', '/users/lea/disable', wait)).body.state, 'succeeded', 'others work meanwhile')

  await advanceClock(world.pool, sandbox, days(29))
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal((await call('GET', operation)).body.state, 'scheduled', 'not a day too soon')
  await advanceClock(world.pool, sandbox, days(31))
  const over = await eventually(
    async () => (await call('GET', operation)).body,
    ({ state }) => state === 'succeeded'
  )
  t.match(over.outcome, { deleted: true })
  t.notOk(sandbox.users().some(({ id }) => id === 'lea'))
})

t.test(
  'who comes back is not deleted, comes in by the mail alone, and to the groups that were taken',
  async (t) => {
    const { call, sandbox, world } = await startLocksmith(t)
    const lea = leaver(sandbox)
    const off = await call('POST', '/users/lea/offboard', {
      body: { groups: ['sales'], deleteAfter: 'P1D' },
      ...wait
    })
    const { operation } = off.body.outcome.deletion
    t.same(off.body.outcome.groupsRemoved, ['sales'])
    const { body } = await call('POST', '/users/lea/reinstate', { body: { restoreGroups: true }, ...wait })
    t.equal(body.state, 'succeeded', JSON.stringify(body.problem))
    t.match(body.outcome, { enabled: true, groupsRestored: ['sales'], mail: { delivery: 'requested' } })
    t.match((await call('GET', operation)).body, { state: 'cancelled', supersededBy: body.id })
    t.same(lea.alive(), [], 'nothing from before')
    const link = sandbox
      .mails({ to: 'lea@example.org' })
      .map((mail) => sandbox.linkOf(mail)!)
      .findLast((each) => each?.includes('/lostpassword/'))
    t.ok(sandbox.completeReset(link!, 'New-Password-4711').ok)
    t.ok(sandbox.loginAsPerson('lea', 'New-Password-4711').ok)
    t.same(lea.alive(), [])
    await advanceClock(world.pool, sandbox, days(3))
    await new Promise((resolve) => setTimeout(resolve, 1_500))
    t.ok(sandbox.users().some(({ id }) => id === 'lea'))
  }
)

t.test('whoever was enabled in Nextcloud itself is not deleted', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  leaver(sandbox)
  const off = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'PT1H' }, ...wait })
  sandbox.updateUser('lea', { enabled: true })
  await advanceClock(world.pool, sandbox, 3_700)
  const { operation } = off.body.outcome.deletion
  const over = await eventually(
    async () => (await call('GET', operation)).body,
    ({ state }) => state === 'failed'
  )
  t.equal(over.problem.code, 'user-enabled')
  t.ok(sandbox.users().some(({ id }) => id === 'lea'))
})

t.test('a newer off-boarding has a date of its own, and a cancelled one never begins', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  leaver(sandbox)
  const first = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P30D' }, ...wait })
  const second = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P60D' }, ...wait })
  const { operation: older } = first.body.outcome.deletion
  const { operation: newer } = second.body.outcome.deletion
  t.match((await call('GET', older)).body, { state: 'cancelled' })
  t.match((await call('GET', newer)).body, { state: 'scheduled' })
  t.match((await call('POST', `${newer}/cancel`)).body, { state: 'cancelled' })
  t.same((await call('GET', '/users/lea/access')).body.operations, [])
})

t.test(
  'who comes back gets the groups that the last off-boarding took, not those of one before',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    leaver(sandbox)
    await call('POST', '/users/lea/offboard', { body: { groups: ['sales'] }, ...wait })
    const back = { body: { restoreGroups: true }, ...wait }
    t.same((await call('POST', '/users/lea/reinstate', back)).body.outcome.groupsRestored, ['sales'])
    // An administrator takes the user out; the next off-boarding touches no groups.
    sandbox.updateUser('lea', { groups: ['acme'] })
    await call('POST', '/users/lea/offboard', wait)
    const { body } = await call('POST', '/users/lea/reinstate', back)
    t.same(body.outcome?.groupsRestored, [], JSON.stringify(body))
    t.same(sandbox.users().find(({ id }) => id === 'lea')!.groups, ['acme'])
  }
)

t.test('another person with the id of one who was deleted gets none of the groups', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  leaver(sandbox)
  const off = await call('POST', '/users/lea/offboard', {
    body: { groups: 'all', deleteAfter: 'PT1M' },
    ...wait
  })
  await advanceClock(world.pool, sandbox, 61)
  await eventually(
    async () => (await call('GET', off.body.outcome.deletion.operation)).body.state,
    (state) => state === 'succeeded'
  )
  leaver(sandbox, { groups: [], enabled: false })
  const { body } = await call('POST', '/users/lea/reinstate', { body: { restoreGroups: true }, ...wait })
  t.equal(body.state, 'succeeded', JSON.stringify(body))
  t.same(body.outcome.groupsRestored, [])
})

t.test('a deletion is put off for a minute at least', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  leaver(sandbox)
  for (const deleteAfter of ['PT0M', 'PT0H0M', 'P', 'PT'])
    t.equal((await call('POST', '/users/lea/offboard', { body: { deleteAfter } })).status, 400, deleteAfter)
  for (const deleteAfter of ['PT1M', 'PT10H0M', 'P1W', 'P1Y6M']) {
    const { body, status } = await call('POST', '/users/lea/offboard', { body: { deleteAfter } })
    t.equal(status, 202, deleteAfter)
    await call('POST', `/operations/${body.id}/cancel`)
  }
})

t.test(
  'who was in no group that was taken comes back all the same, and the operation can be read',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    leaver(sandbox, { enabled: false })
    const { body } = await call('POST', '/users/lea/reinstate', { body: { restoreGroups: true }, ...wait })
    t.match(body, { state: 'succeeded', options: { groups: [] }, outcome: { groupsRestored: [] } })
    t.equal((await call('GET', '/operations')).status, 200)
  }
)

t.test('who came back by Nextcloud itself and is disabled again is not deleted', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  leaver(sandbox)
  const off = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'P2D' }, ...wait })
  await advanceClock(world.pool, sandbox, days(1))
  sandbox.updateUser('lea', { enabled: true, password: 'New-Password-4711' })
  t.ok(sandbox.loginAsPerson('lea', 'New-Password-4711').ok)
  sandbox.updateUser('lea', { enabled: false })
  await advanceClock(world.pool, sandbox, days(3))
  const over = await eventually(
    async () => (await call('GET', off.body.outcome.deletion.operation)).body,
    ({ state }) => state === 'failed' || state === 'needs-attention' || state === 'succeeded'
  )
  t.match(over.problem, { code: 'user-enabled', detail: /logged in/ })
  t.ok(sandbox.users().some(({ id }) => id === 'lea'))
})

t.test('a retry promises no deletion that was cancelled, and no lock-out of who came back', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  leaver(sandbox)
  sandbox.treatMail('boss@example.org', 'reject')
  const body = { manager: 'boss@example.org', deleteAfter: 'P30D' }
  const off = await call('POST', '/users/lea/offboard', { body, ...wait })
  t.match(off.body, { state: 'needs-attention', problem: { code: 'mail-rejected' } })
  await call('POST', `${off.body.outcome.deletion.operation}/cancel`)
  sandbox.treatMail('boss@example.org', 'accept')
  const again = await call('POST', `/operations/${off.body.id}/retry`, wait)
  t.equal(again.body.state, 'succeeded', JSON.stringify(again.body.problem))
  t.equal(again.body.outcome.deletion, undefined)
  t.notMatch(sandbox.mails({ to: 'boss@example.org' })[0]!.text, /will be deleted/)

  sandbox.treatMail('boss@example.org', 'reject')
  const second = await call('POST', '/users/lea/offboard', { body, ...wait })
  t.equal(second.body.state, 'needs-attention')
  t.equal((await call('POST', '/users/lea/reinstate', wait)).body.state, 'succeeded')
  await call('POST', '/users/lea/disable', wait)
  t.match(await call('POST', `/operations/${second.body.id}/retry`, wait), {
    status: 409,
    body: { code: 'operation-not-retryable' }
  })
})

t.test('a deletion that broke off is not gone on with after the user came back', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  leaver(sandbox)
  const off = await call('POST', '/users/lea/offboard', { body: { deleteAfter: 'PT1M' }, ...wait })
  const { operation } = off.body.outcome.deletion
  sandbox.addFault({ match: { method: 'DELETE' }, do: 'reset-before' })
  await advanceClock(world.pool, sandbox, 61)
  await eventually(
    async () => (await call('GET', operation)).body.state,
    (state) => state === 'waiting'
  )
  await call('POST', `${operation}/cancel`)
  await eventually(
    async () => (await call('GET', operation)).body.state,
    (state) => state === 'needs-attention'
  )
  sandbox.clearFaults()
  t.equal((await call('POST', '/users/lea/reinstate', wait)).body.state, 'succeeded')
  t.equal((await call('POST', '/users/lea/disable', wait)).body.state, 'succeeded', 'on leave')
  t.match(await call('POST', `${operation}/retry`, wait), {
    status: 409,
    body: { code: 'operation-not-retryable' }
  })
  t.ok(sandbox.users().some(({ id }) => id === 'lea'))
})
