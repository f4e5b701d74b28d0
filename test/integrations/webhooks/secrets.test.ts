import { randomBytes } from 'node:crypto'
import t from 'tap'
import { createVault, parseKeys } from '../../../src/integrations/vault.ts'
import { startDeliveries } from '../../../src/integrations/webhooks/loop.ts'
import { Secret } from '../../../src/secret.ts'
import { assertNowhere, dump } from '../../support/canaries.ts'
import { eventually } from '../../support/locksmith.ts'
import { makeKey, startStage } from './stage.ts'

t.test('the first key encrypts, all decrypt, and each secret only where it belongs', async (t) => {
  const [a, b] = [randomBytes(32), randomBytes(32)]
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw')
  const sealed = createVault([a])!.seal(secret, 'webhook:1')
  t.notOk(sealed.includes(secret.reveal()))
  t.notSame(sealed, createVault([a])!.seal(secret, 'webhook:1'), 'never twice the same')
  const open = (keys: Buffer[], context = 'webhook:1', from = sealed) =>
    createVault(keys)!.open(from, context)?.reveal()
  t.equal(open([a]), secret.reveal())
  t.equal(open([b, a]), secret.reveal(), 'after a rotation')
  t.equal(open([b]), undefined)
  t.equal(open([a], 'webhook:2'), undefined, 'moved to another row it opens no more')
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed)
    changed[at]! ^= 1
    t.equal(open([a], undefined, changed), undefined, `byte ${at} was changed`)
  }
  for (const cut of [0, 1, 16, 32, sealed.length - 1])
    t.equal(open([a], undefined, sealed.subarray(0, cut)), undefined)
  t.equal(createVault([]), undefined)
})

t.test('what is a list of keys', async (t) => {
  const [one, two] = [makeKey(), makeKey()]
  t.equal(parseKeys(`${one}\n${two}\n`)?.length, 2)
  t.same(parseKeys(''), [])
  for (const wrong of [
    'x',
    one.slice(1),
    randomBytes(31).toString('base64'),
    randomBytes(32).toString('hex'),
    `${one},${two}`
  ])
    t.equal(parseKeys(wrong), undefined, wrong)
})

t.test('a secret is shown once, and stands nowhere in the clear', async (t) => {
  const { hook, call, world, tell, quiet } = await startStage(t)
  const { id, secret } = await hook()
  const { body: rotated } = await call('POST', `/webhooks/${id}/rotate`)
  await tell()
  await quiet()
  t.match(secret, /^whsec_[A-Za-z0-9+/]{43}=$/)
  const seen = await Promise.all(
    ['/webhooks', `/webhooks/${id}`, `/webhooks/${id}/deliveries`, '/audit', '/metrics', '/doctor'].map(
      (path) => call('GET', path)
    )
  )
  const secrets = { secret, 'new secret': rotated.secret, 'bare secret': secret.slice(6) }
  assertNowhere(t, secrets, { answer: seen.map(({ text }) => text).join(), table: await dump(world.pool) })

  // The same request again gets the webhook without its secret, and makes no second one.
  const make = () =>
    call('POST', '/webhooks', { body: { url: 'https://example.org/' }, headers: { 'idempotency-key': 'a' } })
  const first = await make()
  const again = await make()
  t.match(first, { status: 201, body: { secret: String } })
  t.match(again, { status: 201, body: { id: first.body.id, secret: undefined } })
  t.equal(again.headers.get('location'), `/webhooks/${first.body.id}`)
  t.equal((await call('GET', '/webhooks')).body.items.length, 2)
})

t.test('without a key no webhook is made, and nothing else is kept from working', async (t) => {
  const { call } = await startStage(t, { env: { WEBHOOK_ENCRYPTION_KEY: '' }, loop: false })
  const refused = await call('POST', '/webhooks', { body: { url: 'https://example.org/' } })
  t.match(refused, { status: 409, body: { code: 'webhooks-not-configured' } })
  t.equal((await call('GET', '/webhooks')).status, 200)
})

t.test(
  'keys are changed without losing a webhook; where none fits they wait, and the doctor says so',
  async (t) => {
    const [old, fresh] = [makeKey(), makeKey()]
    const first = await startStage(t, { env: { WEBHOOK_ENCRYPTION_KEY: old }, loop: false })
    const { receiver, id } = await first.hook()
    await first.tell()
    const { databaseUrl, sandbox } = first
    const wrong = await startStage(t, {
      databaseUrl,
      sandbox,
      env: { WEBHOOK_ENCRYPTION_KEY: fresh },
      loop: false
    })
    const inVain = startDeliveries(wrong.world, { everyMs: 20 })
    await eventually(
      () => wrong.deliveries(id),
      ([row]) => row!.claim === null && (row!.pause ?? 0) > 50
    )
    await inVain.stop()
    t.match(await wrong.deliveries(id), [{ state: 'pending', attempts: 0 }])
    const { findings } = (await wrong.call('GET', '/doctor')).body
    t.match(
      findings.find((one: { name: string }) => one.name === 'webhooks'),
      {
        state: 'error',
        about: `http://127.0.0.1:${receiver.port} (${id})`,
        mend: /the key that was in use before/
      }
    )
    const both = await startStage(t, {
      databaseUrl,
      sandbox,
      env: { WEBHOOK_ENCRYPTION_KEY: `${fresh}\n${old}` },
      loop: false
    })
    const running = startDeliveries(both.world, { everyMs: 20 })
    t.teardown(() => running.stop())
    await both.pass(61)
    const sealedBy = async (key: string) => {
      const { rows } = await both.world.pool.query('SELECT secret FROM webhook_endpoint')
      return createVault(parseKeys(key)!)!.open(rows[0].secret, `webhook:${id}`) !== undefined
    }
    await eventually(
      () => receiver.accepted.length,
      (n) => n === 1
    )
    await eventually(
      () => sealedBy(fresh),
      (is) => is
    )
    t.equal(await sealedBy(old), false, 'the old key may go')
  }
)
