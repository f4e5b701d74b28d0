import t from 'tap'
import { uuidv7 } from '../../../src/uuid.ts'
import { startStage } from './stage.ts'

const stage = await startStage(t)
t.afterEach(() => stage.clear())
const { call } = stage

const make = (body: object = {}) =>
  call('POST', '/webhooks', { body: { url: 'https://example.org/hooks', ...body } })

t.test('the life of a webhook, and what the audit says of it', async (t) => {
  const made = await make({
    description: 'Tickets',
    events: ['operation.failed'],
    url: 'https://example.org/a-token-of-theirs'
  })
  t.match(made, {
    status: 201,
    body: { events: ['operation.failed'], description: 'Tickets', disabled: null }
  })
  const { id } = made.body
  t.equal(made.headers.get('location'), `/webhooks/${id}`)
  t.match((await call('GET', '/webhooks')).body, { items: [{ id }], next: null })
  const path = `/webhooks/${id}`
  t.match((await call('PATCH', path, { body: { events: null, enabled: false } })).body, {
    events: null,
    description: 'Tickets',
    disabled: { because: 'by-hand' }
  })
  t.match((await call('PATCH', path, { body: { enabled: true, description: '' } })).body, {
    disabled: null,
    description: ''
  })
  t.match((await call('POST', `${path}/rotate`, { body: {} })).body, { formerSecretUntil: String })
  t.match(await call('DELETE', path), { status: 200, body: { id } })
  t.match(await call('GET', path), { status: 404, body: { code: 'unknown-webhook' } })
  const { items } = (await call('GET', '/audit?limit=6')).body
  t.same(
    items.map(({ action }: { action: string }) => action),
    ['webhook.deleted', 'webhook.rotated', 'webhook.changed', 'webhook.changed', 'webhook.created']
  )
  t.notMatch(JSON.stringify(items), /a-token-of-theirs/, 'of a URL the origin alone')
  t.match(items.at(-1), {
    actor: 'key:first',
    details: { webhook: id, origin: 'https://example.org', events: ['operation.failed'] }
  })
})

t.test('URLs that cannot be called are not taken', async (t) => {
  for (const url of [
    'https://10.0.0.1/',
    'https://0x7f.1@example.org/',
    'https://user:password@example.org/',
    'https://[::ffff:10.0.0.1]/',
    'https://example.org/#fragment',
    'ftp://example.org/',
    'file:///etc/passwd',
    'gopher://127.0.0.1:6379/_x',
    'javascript:alert(1)',
    'https://',
    'example.org'
  ])
    t.match(await make({ url }), { status: 422, body: { code: 'webhook-url-not-allowed' } }, url)
  const { id } = (await make()).body
  t.match(await call('PATCH', `/webhooks/${id}`, { body: { url: 'https://169.254.169.254/' } }), {
    status: 422
  })
  t.match((await call('GET', `/webhooks/${id}`)).body, { url: 'https://example.org/hooks' })
  for (const body of [
    { url: `https://example.org/${'a'.repeat(2_000)}` },
    { description: 'd'.repeat(201) },
    { events: [] },
    { events: ['webhook.test'] },
    { events: ['operation.failed', 'operation.failed'] },
    { secret: 'whsec_mine' }
  ])
    t.match(await make(body), { status: 400, body: { code: 'invalid-request' } })
})

t.test('there are 50 at most, also where many are made at once', async (t) => {
  const answers = await Promise.all(Array.from({ length: 55 }, () => make()))
  t.equal(answers.filter(({ status }) => status === 201).length, 50)
  t.match(
    answers.find(({ status }) => status !== 201),
    { status: 409, body: { code: 'too-many-webhooks' } }
  )
  const first = await call('GET', '/webhooks?limit=30')
  t.match(first.headers.get('link'), /rel="next"/)
  const second = await call('GET', `/webhooks?limit=30&cursor=${first.body.next}`)
  const ids = [...first.body.items, ...second.body.items].map(({ id }: { id: string }) => id)
  t.equal(new Set(ids).size, 50)
  t.equal(second.body.next, null)
})

