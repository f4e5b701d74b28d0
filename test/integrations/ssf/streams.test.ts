import t from 'tap'
import { uuidv7 } from '../../../src/uuid.ts'
import { keyOf } from '../../access/caller.ts'
import { startLocksmith } from '../../support/locksmith.ts'
import { makeKey } from '../webhooks/stage.ts'
import { makeSigningKey } from './signing-key.ts'
import { caep, push, risc, startSsf } from './stage.ts'

const stage = await startSsf(t, { loop: false })
t.afterEach(() => stage.clear())
const { call, issuer } = stage

const delivery = { method: push, endpoint_url: 'https://receiver.example.com/events' }
const requested = [caep('session-revoked'), risc('account-disabled'), 'urn:example:secevent:events:type_4']
const supported = [
  caep('session-revoked'),
  caep('credential-change'),
  risc('account-disabled'),
  risc('account-enabled'),
  risc('account-purged')
]
const make = (body: object = {}) => call('POST', '/ssf/streams', { body: { delivery, ...body } })

t.test('whoever knows the issuer finds everything else', async (t) => {
  const found = await call('GET', '/.well-known/ssf-configuration', { authorization: null })
  t.equal(found.status, 200)
  t.match(found.headers.get('content-type'), /^application\/json/)
  t.strictSame(found.body, {
    spec_version: '1_0',
    issuer,
    jwks_uri: `${issuer}/ssf/jwks.json`,
    delivery_methods_supported: [push],
    configuration_endpoint: `${issuer}/ssf/streams`,
    status_endpoint: `${issuer}/ssf/status`,
    verification_endpoint: `${issuer}/ssf/verify`,
    authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:6749' }],
    default_subjects: 'ALL'
  })
  for (const name of ['configuration_endpoint', 'status_endpoint', 'verification_endpoint'])
    t.equal(
      (await fetch(found.body[name], { method: 'POST' })).status,
      401,
      `${name} is there, and asks who calls`
    )
})

t.test('a stream is made, read, changed, replaced and deleted as SSF 1.0 has it', async (t) => {
  const made = await make({ events_requested: requested, description: 'Stream for Receiver A' })
  t.equal(made.status, 201)
  const { stream_id: id } = made.body
  const expected = {
    stream_id: id,
    iss: issuer,
    aud: 'https://receiver.example.com',
    delivery,
    events_supported: supported,
    events_requested: requested,
    events_delivered: requested.slice(0, 2),
    min_verification_interval: 30,
    description: 'Stream for Receiver A'
  }
  t.strictSame(made.body, expected)
  t.strictSame((await call('GET', `/ssf/streams?stream_id=${id}`)).body, expected)
  t.strictSame((await call('GET', '/ssf/streams')).body, [expected])
  t.equal((await call('GET', '/ssf/streams')).headers.get('cache-control'), 'no-store')

  const patched = await call('PATCH', '/ssf/streams', { body: { stream_id: id, description: 'B' } })
  t.strictSame(patched, { ...patched, status: 200 })
  t.strictSame(patched.body, { ...expected, description: 'B' }, 'what is left out stays')
  const all = await call('PATCH', '/ssf/streams', { body: { stream_id: id, events_requested: [] } })
  t.same(all.body.events_delivered, [], 'nothing is what was asked for')

  const replaced = await call('PUT', '/ssf/streams', { body: { stream_id: id, delivery } })
  t.equal(replaced.status, 200)
  const { events_requested: _, description: __, ...bare } = expected
  t.strictSame(replaced.body, { ...bare, events_delivered: supported }, 'what is left out is deleted')
  t.match(await call('PUT', '/ssf/streams', { body: { stream_id: id } }), { status: 400 })

  // Read, changed and sent back, as receivers do it.
  const sentBack = await call('PUT', '/ssf/streams', { body: { ...replaced.body, description: 'C' } })
  t.match(sentBack, { status: 200, body: { description: 'C' } })

  const gone = await call('DELETE', `/ssf/streams?stream_id=${id}`)
  t.match(gone, { status: 204, text: '' })
  for (const [method, path, body] of [
    ['GET', `/ssf/streams?stream_id=${id}`],
    ['DELETE', `/ssf/streams?stream_id=${id}`],
    ['PATCH', '/ssf/streams', { stream_id: id }],
    ['PUT', '/ssf/streams', { stream_id: id, delivery }],
    ['GET', `/ssf/status?stream_id=${id}`],
    ['POST', '/ssf/status', { stream_id: id, status: 'paused' }],
    ['POST', '/ssf/verify', { stream_id: id }],
    ['GET', '/ssf/streams?stream_id=f67e39a0a4d34d56b3aa1bc4cff0069f']
  ] as const)
    t.match(
      await call(method, path, { ...(body && { body }) }),
      { status: 404, body: { code: 'unknown-stream' } },
      `${method} ${path}`
    )
  t.strictSame((await call('GET', '/ssf/streams')).body, [])
  t.equal((await call('DELETE', '/ssf/streams')).status, 400)
})

