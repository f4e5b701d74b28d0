import t from 'tap'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { assertNowhere, dump } from '../../support/canaries.ts'
import { eventually } from '../../support/locksmith.ts'
import { makeKey } from '../webhooks/stage.ts'
import { makeSigningKey } from './signing-key.ts'
import { caep, push, startSsf } from './stage.ts'

t.test('a webhook gets no SET, and a stream no webhook', async (t) => {
  const { hook, stream, tell, happen, quiet, deliveries } = await startSsf(t)
  const webhook = await hook()
  const { receiver, id } = await stream()
  const some = await stream(undefined, { events_requested: [caep('session-revoked')] })
  await tell(3)
  await happen('anna', 'disable-user')
  await happen('anna', 'revoke-tokens')
  await quiet()
  t.same(
    webhook.receiver.accepted.map(({ event }) => event.type),
    ['service.resumed', 'service.resumed', 'service.resumed']
  )
  t.same(receiver.events(), ['account-disabled', 'session-revoked'])
  t.same(some.receiver.events(), ['session-revoked'], 'what it asked for')
  t.not(
    some.receiver.accepted[0]!.claims!.jti,
    receiver.accepted[1]!.claims!.jti,
    'each has an id of its own'
  )
  t.equal((await deliveries(id)).length, 2)
})

t.test('neither has the routes of the other', async (t) => {
  const { hook, stream, call, happen, quiet, deliveries } = await startSsf(t)
  const webhook = await hook()
  const { id } = await stream()
  await happen('anna', 'disable-user')
  await quiet()
  t.match((await call('GET', '/webhooks')).body, { items: [{ id: webhook.id }], next: null })
  t.equal((await call('GET', '/webhooks')).body.items.length, 1)
  const [delivery] = await deliveries(id)
  for (const [method, path, body] of [
    ['GET', `/webhooks/${id}`],
    ['PATCH', `/webhooks/${id}`, { enabled: false }],
    ['DELETE', `/webhooks/${id}`],
    ['POST', `/webhooks/${id}/rotate`],
    ['POST', `/webhooks/${id}/test`],
    ['GET', `/webhooks/${id}/deliveries`],
    ['POST', `/webhooks/${id}/deliveries/${delivery!.id}/replay`]
  ] as const)
    t.match(
      await call(method, path, { ...(body && { body }) }),
      { status: 404, body: { code: 'unknown-webhook' } },
      `${method} ${path}`
    )
  const { id: stream_id } = webhook
  t.same((await call('GET', '/ssf/streams')).body.length, 1)
  for (const [method, path, body] of [
    ['GET', `/ssf/streams?stream_id=${stream_id}`],
    ['PATCH', '/ssf/streams', { stream_id }],
    ['DELETE', `/ssf/streams?stream_id=${stream_id}`],
    ['GET', `/ssf/status?stream_id=${stream_id}`],
    ['POST', '/ssf/status', { stream_id, status: 'disabled' }],
    ['POST', '/ssf/verify', { stream_id }]
  ] as const)
    t.match(
      await call(method, path, { ...(body && { body }) }),
      { status: 404, body: { code: 'unknown-stream' } },
      `${method} ${path}`
    )
  t.equal((await call('GET', `/webhooks/${stream_id}`)).body.disabled, null)
})

