import t from 'tap'
import { keyOf } from '../../access/caller.ts'
import { seconds } from '../../access/issuer.ts'
import { clientOf } from '../scim/stage.ts'
import { email, events, issSub, opaque, requestOf, setOf, setStage } from './stage.ts'

const stage = await setStage(t)
const { tell, set, okta, acme, phone, revocations, arrive, ignored, call, sandbox } = stage

const day = 86_400

t.test('session-revoked and account-disabled end every session and app password: 202', async (t) => {
  for (const [name, type] of Object.entries(events)) {
    const id = arrive(name)
    const { lives } = phone(id)
    const said = await tell(await set(okta, setOf(okta, email(`${id}@example.org`), {}, type)))
    t.match({ status: said.status, text: said.text }, { status: 202, text: '' }, said.text)
    t.match(await revocations(id), [
      { state: 'succeeded', input: { reason: `${name}, told by ${okta.issuer}` } }
    ])
    t.notOk(lives())
  }
})

t.test('the user is found in every form of SSF: complex, within the event, by the issuer', async (t) => {
  const idp = await clientOf(stage, 'okta')
  const linked = arrive('linked')
  await idp('POST', '/Users', { userName: linked, externalId: '00u9' })
  const complex = (user: object) => ({ format: 'complex', user, tenant: opaque('t1'), session: opaque('s1') })
  const subjects: [id: string, claims: (id: string) => object][] = [
    ['complex', (id) => setOf(okta, complex(email(`${id}@example.org`)))],
    [
      'within',
      (id) => ({
        ...setOf(okta, {}),
        sub_id: undefined,
        events: { [events['session-revoked']]: { subject: { user: email(`${id}@example.org`) } } }
      })
    ],
    ['opaque', (id) => setOf(okta, opaque(id))],
    [linked, () => setOf(okta, issSub(okta.issuer, '00u9'))]
  ]
  for (const [id, claims] of subjects) {
    if (id !== linked) arrive(id)
    const said = await tell(await set(okta, claims(id)))
    t.equal(said.status, 202, `${id}: ${said.text}`)
    t.match(await revocations(id), { length: 1 }, id)
  }
})

t.test('an event is acted upon once, however often it is sent', async (t) => {
  const id = arrive('once')
  const token = await set(okta, setOf(okta, opaque(id)))
  const all = await Promise.all([1, 2, 3].map(() => tell(token)))
  t.same(
    all.map(({ status }) => status),
    [202, 202, 202]
  )
  t.match(await revocations(id), { length: 1 })
  t.equal((await tell(token)).status, 202)
  t.match(await revocations(id), { length: 1 })
})

t.test('an event by the name of one about somebody else is refused, not taken for that one', async (t) => {
  const [one, another] = [arrive('name-one'), arrive('name-another')]
  const told = async (id: string) => tell(await set(okta, setOf(okta, opaque(id), { jti: 'shared' })))
  t.equal((await told(one)).status, 202)
  t.match(await told(another), { status: 400, body: { err: 'invalid_request', description: /"jti"/ } })
  t.same(await revocations(another), [])
})

t.test('what it need not act upon is taken, and the audit says why nothing was done', async (t) => {
  const old = arrive('old')
  arrive('chief', { groups: ['admin'] })
  const reasons: [because: string, token: string][] = [
    ['unknown-user', await set(okta, setOf(okta, email('nobody@example.org'), { jti: 'a' }))],
    ['unknown-user', await set(acme, setOf(acme, opaque('gus'), { jti: 'b' }))],
    ['stale', await set(okta, setOf(okta, opaque(old), { jti: 'c', iat: seconds() - 8 * day }))],
    ['protected-user', await set(okta, setOf(okta, opaque('chief'), { jti: 'd' }))]
  ]
  for (const [because, token] of reasons)
    for (const _ of [1, 2]) t.equal((await tell(token)).status, 202, because)
  const told = await ignored()
  t.match(told.toReversed(), [
    { actor: `issuer:${okta.issuer}`, event: 'session-revoked', signal: 'a', because: 'unknown-user' },
    { actor: `issuer:${acme.issuer}`, signal: 'b', because: 'unknown-user' },
    { signal: 'c', because: 'stale' },
    { signal: 'd', because: 'protected-user', userId: 'chief' }
  ])
  t.equal(told.length, 4, 'each once')
  t.same(await revocations('gus'), [])
  t.same(await revocations(old), [])
})

