import t from 'tap'
import { type AuditRow, listAudit } from '../../src/audit/audit.sql.ts'
import { auditActions } from '../../src/audit/event.ts'
import { sentenceOf } from '../../src/audit/history.ts'
import { keepAudit } from '../../src/audit/keep.ts'
import { parseCheckpoint, verifierKeyOf } from '../../src/audit/note.ts'
import { verifyConsistency, verifyExport, verifyInclusion } from '../../tools/verify-audit.mjs'
import { keyOf } from '../access/caller.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

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

t.test('filters find by each thing that is known of an event', async (t) => {
  const locksmith = await startLocksmith(t)
  const { call, sandbox, world } = locksmith
  for (const id of ['anna', 'bob']) {
    sandbox.createUser({ id, email: `${id}@example.org` })
    const body = { reason: id === 'anna' ? 'Phone 100% lost' : 'left' }
    await call('POST', `/users/${id}/reset`, { body, headers: { prefer: 'wait=20' } })
  }
  sandbox.createUser({ id: 'dora', email: 'dora@example.org' })
  const desk = await keyOf(locksmith, ['users:reset'])
  const { body: dora } = await call('POST', '/users/dora/reset', { authorization: desk.authorization })
  const count = async (query: Record<string, string>) =>
    (await call('GET', `/audit?${new URLSearchParams({ limit: '200', ...query })}`)).body.items.length
  t.equal(await count({ userId: 'ANNA', action: 'operation.requested' }), 1)
  t.equal(await count({ action: 'operation.requested' }), 3)
  t.equal(await count({ actor: `key:${desk.id}` }), 1)
  t.equal(await count({ actor: 'key:first', action: 'operation.requested' }), 2)
  t.ok((await count({ operationId: dora.id })) > 0)
  t.ok((await count({ outcome: 'success', userId: 'bob' })) >= 4)
  t.equal(await count({ outcome: 'failure', userId: 'bob' }), 0)
  t.ok((await count({ outcome: 'none', userId: 'bob' })) >= 4)
  t.equal(await count({ reason: 'phone 100%' }), 1)
  t.equal(await count({ reason: '100%l' }), 0, '% is a character like others')
  t.equal(await count({ reason: 'PHONE', userId: 'bob' }), 0)
  const now = new Date(Date.now() + 1_000).toISOString()
  t.equal(await count({ from: now }), 0)
  t.equal(await count({ to: now, action: 'operation.requested' }), 3)
  t.equal(await count({ actor: "key:x' OR true --" }), 0)
  t.match(await call('GET', '/audit?outcome=perhaps'), { status: 400 })
  t.equal((await listAudit(world.pool, {}, { limit: 1 }))[0]!.index, null, 'nobody seals here')
})

t.test('the address that a request came from is with what it did, and with nothing else', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
  await call('POST', '/stop', { body: { reason: 'fire' } })
  const { items } = (await call('GET', '/audit')).body
  for (const { action, sourceAddress } of items)
    t.equal(
      sourceAddress,
      ['operation.requested', 'service.stopped'].includes(action) ? '127.0.0.1' : null,
      action
    )
})

t.test('one person’s story is told in sentences, in order, and in pages', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  for (const id of ['anna', 'bob']) sandbox.createUser({ id, email: `${id}@example.org` })
  await call('POST', '/users/anna/reset', { body: { reason: 'phone lost' }, headers: { prefer: 'wait=20' } })
  await call('POST', '/users/bob/reset', { headers: { prefer: 'wait=20' } })
  const story: { text: string }[] = []
  for (let path: string | undefined = '/users/ANNA/history?limit=4'; path; ) {
    const { body, headers } = await call('GET', path)
    story.push(...body.items)
    path = /^<(.+)>; rel="next"$/.exec(headers.get('link') ?? '')?.[1]
  }
  t.same(
    story.map(({ text }) => text),
    [
      'The API key first asked for a reset: a new password that nobody knows, and no access by the old one (“phone lost”).',
      'The user was looked up.',
      'About to begin: replacing the password.',
      'The password was replaced by one that nobody knows.',
      'About to begin: ending sessions and app passwords.',
      'Sessions and app passwords were ended (0 sessions and 0 app passwords; 0 are left).',
      'About to begin: having the reset mail sent.',
      'The reset mail was asked for (requested, to anna@example.org).',
      'It was done, and ended well (0 sessions and 0 app passwords; 0 are left; requested, to anna@example.org).'
    ]
  )
  t.same((await call('GET', '/users/nobody-ever/history')).body, { items: [], next: null })
})