t.test('the Authorization header of a receiver is sent, and stands nowhere in the clear', async (t) => {
  const secrets = { first: 'Bearer Canary-of-the-receiver-0815', second: 'Basic Q2FuYXJ5OnR3bw==' }
  const { stream, call, quiet, pass, world } = await startSsf(t)
  const { receiver, id } = await stream(undefined, { authorization_header: secrets.first })
  const told = async () => {
    await pass((count += 31))
    t.equal((await call('POST', '/ssf/verify', { body: { stream_id: id } })).status, 204)
    await quiet()
    return receiver.accepted.at(-1)!.headers.authorization
  }
  let count = 0
  t.equal(await told(), secrets.first)
  await call('PATCH', '/ssf/streams', { body: { stream_id: id, description: 'other' } })
  t.equal(await told(), secrets.first, 'where delivery is left out it stays')
  const delivery = { method: push, endpoint_url: receiver.url }
  const changed = await call('PATCH', '/ssf/streams', {
    body: { stream_id: id, delivery: { ...delivery, authorization_header: secrets.second } }
  })
  t.strictSame(changed.body.delivery, delivery)
  t.equal(await told(), secrets.second)
  const seen = await Promise.all(
    [
      '/ssf/streams',
      `/ssf/streams?stream_id=${id}`,
      `/ssf/status?stream_id=${id}`,
      '/audit',
      '/metrics',
      '/doctor'
    ].map((path) => call('GET', path))
  )
  assertNowhere(
    t,
    { ...secrets, token: 'Canary-of-the-receiver-0815' },
    {
      answer: [changed, ...seen].map(({ text }) => text).join(),
      table: await dump(world.pool)
    }
  )
  await call('PUT', '/ssf/streams', { body: { stream_id: id, delivery } })
  t.equal(
    await told(),
    undefined,
    'delivery is changed as a whole: nobody else gets what was meant for another'
  )
})

t.test('without a key for secrets there are streams, but none with a header', async (t) => {
  const { stream, call } = await startSsf(t, { env: { WEBHOOK_ENCRYPTION_KEY: '' }, loop: false })
  const { receiver, id } = await stream()
  const delivery = { method: push, endpoint_url: receiver.url, authorization_header: 'Bearer x' }
  for (const [method, body] of [
    ['POST', { delivery }],
    ['PATCH', { stream_id: id, delivery }]
  ] as const)
    t.match(await call(method, '/ssf/streams', { body }), {
      status: 409,
      body: { code: 'webhooks-not-configured' }
    })
})

t.test(
  'a header is encrypted with the first key; where none opens it, what is to be sent waits',
  async (t) => {
    const [old, fresh] = [makeKey(), makeKey()]
    const key = makeSigningKey()
    const first = await startSsf(t, { key, env: { WEBHOOK_ENCRYPTION_KEY: old }, loop: false })
    const { databaseUrl, sandbox, issuer } = first
    const { receiver, id } = await first.stream(undefined, { authorization_header: 'Bearer Canary-4711' })
    await first.happen('anna', 'disable-user')
    const at = (WEBHOOK_ENCRYPTION_KEY: string) =>
      startSsf(t, { key, issuer, databaseUrl, sandbox, env: { WEBHOOK_ENCRYPTION_KEY }, loop: false })
    const wrong = await at(fresh)
    const inVain = startDeliveries(wrong.world, { everyMs: 20 })
    await eventually(
      () => wrong.deliveries(id),
      ([row]) => row!.claim === null && (row!.pause ?? 0) > 50
    )
    await inVain.stop()
    const { findings } = (await wrong.call('GET', '/doctor')).body
    t.match(
      findings.find((one: { name: string }) => one.name === 'streams'),
      { state: 'error', about: new RegExp(id), found: /Authorization header/ }
    )
    const both = await at(`${fresh}\n${old}`)
    const running = startDeliveries(both.world, { everyMs: 20 })
    await both.pass(61)
    await eventually(
      () => receiver.accepted.length,
      (n) => n === 1
    )
    await running.stop()
    await wrong.happen('bert', 'disable-user')
    const alone = startDeliveries(wrong.world, { everyMs: 20 })
    t.teardown(() => alone.stop())
    await eventually(
      () => receiver.accepted.length,
      (n) => n === 2
    )
    t.same(
      receiver.accepted.map(({ headers }) => headers.authorization),
      ['Bearer Canary-4711', 'Bearer Canary-4711'],
      'the old key may go'
    )
  }
)