t.test('every other event is taken, and nothing is done', async (t) => {
  const id = arrive('other')
  for (const type of [
    'https://schemas.openid.net/secevent/ssf/event-type/verification',
    'https://schemas.openid.net/secevent/ssf/event-type/stream-updated',
    'https://schemas.openid.net/secevent/caep/event-type/token-claims-change',
    '__proto__',
    'constructor'
  ])
    t.equal((await tell(await set(okta, setOf(okta, opaque(id), {}, type)))).status, 202, type)
  t.same(await revocations(id), [])
})

t.test('a token that is not right is refused as RFC 8935 has it, and nothing is begun', async (t) => {
  const id = arrive('safe')
  const claims = (more: object = {}) => ({ ...setOf(okta, opaque(id)), ...more })
  const good = await set(okta, claims())
  const [header, , signature] = good.split('.')
  const forged = `${header}.${Buffer.from(JSON.stringify(claims())).toString('base64url')}.${signature}`
  const refused: [err: string, token: string][] = [
    ['authentication_failed', forged],
    ['authentication_failed', await set(acme, claims())],
    ['invalid_issuer', await set(okta, claims({ iss: 'https://stranger.example' }))],
    ['invalid_issuer', await set(okta, claims({ iss: undefined }))],
    ['invalid_audience', await set(okta, claims({ aud: 'https://other.example' }))],
    ['invalid_audience', await set(okta, claims({ aud: undefined }))],
    ['invalid_request', 'x'],
    ['invalid_request', 'a.b.c'],
    [
      'authentication_failed',
      `${Buffer.from('{"alg":"none","typ":"secevent+jwt"}').toString('base64url')}.${good.split('.')[1]}.`
    ],
    ['invalid_request', await set(okta, claims(), { typ: 'JWT' })],
    ['invalid_request', await set(okta, requestOf(okta), { typ: 'global-token-revocation+jwt' })],
    ['invalid_request', await set(okta, claims({ sub: id }))],
    ['invalid_request', await set(okta, claims({ exp: seconds() + 300 }))],
    ['invalid_request', await set(okta, claims({ jti: undefined }))],
    ['invalid_request', await set(okta, claims({ iat: undefined }))],
    ['invalid_request', await set(okta, claims({ iat: seconds() + 400 }))],
    ['invalid_request', await set(okta, claims({ iat: Date.now() }))],
    ['invalid_request', await set(okta, claims({ jti: 'a\0' }))],
    ['invalid_request', await set(okta, claims({ sub_id: opaque('a\0') }))],
    ['invalid_request', await set(okta, claims({ sub_id: email('\ud800@example.org') }))],
    ['invalid_request', await set(okta, claims({ sub_id: issSub(okta.issuer, 'a\0') }))],
    ['invalid_request', await set(okta, claims({ events: undefined }))],
    ['invalid_request', await set(okta, claims({ events: [] }))],
    ['invalid_request', await set(okta, claims({ sub_id: { format: 'did', url: 'did:example:1' } }))],
    ['invalid_request', await set(okta, claims({ sub_id: 'alice' }))]
  ]
  for (const [err, token] of refused) {
    const said = await tell(token)
    t.match(
      { status: said.status, body: said.body },
      { status: 400, body: { err, description: /Nothing was done\.$/ } },
      said.text
    )
    t.equal(said.headers.get('content-type'), 'application/json; charset=utf-8')
  }
  t.match(await tell(good, { 'content-type': 'application/json' }), { status: 400 })
  t.match(await tell(good, { 'content-type': 'text/plain' }), { status: 415 })
  t.same(await revocations(id), [])
})

t.test('a token of an issuer that changes its key is taken, and one of the key before no more', async (t) => {
  const other = await setStage(t)
  const id = other.arrive('rotated')
  const before = await other.set(other.okta, setOf(other.okta, opaque(id)))
  t.equal((await other.tell(before)).status, 202)
  await other.okta.publish('second', 'RS256', 'drop')
  const after = await other.set(other.okta, setOf(other.okta, opaque(id)))
  await other.eventually(
    () => other.tell(after),
    ({ status }) => status === 202,
    40
  )
  t.match(await other.tell(await other.set(other.okta, setOf(other.okta, opaque(id)), { kid: 'first' })), {
    status: 400,
    body: { err: 'authentication_failed' }
  })
})

