import t from 'tap'
import { leaver } from '../support/leaver.ts'
import { eventually, type Locksmith, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=30' } }
const isEnabled = ({ sandbox }: Locksmith, id: string) =>
  sandbox.users().find((user) => user.id === id)!.enabled

async function finished({ call }: Locksmith, path: string) {
  return eventually(
    async () => (await call('GET', path)).body,
    ({ state }) => ['succeeded', 'failed', 'needs-attention', 'cancelled'].includes(state),
    30
  )
}

t.test('whoever was disabled since then is let in again, and nobody else', async (t) => {
  const locksmith = await startLocksmith(t, { env: { PROTECTED_GROUPS: 'board' } })
  const { call, sandbox } = locksmith
  sandbox.createGroup('board')
  sandbox.createUser({ id: 'early' })
  t.equal((await call('POST', '/users/early/disable', wait)).body.state, 'succeeded')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const since = new Date().toISOString()
  const people = ['plain', 'before', 'meanwhile', 'open', 'chair'].map((id) =>
    leaver(sandbox, { id, enabled: id !== 'before' })
  )
  const disabled = new Map<string, string>()
  for (const { id } of people) {
    const { body } = await call('POST', `/users/${id}/disable`, wait)
    t.equal(body.state, 'succeeded')
    disabled.set(id, `/operations/${body.id}`)
  }
  const back = await call('POST', '/users/meanwhile/enable', { ...wait, body: { mail: 'none' } })
  t.equal(back.body.state, 'succeeded', JSON.stringify(back.body.problem))
  sandbox.updateUser('chair', { groups: ['board'] })
  sandbox.addFault({ match: { user: 'open', method: 'POST', pathRegex: 'wipe' }, do: 'hang-before' })
  const open = await call('POST', '/users/open/wipe')
  t.equal(open.status, 202)

  const undo = await call('POST', `/operations/undo?since=${since}`, { body: { reason: 'wrong list' } })
  t.equal(undo.status, 202, undo.text)
  t.match(undo.body.items, [{ userId: 'plain', of: disabled.get('plain') }])
  t.equal(undo.body.items.length, 1)
  t.equal(undo.body.next, null)
  t.same(
    undo.body.notUndone.map(({ userId, of, problem }: Record<string, { code: string }>) => [
      userId,
      of,
      problem!.code
    ]),
    [
      ['chair', disabled.get('chair'), 'protected-user'],
      ['open', disabled.get('open'), 'operation-already-running']
    ]
  )
  const over = await finished(locksmith, undo.body.items[0].operation)
  t.match(over, { kind: 'enable', state: 'succeeded', reason: 'wrong list' })
  t.ok(isEnabled(locksmith, 'plain'))
  t.ok(isEnabled(locksmith, 'meanwhile'))
  for (const id of ['early', 'before', 'open', 'chair']) t.notOk(isEnabled(locksmith, id), id)
  const { alive } = people[0]!
  t.same(alive(), [], 'nothing that was issued before wakes up')

  sandbox.clearFaults()
  await finished(locksmith, `/operations/${open.body.id}`)
  const again = await call('POST', `/operations/undo?since=${since}`)
  t.same(
    again.body.items.map(({ userId }: { userId: string }) => userId),
    ['open'],
    'the one that was held up by another operation'
  )
})

t.test('an off-boarding is taken back with its groups, and its deletion does not come', async (t) => {
  const locksmith = await startLocksmith(t)
  const { call, sandbox } = locksmith
  const since = new Date(Date.now() - 1_000).toISOString()
  const lea = leaver(sandbox)
  leaver(sandbox, { id: 'gone', enabled: false })
  const off = await call('POST', '/users/lea/offboard', {
    body: { groups: ['sales'], deleteAfter: 'P1D' },
    ...wait
  })
  const gone = await call('POST', '/users/gone/offboard', { body: { deleteAfter: 'P1D' }, ...wait })
  const dry = await call('POST', `/operations/undo?since=${since}&dryRun=true`)
  t.match(dry, { status: 200, body: { dryRun: true, items: [{ userId: 'lea', operation: null }] } })
  const { body, status } = await call('POST', `/operations/undo?since=${since}`)
  t.equal(status, 202)
  t.notOk('dryRun' in body)
  t.match(body, { items: [{ userId: 'lea', of: `/operations/${off.body.id}` }], notUndone: [], next: null })
  t.same(
    body.deletionsCancelled,
    [off, gone].map(({ body: { userId, outcome } }) => ({ userId, operation: outcome.deletion.operation })),
    'also of one who had been disabled before'
  )
  for (const { operation } of body.deletionsCancelled)
    t.match((await call('GET', operation)).body, { state: 'cancelled' })
  const over = await finished(locksmith, body.items[0].operation)
  t.match(over, { kind: 'reinstate', state: 'succeeded', outcome: { groupsRestored: ['sales'] } })
  t.same(lea.alive(), [])
  t.notOk(isEnabled(locksmith, 'gone'))
})

t.test('a retry does not make it forget that the user was enabled before', async (t) => {
  const locksmith = await startLocksmith(t)
  const { call, sandbox } = locksmith
  const since = new Date(Date.now() - 1_000).toISOString()
  leaver(sandbox, { id: 'erin', backend: 'LDAP' })
  const { body } = await call('POST', '/users/erin/offboard', wait)
  t.equal(body.state, 'needs-attention')
  const retried = await call('POST', `/operations/${body.id}/retry`, wait)
  t.match(retried.body, { state: 'needs-attention', outcome: { user: { enabled: false } } })
  const undo = await call('POST', `/operations/undo?since=${since}`)
  t.match(undo, {
    status: 200,
    body: {
      items: [],
      notUndone: [{ userId: 'erin', of: `/operations/${body.id}`, problem: { code: 'cannot-set-password' } }]
    }
  })
})

t.test('a page has 500 at most, and says where the next begins', async (t) => {
  const locksmith = await startLocksmith(t, { worker: false })
  const { call, sandbox, world } = locksmith
  const since = '2030-01-01T00:00:00Z'
  const ids = Array.from({ length: 502 }, (_, n) => `user${String(n).padStart(3, '0')}`)
  for (const id of ids) sandbox.createUser({ id, enabled: false })
  await world.pool.query(
    `WITH made AS (
       INSERT INTO operation (id, kind, user_id, place, state, input, job, requested_by, finished_at)
       SELECT gen_random_uuid(), 'disable', id, id, 'succeeded', '{}', gen_random_uuid(), 'key:first', now()
         FROM unnest($1::text[]) AS id RETURNING id, user_id),
     steps AS (
       INSERT INTO operation_step (operation_id, position, name, state, attempts, finished_at)
       SELECT id, 1, 'disable-user', 'done', 1, '2030-06-01' FROM made)
     INSERT INTO audit_event (seq, action, actor, operation_id, details, personal, mac)
     SELECT nextval('audit_seq'), 'step.done', 'system', id,
            '{"step": "check-user", "outcome": {"user": {"enabled": true}}}', '', '' FROM made`,
    [ids]
  )
  const undone: string[] = []
  let pages = 0
  let cursor: string | null = ''
  while (cursor !== null) {
    const query = new URLSearchParams({ since, ...(cursor && { cursor }) })
    const { status, body } = await call('POST', `/operations/undo?${query}`, { body: { mail: 'none' } })
    t.equal(status, 202, JSON.stringify(body))
    undone.push(...body.items.map(({ userId }: { userId: string }) => userId))
    t.ok(body.items.length <= 500)
    cursor = body.next
    pages++
  }
  t.ok(pages >= 2)
  t.same(undone, ids)
  t.match(await call('POST', `/operations/undo?since=${since}`), {
    status: 200,
    body: { items: [], notUndone: [], next: null }
  })
})

t.test('what cannot be a time, and a missing one, are refused', async (t) => {
  const { call } = await startLocksmith(t, { worker: false })
  for (const query of [
    '',
    '?since=yesterday',
    '?since=2026-06-30T23:59:60Z',
    '?since=2026-01-01T00:00:00Z&cursor=..'
  ])
    t.match(await call('POST', `/operations/undo${query}`), {
      status: 400,
      body: { code: 'invalid-request' }
    })
  for (const since of ['0000-01-01T00:00:00Z', '2026-01-01T00:00:00%2B23:59'])
    t.equal((await call('POST', `/operations/undo?since=${since}`)).status, 200, since)
})
