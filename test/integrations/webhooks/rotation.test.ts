import t from 'tap'
import { startStage } from './stage.ts'

const stage = await startStage(t)
t.afterEach(() => stage.clear())

t.test('while a secret is rotated both sign, and a receiver changes over when it likes', async (t) => {
  const { hook, call, tell, pass, quiet } = stage
  const { receiver, id } = await hook()
  await tell()
  await quiet()
  t.equal(receiver.received[0]!.signatures.length, 1)

  const rotated = await call('POST', `/webhooks/${id}/rotate`, { body: { overlap: 'PT1H' } })
  t.match(rotated, { status: 200, body: { secret: /^whsec_/, formerSecretUntil: String } })
  t.not(rotated.body.secret, receiver.secret)
  await tell()
  await quiet()
  t.equal(receiver.received[1]!.signatures.length, 2)
  t.ok(receiver.received[1]!.verified, 'by the old one')
  receiver.secret = rotated.body.secret
  await tell()
  await quiet()
  t.ok(receiver.received[2]!.verified, 'by the new one')

  await pass(3_601)
  await tell()
  await quiet()
  t.equal(receiver.received[3]!.signatures.length, 1, 'the old one signs no more')
  t.ok(receiver.received[3]!.verified)
  t.match((await call('GET', `/webhooks/${id}`)).body, { formerSecretUntil: null })
})

t.test('a secret that got out is gone at once', async (t) => {
  const { hook, call, tell, quiet, deliveries, pass } = stage
  const { receiver, id, secret } = await hook()
  const { body } = await call('POST', `/webhooks/${id}/rotate`, { body: { overlap: 'PT0S' } })
  await tell()
  await quiet()
  t.equal(receiver.received.length, 1)
  t.notOk(receiver.received[0]!.verified)
  t.match(await deliveries(id), [{ state: 'pending', result: '401' }])
  receiver.secret = body.secret
  await pass(6)
  await quiet()
  t.equal(receiver.accepted.length, 1, 'what was refused comes again')
  t.not(body.secret, secret)
  for (const overlap of ['P31D', 'soon'])
    t.match(await call('POST', `/webhooks/${id}/rotate`, { body: { overlap } }), {
      status: 400,
      body: { code: 'invalid-request' }
    })
})

t.test('rotated twice, the first of three secrets signs no more', async (t) => {
  const { hook, call, tell, quiet } = stage
  const { receiver, id } = await hook()
  await call('POST', `/webhooks/${id}/rotate`)
  await call('POST', `/webhooks/${id}/rotate`)
  await tell()
  await quiet()
  t.equal(receiver.received[0]!.signatures.length, 2)
  t.notOk(receiver.received[0]!.verified)
})