t.test('what Locksmith supplies is not a receiver’s to change', async (t) => {
  const { body: stream } = await make()
  for (const [name, value] of Object.entries({
    iss: 'https://other.example.org',
    aud: 'https://other.example.org',
    events_supported: [caep('session-revoked')],
    events_delivered: [caep('session-revoked')],
    min_verification_interval: 0
  }))
    for (const method of ['PATCH', 'PUT'])
      t.match(
        await call(method, '/ssf/streams', { body: { ...stream, [name]: value, description: 'changed' } }),
        { status: 400, body: { code: 'invalid-request', detail: new RegExp(`body/${name} is not`) } },
        `${method} ${name}`
      )
  t.match(await make({ iss: 'https://other.example.org' }), { status: 400 })
  t.strictSame((await call('GET', `/ssf/streams?stream_id=${stream.stream_id}`)).body, stream)
})

t.test('an audience of its own may be asked for when it is made', async (t) => {
  t.equal((await make({ aud: 'receiver' })).body.aud, 'receiver')
  t.same((await make({ aud: ['web', 'mobile'] })).body.aud, ['web', 'mobile'])
  const { body } = await make({ aud: ['one'] })
  t.equal(body.aud, 'one')
  for (const aud of ['one', ['one']])
    t.equal((await call('PATCH', '/ssf/streams', { body: { stream_id: body.stream_id, aud } })).status, 200)
})

t.test('what cannot be a stream is refused', async (t) => {
  for (const [body, status, code] of [
    [{}, 400, 'invalid-request'],
    [{ delivery: { method: 'urn:ietf:rfc:8936' } }, 400, 'invalid-request'],
    [{ delivery: { ...delivery, method: 'urn:ietf:rfc:8936' } }, 400, 'invalid-request'],
    [{ delivery: { method: push } }, 400, 'invalid-request'],
    [{ delivery: { ...delivery, authorization_header: 'Bearer a\r\nX-Other: b' } }, 400, 'invalid-request'],
    [{ delivery: { ...delivery, authorization_header: ' Bearer a' } }, 400, 'invalid-request'],
    [{ delivery, aud: [] }, 400, 'invalid-request'],
    [{ delivery, description: 'a\u0000' }, 400, 'invalid-request'],
    [{ delivery: { ...delivery, endpoint_url: 'https://10.0.0.1/' } }, 422, 'webhook-url-not-allowed'],
    [{ delivery: { ...delivery, endpoint_url: 'http://192.0.43.8/' } }, 422, 'webhook-url-not-allowed'],
    [
      { delivery: { ...delivery, endpoint_url: 'https://a:b@receiver.example.com/' } },
      422,
      'webhook-url-not-allowed'
    ]
  ] as const)
    t.match(await call('POST', '/ssf/streams', { body }), { status, body: { code } }, JSON.stringify(body))
  t.strictSame((await call('GET', '/ssf/streams')).body, [])
})

t.test('streams of other owners are not there', async (t) => {
  const [anna, bert] = await Promise.all(
    ['anna', 'bert'].map((owner) => keyOf(stage, ['streams:manage'], { owner }))
  )
  const second = await keyOf(stage, ['streams:manage'], { owner: 'anna' })
  const { stream_id: id } = (
    await call('POST', '/ssf/streams', { ...anna, body: { delivery, description: 'Hers' } })
  ).body
  t.match((await call('GET', '/ssf/streams', second)).body, [{ stream_id: id }], 'by whichever key of hers')
  for (const other of [bert!, {}])
    for (const [method, path, body] of [
      ['GET', `/ssf/streams?stream_id=${id}`],
      ['DELETE', `/ssf/streams?stream_id=${id}`],
      ['PATCH', '/ssf/streams', { stream_id: id, description: 'His' }],
      ['PUT', '/ssf/streams', { stream_id: id, delivery }],
      ['GET', `/ssf/status?stream_id=${id}`],
      ['POST', '/ssf/status', { stream_id: id, status: 'disabled' }],
      ['POST', '/ssf/verify', { stream_id: id }]
    ] as const) {
      const answer = await call(method, path, { ...other, ...(body && { body }) })
      const unknown = path.replace(id, uuidv7())
      t.match(answer, { status: 404, body: { code: 'unknown-stream' } }, `${method} ${path}`)
      t.equal(
        answer.text.replaceAll(/[0-9a-f-]{36}/g, ''),
        (
          await call(method, unknown, { ...other, ...(body && { body: { ...body, stream_id: uuidv7() } }) })
        ).text.replaceAll(/[0-9a-f-]{36}/g, '')
      )
    }
  t.strictSame((await call('GET', '/ssf/streams', bert)).body, [])
  t.match((await call('GET', `/ssf/streams?stream_id=${id}`, anna)).body, { description: 'Hers' })
  t.equal((await call('GET', `/ssf/status?stream_id=${id}`, anna)).body.status, 'enabled')
})

