import t from 'tap'
import { deleteOldDeliveries } from '../../../src/integrations/webhooks/deliveries.sql.ts'
import { createRandom } from '../../faults/harness/random.ts'
import { eventually } from '../../support/locksmith.ts'
import type { SetReceiver } from './receiver.ts'
import { ssf, startSsf } from './stage.ts'

const stage = await startSsf(t)
t.afterEach(() => stage.clear())
const { call, happen, quiet, pass, deliveries, setStatus } = stage

const statusOf = async (id: string) => (await call('GET', `/ssf/status?stream_id=${id}`)).body
const verify = (stream_id: string, state?: string) =>
  call('POST', '/ssf/verify', { body: { stream_id, ...(state !== undefined && { state }) } })

/** Of each person what was accepted, in the order in which it came. */
const perPerson = ({ accepted }: SetReceiver) =>
  Object.fromEntries(
    [...Map.groupBy(accepted, ({ claims }) => (claims!.sub_id as { sub: string }).sub)].map(([who, sets]) => [
      who,
      sets.map(({ claims }) => Object.keys(claims!.events!)[0]!.split('/').at(-1))
    ])
  )

/** The same person disabled and enabled in turns, beside others. @returns what each is to be told of, in order */
async function turns(seed: number, count: number) {
  const random = createRandom(seed)
  const happened: Record<string, string[]> = {}
  for (let n = 0; n < count; n++) {
    const who = random.pick(['anna', 'bert', 'carl', 'dora'])
    const told = (happened[who] ??= [])
    const step = told.length % 2 === 0 ? 'disable-user' : 'enable-user'
    await happen(who, step)
    told.push(step === 'disable-user' ? 'account-disabled' : 'account-enabled')
  }
  return happened
}

t.test('a verification has the state that was sent, and is about the stream', async (t) => {
  const { receiver, id } = await stage.stream()
  const state = 'VGhpcyBpcyBhbiBleGFtcGxlIHN0YXRlIHZhbHVlLgo= "ü"'
  const asked = await verify(id, state)
  t.match(asked, { status: 204, text: '' })
  await quiet()
  const { jti, iat, ...rest } = receiver.accepted[0]!.claims!
  t.strictSame(rest, {
    iss: stage.issuer,
    aud: receiver.origin,
    sub_id: { format: 'opaque', id },
    events: { [ssf('verification')]: { state } }
  })
  t.ok(jti && iat)

  const soon = await verify(id)
  t.match(soon, { status: 429, body: { code: 'verification-too-soon' } })
  const wait = Number(soon.headers.get('retry-after'))
  t.ok(wait > 25 && wait <= 30, `${wait} s`)
  await pass(31)
  t.equal((await verify(id)).status, 204)
  await quiet()
  t.strictSame(receiver.payloads()[1], {}, 'without a state there is none')
  t.equal((await statusOf(id)).status, 'enabled')
})

t.test('a paused stream keeps what happens, and then tells all of it in order', async (t) => {
  const { receiver, id } = await stage.stream()
  await setStatus(id, 'paused', 'SYSTEM_DOWN_FOR_MAINTENANCE')
  t.same(await statusOf(id), { stream_id: id, status: 'paused', reason: 'SYSTEM_DOWN_FOR_MAINTENANCE' })
  const happened = await turns(1, 40)
  t.equal((await verify(id, 'later')).status, 204)
  await pass(3_600)
  t.equal(receiver.received.length, 0)
  t.equal((await deliveries(id)).length, 41)
  t.match((await call('GET', '/metrics')).text, /locksmith_webhook_lag_seconds 0/, 'nobody waits for it')
  await setStatus(id, 'enabled')
  await quiet()
  t.equal(receiver.accepted.length, 41, 'nothing is lost')
  const { undefined: ofStream, ...ofPeople } = perPerson(receiver)
  t.same(ofPeople, happened)
  t.same(ofStream, ['verification'])
  t.same(await statusOf(id), { stream_id: id, status: 'enabled' })
})

t.test('what waits longer than deliveries are kept is dropped', async (t) => {
  const { receiver, id } = await stage.stream()
  await setStatus(id, 'paused')
  await happen('anna', 'disable-user')
  await pass(3_600 + 29 * 86_400)
  await happen('bert', 'disable-user')
  await deleteOldDeliveries(stage.world.pool, 30)
  t.equal((await deliveries(id)).length, 2)
  await pass(2 * 86_400)
  await deleteOldDeliveries(stage.world.pool, 30)
  await setStatus(id, 'enabled')
  await quiet()
  t.same(perPerson(receiver), { bert: ['account-disabled'] })
})

t.test('a disabled stream holds nothing, of before or of meanwhile', async (t) => {
  const { receiver, id } = await stage.stream()
  await setStatus(id, 'paused')
  await happen('anna', 'disable-user')
  await setStatus(id, 'disabled', 'Disabled by administrator action.')
  t.same(await statusOf(id), {
    stream_id: id,
    status: 'disabled',
    reason: 'Disabled by administrator action.'
  })
  await happen('bert', 'disable-user')
  t.same(await deliveries(id), [])
  t.match(await verify(id), { status: 409, body: { code: 'stream-disabled' } })
  await setStatus(id, 'enabled')
  await happen('carl', 'disable-user')
  await quiet()
  t.same(perPerson(receiver), { carl: ['account-disabled'] })
})

