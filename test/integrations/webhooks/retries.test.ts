import t from 'tap'
import { judge, mostAttempts, pauses } from '../../../src/integrations/webhooks/delivery.ts'
import { startStage } from './stage.ts'

const stage = await startStage(t, { loop: { atOnce: 1 } })
t.afterEach(() => stage.clear())

/** The table of the specification ("Deliverability and reliability"), as a person would copy it. */
const schedule = ['5s', '5m', '30m', '2h', '5h', '10h', '14h', '20h', '24h']

const unit: Record<string, number> = { s: 1, m: 60, h: 3_600 }
const secondsOf = (text: string) => Number.parseInt(text, 10) * unit[text.at(-1)!]!

t.test('it is tried again as the specification says, under one id, each time freshly signed', async (t) => {
  t.same(pauses, schedule.map(secondsOf))
  const { hook, tell, pass, deliveries, quiet, call } = stage
  const { receiver, id } = await hook(() => 500)
  await tell()
  for (const [n, pause] of schedule.map(secondsOf).entries()) {
    await quiet()
    t.equal(receiver.received.length, n + 1)
    const [row] = await deliveries(id)
    t.match(row, { state: 'pending', attempts: n + 1, result: '500' })
    t.ok(row!.pause! >= pause && row!.pause! < pause * 1.1 + 1, `after try ${n + 1}: ${row!.pause} s`)
    await pass(pause - 2)
    await quiet()
    t.equal(receiver.received.length, n + 1, 'not before its time')
    await pass(pause * 0.1 + 4)
  }
  await quiet()
  t.equal(receiver.received.length, mostAttempts)
  t.match(await deliveries(id), [{ state: 'failed', attempts: mostAttempts, pause: null }])
  t.ok(receiver.received.every(({ verified }) => verified))
  t.equal(new Set(receiver.received.map(({ id }) => id)).size, 1, 'one id')
  t.equal(new Set(receiver.received.map(({ body }) => body)).size, 1, 'the same bytes')
  const { body } = await call('GET', `/webhooks/${id}`)
  t.match(body, { failingSince: String, disabled: null })

  // Replayed by hand it begins anew, and may well arrive.
  receiver.reply = () => 200
  const path = `/webhooks/${id}/deliveries/${receiver.received[0]!.id}`
  t.match(await call('POST', `${path}/replay`), { status: 202, body: { state: 'pending', attempts: 0 } })
  await quiet()
  t.equal(receiver.accepted.length, 1)
  t.equal(receiver.accepted[0]!.id, receiver.received[0]!.id)
  t.match((await call('GET', `/webhooks/${id}`)).body, { failingSince: null })
  t.match((await call('GET', '/audit?action=webhook.replayed')).body.items, [{ details: { webhook: id } }])
})

t.test('410 disables the endpoint at once, and nothing more is sent to it', async (t) => {
  const { hook, tell, quiet, call, deliveries } = stage
  const { receiver, id } = await hook(() => 410)
  await tell(3)
  await quiet()
  const sent = receiver.received.length
  t.equal(sent, 1)
  t.match((await call('GET', `/webhooks/${id}`)).body, { disabled: { because: 'gone', since: String } })
  t.match((await call('GET', '/audit?action=webhook.disabled')).body.items, [
    {
      actor: 'system',
      details: { webhook: id, because: 'gone', origin: `http://127.0.0.1:${receiver.port}` }
    }
  ])
  await tell(2)
  t.equal((await deliveries(id)).length, 3, 'and nothing more recorded for it')
  const refused = await call('POST', `/webhooks/${id}/test`)
  t.match(refused, { status: 409, body: { code: 'webhook-disabled', because: 'gone' } })
  receiver.reply = () => 204
  t.match((await call('PATCH', `/webhooks/${id}`, { body: { enabled: true } })).body, {
    disabled: null,
    failingSince: null
  })
  await quiet()
  t.equal(receiver.accepted.length, 2, 'what waited goes on')
})

t.test('five days without a single delivery disable it, once a webhook has had all its tries', async (t) => {
  const { hook, tell, pass, quiet, call, world } = stage
  const { receiver, id } = await hook(() => 500)
  await tell()
  await quiet()
  const day = 86_400
  await world.pool.query('UPDATE webhook_delivery SET attempts = $1, next_at = locksmith_now()', [
    mostAttempts - 1
  ])
  await pass(4 * day)
  await quiet()
  t.match((await call('GET', `/webhooks/${id}`)).body, { disabled: null })
  await tell()
  await quiet()
  await pass(2 * day)
  await quiet()
  t.match((await call('GET', `/webhooks/${id}`)).body, { disabled: null }, 'a first try says nothing yet')
  await world.pool.query(`UPDATE webhook_delivery SET attempts = $1 WHERE state = 'pending'`, [
    mostAttempts - 1
  ])
  await pass(day)
  await quiet()
  t.equal(receiver.accepted.length, 0)
  t.match((await call('GET', `/webhooks/${id}`)).body, { disabled: { because: 'failing' } })
})

t.test('what an answer means', async (t) => {
  const now = new Date('2026-11-23T16:00:00Z')
  const of = (status: number, retryAfter?: string, attempt = 1) =>
    judge({ status, retryAfter }, attempt, now, 0)
  for (const status of [200, 201, 204, 299]) t.equal(of(status).kind, 'delivered', `${status}`)
  for (const status of [301, 304, 400, 401, 404, 408, 429, 500, 503])
    t.equal(of(status).kind, 'retry', `${status}`)
  t.same(of(410), { kind: 'given-up', gone: true, result: '410' })
  t.same(of(500, undefined, mostAttempts), { kind: 'given-up', gone: false, result: '500' })
  t.match(of(500, '60'), { after: 60, quiet: 0 }, 'longer than its pause')
  t.match(of(500, '1'), { after: 5 }, 'never sooner')
  t.match(of(503, '60'), { after: 60, quiet: 60 })
  t.match(of(429), { after: 5, quiet: 5 })
  t.match(of(429, '999999999'), { after: 86_400, quiet: 3_600 }, 'not for ever')
  t.match(of(503, 'Mon, 23 Nov 2026 16:10:00 GMT'), { after: 600, quiet: 600 })
  t.match(of(503, 'soon'), { after: 5, quiet: 5 })
  t.match(of(503, '-5'), { after: 5 })
  t.same(judge({ failed: 'timed-out' }, 1, now, 1), {
    kind: 'retry',
    after: 5.5,
    quiet: 0,
    result: 'timed-out'
  })
})

t.test('whoever asks for time gets it, for all that is due', async (t) => {
  const { hook, tell, pass, quiet, deliveries } = stage
  const { receiver, id } = await hook((_received, n) =>
    n === 0 ? { status: 429, headers: { 'retry-after': '120' } } : 204
  )
  await tell(3)
  await new Promise((resolve) => setTimeout(resolve, 400))
  t.equal(receiver.received.length, 1, 'the others are held back as well')
  await pass(115)
  await new Promise((resolve) => setTimeout(resolve, 200))
  t.equal(receiver.received.length, 1)
  await pass(10)
  await quiet()
  t.equal(receiver.accepted.length, 3)
  t.ok((await deliveries(id)).every(({ state }) => state === 'delivered'))
})