t.test('deliveries are listed page by page, and one is replayed under its own id', async (t) => {
  const { hook, tell, quiet, world } = stage
  const { receiver, id } = await hook((_received, n) => (n === 0 ? 404 : 204))
  await tell(7)
  await quiet()
  const path = `/webhooks/${id}/deliveries`
  const first = await call('GET', `${path}?limit=4`)
  const second = await call('GET', `${path}?limit=4&cursor=${first.body.next}`)
  const items = [...first.body.items, ...second.body.items]
  t.equal(items.length, 7)
  t.same(
    items,
    items.toSorted((a, b) => (a.id < b.id ? 1 : -1)),
    'newest first'
  )
  t.match((await call('GET', `${path}?state=pending`)).body.items, [
    { result: '404', attempts: 1, nextAt: String }
  ])
  const [{ id: waiting }] = (await call('GET', `${path}?state=pending`)).body.items
  t.equal((await call('POST', `${path}/${waiting}/replay`)).status, 202)
  const done = items.find(({ state }) => state === 'delivered')
  t.match(await call('POST', `${path}/${done.id}/replay`), {
    status: 202,
    body: { state: 'pending', attempts: 0 }
  })
  await quiet()
  t.equal(receiver.accepted.length, 8)
  t.equal(receiver.accepted.filter((received) => received.id === done.id).length, 2)
  t.match(await call('POST', `${path}/${uuidv7()}/replay`), {
    status: 404,
    body: { code: 'unknown-delivery' }
  })
  t.match(await call('GET', `/webhooks/${uuidv7()}/deliveries`), {
    status: 404,
    body: { code: 'unknown-webhook' }
  })
  t.match(await call('GET', `${path}?cursor=x`), { status: 400 })

  const metrics = (await call('GET', '/metrics')).text
  t.match(metrics, /locksmith_webhook_seconds_count\{outcome="delivered",result="2xx"\} \d/)
  t.match(metrics, /locksmith_webhook_seconds_count\{outcome="retry",result="4xx"\} 1/)
  t.match(metrics, /locksmith_webhook_lag_seconds 0/)
  await world.pool.query(
    `INSERT INTO webhook_delivery (endpoint_id, id, type, data, claim, claimed_by, claimed_until)
     VALUES ($1, gen_random_uuid(), 'webhook.test', '{}', NULL, NULL, NULL)`,
    [id]
  )
})

t.test('what ended long ago is not kept', async (t) => {
  const { hook, tell, quiet, pass, world } = stage
  const { deleteOldDeliveries } = await import('../../../src/integrations/webhooks/deliveries.sql.ts')
  const good = await hook()
  const bad = await hook(() => 500)
  const off = await hook(() => 500)
  await call('POST', `/webhooks/${good.id}/rotate`)
  await tell()
  await quiet()
  await call('PATCH', `/webhooks/${off.id}`, { body: { enabled: false } })
  await pass(31 * 86_400)
  await deleteOldDeliveries(world.pool, 32)
  t.equal((await world.pool.query('SELECT FROM webhook_delivery')).rowCount, 3)
  await deleteOldDeliveries(world.pool, 30)
  const { rows } = await world.pool.query('SELECT endpoint_id AS id FROM webhook_delivery')
  t.same(rows, [{ id: bad.id }], 'what is still to be sent stays')
  const { rowCount } = await world.pool.query('SELECT FROM webhook_endpoint WHERE former_secret IS NOT NULL')
  t.equal(rowCount, 0, 'nor is a secret that signs no more')
})

t.test('the doctor says who cannot be told', async (t) => {
  const { hook, tell, quiet } = stage
  const gone = await hook(() => 410)
  const failing = await hook(() => 500)
  await hook()
  await tell()
  await quiet()
  const { findings } = (await call('GET', '/doctor')).body
  t.match(
    findings.filter(({ name }: { name: string }) => name === 'webhooks'),
    [
      { state: 'warning', about: new RegExp(gone.id), found: /410/ },
      { state: 'warning', about: new RegExp(failing.id), found: /Nothing could be delivered since/ }
    ]
  )
})