t.test('however a receiver fails, of one person what happened first comes first', async (t) => {
  const random = createRandom(7)
  const tries = new Map<unknown, number>()
  const { receiver, id } = await stage.stream(({ claims }) => {
    const nth = (tries.get(claims!.jti) ?? 0) + 1
    tries.set(claims!.jti, nth)
    return nth < 3 && random.next() < 0.5 ? 500 : 202
  })
  const happened = await turns(2, 40)
  for (let n = 0; n < 60 && (await deliveries(id)).some(({ state }) => state === 'pending'); n++) {
    await quiet()
    await pass(600)
  }
  t.same(perPerson(receiver), happened)
  const bodies = Map.groupBy(receiver.received, ({ claims }) => claims!.jti)
  for (const [jti, each] of bodies)
    t.equal(new Set(each.map(({ body }) => body)).size, 1, `${jti}: the same bytes at every try`)
  t.ok([...bodies.values()].some(({ length }) => length > 1))
})

t.test('what a receiver refuses keeps nothing else from it', async (t) => {
  const { receiver, id } = await stage.stream((_, n) => (n === 0 ? 400 : 202))
  await happen('anna', 'disable-user')
  await quiet()
  await happen('anna', 'enable-user')
  await quiet()
  t.ok(receiver.events().includes('account-enabled'))
  t.match((await statusOf(id)).status, 'enabled')
})

t.test('a receiver that is back is told at once how things are with whom something happens', async (t) => {
  const { receiver, id } = await stage.stream(() => 500)
  await happen('anna', 'disable-user')
  for (const seconds of [7, 400, 2_400]) {
    await quiet()
    await pass(seconds)
  }
  await quiet()
  receiver.reply = () => 202
  const [waiting] = await deliveries(id)
  t.ok(waiting!.pause! > 3_600, 'it would be tried in hours')
  t.match(await statusOf(id), {
    status: 'enabled',
    reason: /^Nothing could be delivered since .*came to 500\.$/
  })
  await happen('anna', 'enable-user')
  await quiet()
  await quiet()
  t.same(perPerson(receiver), { anna: ['account-disabled', 'account-enabled'] })
  t.same(await statusOf(id), { stream_id: id, status: 'enabled' })
})

t.test('410 ends a stream, and nothing more is sent to it', async (t) => {
  const { receiver, id } = await stage.stream(() => 410)
  await setStatus(id, 'paused')
  for (const who of ['anna', 'bert', 'carl', 'dora', 'emil']) await happen(who, 'disable-user')
  await setStatus(id, 'enabled')
  await quiet()
  const sent = receiver.received.length
  t.match(await statusOf(id), { status: 'disabled', reason: /wants nothing more \(410\)/ })
  await happen('fred', 'disable-user')
  await quiet()
  t.equal(receiver.received.length, sent)
  t.same(
    (await deliveries(id)).filter(({ state }) => state === 'pending'),
    []
  )
  t.match((await call('GET', '/audit?action=stream.disabled')).body.items, [
    { actor: 'system', outcome: 'failure', details: { stream: id, origin: receiver.origin, because: 'gone' } }
  ])
  const { findings } = (await call('GET', '/doctor')).body
  t.match(
    findings.filter(({ name }: { name: string }) => ['streams', 'webhooks'].includes(name)),
    [
      { name: 'webhooks', state: 'skipped' },
      { name: 'streams', state: 'warning', about: new RegExp(id), found: /410/ }
    ]
  )
})

t.test('a stream that is given up after days is told so once its receiver is back', async (t) => {
  const { receiver, id } = await stage.stream(() => 500)
  await happen('anna', 'disable-user')
  await happen('bert', 'disable-user')
  await quiet()
  await stage.world.pool.query(
    `UPDATE webhook_endpoint SET failing_since = locksmith_now() - interval '6 days' WHERE id = $1`,
    [id]
  )
  await stage.world.pool.query(
    `UPDATE webhook_delivery SET attempts = 9, next_at = locksmith_now() WHERE endpoint_id = $1 AND subject = 'anna'`,
    [id]
  )
  await quiet()
  t.match(await statusOf(id), { status: 'disabled', reason: /five days/ })
  receiver.reply = () => 202
  await pass(10)
  await eventually(
    () => receiver.accepted.length,
    (n) => n === 1
  )
  t.strictSame(receiver.payloads(), [
    { status: 'disabled', reason: 'For five days nothing could be delivered.' }
  ])
  t.match(receiver.accepted[0]!.claims, {
    sub_id: { format: 'opaque', id },
    events: { [ssf('stream-updated')]: {} }
  })
  t.equal((await statusOf(id)).status, 'disabled')
  await setStatus(id, 'enabled')
  await happen('carl', 'disable-user')
  await quiet()
  t.equal(receiver.events().at(-1), 'account-disabled')
})