t.test('there are 50 at most, also where many are made at once, and webhooks do not count', async (t) => {
  const { rows } = await stage.world.pool.query('SELECT count(*)::int AS n FROM webhook_endpoint')
  t.equal(rows[0].n, 0)
  await call('POST', '/webhooks', { body: { url: 'https://example.org/' } })
  const answers = await Promise.all(Array.from({ length: 53 }, () => make()))
  t.equal(answers.filter(({ status }) => status === 201).length, 50)
  t.match(
    answers.find(({ status }) => status !== 201),
    { status: 409, body: { code: 'too-many-streams' } }
  )
  t.equal((await call('POST', '/webhooks', { body: { url: 'https://example.org/' } })).status, 201)
})

t.test('the same request is done once', async (t) => {
  const again = () =>
    call('POST', '/ssf/streams', { body: { delivery }, headers: { 'idempotency-key': 'once' } })
  const [first, second] = [await again(), await again()]
  t.equal(first.body.stream_id, second.body.stream_id)
  t.equal(second.headers.get('idempotency-replayed'), 'true')
  t.equal((await call('GET', '/ssf/streams')).body.length, 1)
})

t.test('what the audit says of a stream', async (t) => {
  const { stream_id: id } = (
    await make({ delivery: { ...delivery, endpoint_url: 'https://example.org/a-token-of-theirs' } })
  ).body
  await call('PATCH', '/ssf/streams', {
    body: { stream_id: id, events_requested: [caep('session-revoked')] }
  })
  await call('POST', '/ssf/status', { body: { stream_id: id, status: 'paused', reason: 'words of theirs' } })
  await call('POST', '/ssf/status', { body: { stream_id: id, status: 'paused' } })
  await call('DELETE', `/ssf/streams?stream_id=${id}`)
  const { items } = (await call('GET', '/audit?limit=4')).body
  const about = { stream: id, origin: 'https://example.org' }
  t.match(items, [
    { action: 'stream.deleted', outcome: 'success', actor: 'key:first', details: about },
    { action: 'stream.changed', details: { ...about, status: 'paused' } },
    { action: 'stream.changed', details: { ...about, events: [caep('session-revoked')] } },
    { action: 'stream.created', details: about }
  ])
  t.notMatch(JSON.stringify(items), /a-token-of-theirs|words of theirs/)
})

t.test('without a key, or an address, nothing is transmitted, and it is said what is missing', async (t) => {
  const PUBLIC_URL = 'https://locksmith.example.org'
  for (const env of [{ PUBLIC_URL }, { SSF_SIGNING_KEY: makeSigningKey() }]) {
    const other = await startLocksmith(t, {
      worker: false,
      env: { ...env, WEBHOOK_ENCRYPTION_KEY: makeKey() }
    })
    for (const path of ['/.well-known/ssf-configuration', '/ssf/jwks.json'])
      t.match(await other.call('GET', path, { authorization: null }), {
        status: 404,
        body: { code: 'not-found' }
      })
    const stream_id = uuidv7()
    for (const [method, path, body] of [
      ['GET', '/ssf/streams'],
      ['POST', '/ssf/streams', { delivery }],
      ['PATCH', '/ssf/streams', { stream_id }],
      ['PUT', '/ssf/streams', { stream_id, delivery }],
      ['DELETE', `/ssf/streams?stream_id=${stream_id}`],
      ['GET', `/ssf/status?stream_id=${stream_id}`],
      ['POST', '/ssf/status', { stream_id, status: 'paused' }],
      ['POST', '/ssf/verify', { stream_id }]
    ] as const)
      t.match(
        await other.call(method, path, { ...(body && { body }) }),
        { status: 409, body: { code: 'ssf-not-configured', detail: /SSF_SIGNING_KEY and PUBLIC_URL/ } },
        `${method} ${path}`
      )
  }
})