t.test('every event has a sentence, whatever its details lack', async (t) => {
  for (const action of auditActions) {
    const row = { action, actor: 'system', details: {} } as AuditRow
    t.match(sentenceOf(row), /^[A-Z“].*[.:]/s, action)
  }
})

t.test(
  'the head, a proof of an event, that of an earlier log, and the whole log are taken by the second implementation',
  async (t) => {
    const { call, sandbox, world } = await startLocksmith(t)
    sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
    t.match(await call('GET', '/audit/checkpoint'), { status: 409, body: { code: 'not-sealed-yet' } })
    await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
    const [{ seq }] = (await call('GET', '/audit')).body.items
    t.match(await call('GET', `/audit/${seq}/proof`), { status: 409, body: { code: 'not-sealed-yet' } })
    const { pool, auditKeys: keys, log, config } = world
    const keeping = keepAudit({ pool, keys, settings: config.audit, log })
    t.teardown(() => keeping.stop())
    await eventually(
      () => call('GET', `/audit/${seq}/proof`),
      ({ status }) => status === 200
    )
    const early = await call('GET', '/audit/checkpoint')
    t.match(early.headers.get('content-type'), 'text/plain')
    const { size } = parseCheckpoint(early.text)!
    await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=20' } })
    const later = await eventually(
      () => call('GET', '/audit/checkpoint'),
      ({ text }) => parseCheckpoint(text)!.size >= size + 9
    )
    const given = { keys: keys.signers.map(verifierKeyOf) }
    const events = (await call('GET', '/audit?limit=200')).body.items
    t.equal(events.length, parseCheckpoint(later.text)!.size)
    for (const { seq } of events)
      t.match(
        verifyInclusion((await call('GET', `/audit/${seq}/proof`)).body, given),
        { ok: true },
        `event ${seq}`
      )
    const consistency = (await call('GET', `/audit/consistency?from=${size}`)).body
    t.match(verifyConsistency(consistency, given), { ok: true })
    t.equal(consistency.fromRoot, parseCheckpoint(early.text)!.root.toString('hex'))
    t.match(await call('GET', '/audit/consistency?from=99999'), { status: 400 })
    t.match(await call('GET', '/audit/99999/proof'), { status: 404, body: { code: 'unknown-event' } })
    t.match(await call('GET', '/audit/x/proof'), { status: 400 })
    const whole = await call('GET', '/audit/export')
    t.match(whole.headers.get('content-disposition'), /filename="audit-\d+\.ndjson"/)
    t.match(
      await verifyExport(whole.text.trimEnd().split('\n'), {
        ...given,
        checkpoints: [early.text, later.text]
      }),
      {
        ok: true,
        events: events.length
      }
    )
    const part = await call('GET', '/audit/export?action=step.done&userId=anna')
    t.match(part.headers.get('content-disposition'), /filename="audit-part-/)
    const done = events.filter(({ action }: { action: string }) => action === 'step.done').length
    t.match(await verifyExport(part.text.trimEnd().split('\n'), given), { ok: true, events: done })
    const csv = await call('GET', '/audit/export?format=csv')
    t.match(csv.text, /^"seq","at","action","outcome","actor"/)
    t.equal(csv.text.trimEnd().split('\r\n').length, events.length + 1)
  }
)