t.test('whose keys are found where shared signals have them', async (t) => {
  const other = await setStage(t)
  other.okta.lacks.push('/.well-known/openid-configuration')
  const id = other.arrive('found')
  t.equal((await other.tell(await other.set(other.okta, setOf(other.okta, opaque(id))))).status, 202)
  t.equal(other.okta.asked('/.well-known/ssf-configuration'), 1)
})

t.test('what cannot be done now is not taken: the sender comes again', async (t) => {
  const away = await setStage(t, { worker: false })
  const id = away.arrive('later')
  const token = await away.set(away.okta, setOf(away.okta, opaque(id)))
  away.sandbox.addFault({ match: { pathRegex: '/cloud/users/' }, do: 'reset-before' })
  t.equal((await away.tell(token)).status, 503)
  away.sandbox.clearFaults()
  await away.call('POST', '/stop', { body: { reason: 'test' } })
  t.match(await away.tell(token), { status: 503, body: { code: 'stopped' } })
  await away.call('POST', '/resume')
  away.acme.answer = { status: 500 }
  t.match(await away.tell(await away.set(away.acme, setOf(away.acme, opaque('ann')))), {
    status: 503,
    body: { code: 'identity-provider-unavailable' }
  })
  await away.call('POST', `/users/${id}/disable`)
  t.match(await away.tell(token, { prefer: 'wait=0' }), {
    status: 409,
    body: { code: 'operation-already-running' }
  })
  await away.call('POST', `/operations/${(await away.operations(id, 'disable'))[0]!.id}/cancel`)
  t.equal((await away.tell(token)).status, 202)
  t.match(await away.operations(id, 'revoke'), [{ state: 'queued' }])
})

t.test('above a brake it is recorded once, and waits for a second person', async (t) => {
  const braked = await setStage(t, { env: { BRAKE_LOCK_OUTS: '0' } })
  const id = braked.arrive('many')
  for (const _ of [1, 2])
    t.equal((await braked.tell(await braked.set(braked.okta, setOf(braked.okta, opaque(id))))).status, 202)
  t.match(await braked.operations(id, 'revoke'), [{ state: 'awaiting-approval' }])
})

t.test(
  'whoever sends what is refused again and again is not heard out; what is right is taken',
  async (t) => {
    const limited = await setStage(t, { env: { RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '3' } })
    const bad = await limited.set(limited.acme, {
      ...setOf(limited.acme, opaque('ann')),
      iss: limited.okta.issuer
    })
    const said = []
    for (let n = 0; n < 4; n++) said.push((await limited.tell(bad)).status)
    t.same(said, [400, 400, 400, 429])
    t.equal(
      (await limited.tell(await limited.set(limited.acme, setOf(limited.acme, opaque('ann'))))).status,
      202
    )
  }
)

t.test('an issuer has so many events acted upon in a minute, and keeps no other out', async (t) => {
  const limited = await setStage(t, { env: { RATE_LIMIT_PER_MINUTE: '2' } })
  const tell = async (from: typeof okta, type?: string) =>
    limited.tell(await limited.set(from, setOf(from, opaque('nobody'), {}, type)))
  for (let n = 0; n < 3; n++) t.equal((await tell(limited.acme, 'urn:other')).status, 202)
  for (let n = 0; n < 2; n++) t.equal((await tell(limited.acme)).status, 202)
  const over = await tell(limited.acme)
  t.match(over, { status: 429, body: { code: 'rate-limited' } })
  t.ok(over.headers.get('retry-after'))
  t.equal((await tell(limited.okta)).status, 202)
})

t.test(
  'a key with the scope alone can be made, and opens neither this nor anything else without a token',
  async (t) => {
    const { authorization } = await keyOf(stage, ['signals:send'])
    t.equal((await call('GET', '/users', { authorization })).status, 403)
    const headers = { 'content-type': 'application/secevent+jwt' }
    t.equal((await call('POST', '/ssf/events', { body: 'x', authorization, headers })).status, 400)
    t.ok(sandbox)
  }
)
