import t from 'tap'
import { keyOf } from '../../access/caller.ts'
import { seconds } from '../../access/issuer.ts'
import { activeIs, clientOf } from '../scim/stage.ts'
import { email, issSub, opaque, origin, requestOf, setStage } from './stage.ts'

const stage = await setStage(t)
const { ask, signed, okta, acme, key, phone, revocations, arrive, call, sandbox } = stage

t.test('a signed request ends every session and app password of the user: 204', async (t) => {
  for (const [id, subject] of [
    ['by-email', email('By-Email@example.org')],
    ['by-id', opaque('by-id')],
    ['by-us', issSub(origin, 'by-us')]
  ] as const) {
    arrive(id)
    const { lives } = phone(id)
    const said = await ask(subject)
    t.match({ status: said.status, text: said.text }, { status: 204, text: '' }, `${id}: ${said.text}`)
    const [operation, another] = await revocations(id)
    t.match(operation, { state: 'succeeded' })
    t.notOk(another)
    t.equal(said.headers.get('location'), `/operations/${operation!.id}`)
    t.notOk(lives())
  }
  const { body } = await call('GET', '/audit?userId=by-email&action=operation.requested')
  t.match(body.items, [
    {
      actor: `issuer:${okta.issuer}`,
      details: { kind: 'revoke', reason: `Global token revocation, asked for by ${okta.issuer}` }
    }
  ])
})

t.test('as early drafts and the documents of Okta have it, the user is in "subject"', async (t) => {
  const id = arrive('early')
  const authorization = await signed(okta, requestOf(okta))
  const body = { subject: email(`${id}@example.org`) }
  t.equal((await call('POST', '/global-token-revocation', { body, authorization })).status, 204)
  t.match(await revocations(id), { length: 1 })
})

t.test('who speaks SCIM calls users as it does there', async (t) => {
  const id = arrive('linked')
  const idp = await clientOf(stage, 'okta')
  t.equal((await idp('POST', '/Users', { userName: id, externalId: '00u1a2' })).status, 201)
  t.equal((await ask(issSub(okta.issuer, '00u1a2'))).status, 204)
  t.match(await revocations(id), { length: 1 })
  t.match(
    await ask(issSub(okta.issuer, id)),
    { status: 404, body: { code: 'unknown-user' } },
    'no id of Nextcloud'
  )
  t.match(await ask(issSub('https://other.example', '00u1a2')), { status: 404 }, 'of nobody else')
  const plain = arrive('plain')
  const byAcme = await signed(acme, requestOf(acme))
  t.equal((await ask(issSub(acme.issuer, plain), byAcme)).status, 204, 'without SCIM it is the id')
})

t.test('an issuer is for its users alone: others are not there', async (t) => {
  const { lives } = phone('gus')
  for (const subject of [email('gus@example.org'), opaque('gus'), issSub(acme.issuer, 'gus')])
    t.match(await ask(subject, await signed(acme, requestOf(acme))), {
      status: 404,
      body: { code: 'unknown-user' }
    })
  t.same(await revocations('gus'), [])
  t.ok(lives())
})

t.test('what is not signed for this is refused (401), and nothing is begun', async (t) => {
  const id = arrive('safe')
  const late = seconds() - 3_600
  const refused: [why: string, authorization: string][] = [
    ['nothing', ''],
    ['no token', 'Bearer x'],
    ['another type', await signed(okta, requestOf(okta), { typ: 'JWT' })],
    ['a security event', await signed(okta, requestOf(okta), { typ: 'secevent+jwt' })],
    ['for another service', await signed(okta, requestOf(okta, { aud: 'https://other.example/' }))],
    ['for nobody', await signed(okta, requestOf(okta, { aud: undefined }))],
    ['expired', await signed(okta, requestOf(okta, { exp: late }))],
    ['for ever', await signed(okta, requestOf(okta, { exp: undefined }))],
    ['for a year', await signed(okta, requestOf(okta, { exp: seconds() + 31_536_000 }))],
    ['by a name that is no text', await signed(okta, requestOf(okta, { jti: {} }))],
    ['by no name', await signed(okta, requestOf(okta, { jti: '' }))],
    ['by a name that cannot be kept', await signed(okta, requestOf(okta, { jti: 'a\0' }))],
    ['by a name without end', await signed(okta, requestOf(okta, { jti: 'x'.repeat(5_000) }))],
    ['not yet', await signed(okta, requestOf(okta, { nbf: seconds() + 600 }))],
    ['by a stranger', await signed(okta, requestOf(okta, { iss: 'https://stranger.example' }))],
    ['in the name of another', await signed(acme, requestOf(acme, { iss: okta.issuer }))],
    [
      'by a shared secret',
      `Bearer ${'eyJhbGciOiJIUzI1NiIsInR5cCI6Imdsb2JhbC10b2tlbi1yZXZvY2F0aW9uK2p3dCJ9'}.${Buffer.from(JSON.stringify(requestOf(okta))).toString('base64url')}.c2ln`
    ]
  ]
  for (const [why, authorization] of refused) {
    const said = await ask(opaque(id), authorization || null)
    t.match(
      { status: said.status, code: said.body?.code },
      { status: 401, code: 'unauthorized' },
      `${why}: ${said.text}`
    )
  }
  t.same(await revocations(id), [])
})

t.test('a signed request opens nothing else', async (t) => {
  const authorization = await signed(okta, requestOf(okta))
  for (const [method, path] of [
    ['GET', '/users'],
    ['GET', '/operations'],
    ['POST', '/users/ann/reset'],
    ['DELETE', '/users/ann/tokens'],
    ['GET', '/audit'],
    ['GET', '/scim/v2/Users'],
    ['GET', '/stop'],
    ['GET', '/metrics'],
    ['GET', '/scim/v2/Schemas'],
    ['POST', '/operations/01a20931-e240-7000-8574-df606ca606b4/cancel']
  ] as const)
    t.equal((await call(method, path, { authorization })).status, 403, path)
})

t.test('a key with the scope does, too; without it: 403', async (t) => {
  const id = arrive('by-key')
  t.equal((await ask(opaque(id), key.authorization)).status, 204)
  t.match(await revocations(id), { length: 1 })
  const other = await keyOf(stage, ['users:read', 'users:revoke', 'users:reset'])
  t.match(await ask(opaque(id), other.authorization), { status: 403, body: { code: 'missing-scope' } })
})

t.test('what cannot be read, or names a user in a way that is not known, is 400', async (t) => {
  t.match(await ask(undefined), { status: 400, body: { code: 'invalid-request' } })
  for (const subject of [
    'alice',
    {},
    { format: 'phone_number', phone_number: '+12065550123' },
    { format: 'email' },
    { format: 'email', email: 17 },
    { format: 'iss_sub', iss: okta.issuer },
    { format: 'opaque', id: '' },
    opaque('a\0'),
    email('\ud800@example.org'),
    issSub(okta.issuer, 'a\0')
  ])
    t.match(
      await ask(subject),
      {
        status: 400,
        body: { code: 'invalid-request', errors: [{ at: 'body/sub_id', message: /a user \(RFC 9493\)/ }] }
      },
      JSON.stringify(subject)
    )
  const authorization = await signed(okta, requestOf(okta))
  t.equal((await call('POST', '/global-token-revocation', { body: '{', authorization })).status, 400)
  const deep = `{"sub_id":{"format":"opaque","id":"ann"},"x":${'['.repeat(30_000)}${']'.repeat(30_000)}}`
  const headers = { 'content-type': 'application/json', 'idempotency-key': 'deep' }
  t.match(await call('POST', '/global-token-revocation', { body: deep, authorization, headers }), {
    status: 400,
    body: { code: 'invalid-request' }
  })
})

t.test('who is not there is 404, also by an id that could climb a path', async (t) => {
  for (const subject of [
    opaque('nobody'),
    opaque('../ann'),
    opaque('..'),
    email('nobody@example.org'),
    email('*')
  ])
    t.match(await ask(subject), { status: 404, body: { code: 'unknown-user' } }, JSON.stringify(subject))
})

t.test('whom several are meant by, and whom nobody may touch, is told: 422 and 403', async (t) => {
  for (const id of ['twin-a', 'twin-b']) arrive(id, { email: 'office@example.org' })
  t.match(await ask(email('office@example.org')), {
    status: 422,
    body: { code: 'ambiguous-user', status: 422 }
  })
  t.same(await revocations('twin-a'), [])
  const { user } = sandbox.admin
  t.match(await ask(opaque(user)), { status: 422, body: { code: 'own-account' } })
  arrive('chief', { groups: ['admin'] })
  t.match(await ask(opaque('chief')), { status: 403, body: { code: 'protected-user' } })
})

t.test('the same request sent again and at once is done once', async (t) => {
  const id = arrive('again')
  const authorization = await signed(okta, requestOf(okta, { jti: 'one' }))
  const all = await Promise.all([1, 2, 3].map(() => ask(opaque(id), authorization)))
  t.same(
    all.map(({ status }) => status),
    [204, 204, 204]
  )
  t.match(await revocations(id), { length: 1 })
  t.equal((await ask(opaque(id), authorization)).status, 204)
  t.match(await revocations(id), { length: 1 }, 'also when it is over')
  t.equal((await ask(opaque(id))).status, 204)
  t.match(await revocations(id), { length: 2 }, 'another request is another one')
})

t.test('a signed request is good for one user, and is not said to be done for another: 401', async (t) => {
  const [one, another] = [arrive('first-of-two'), arrive('second-of-two')]
  const authorization = await signed(okta, requestOf(okta))
  t.equal((await ask(opaque(one), authorization)).status, 204)
  await stage.quiet(one)
  t.match(await ask(opaque(another), authorization), { status: 401, body: { code: 'unauthorized' } })
  t.same(await revocations(another), [])
  t.equal((await ask(opaque(one.toUpperCase()), authorization)).status, 204, 'the same user again')
  t.match(await revocations(one), { length: 1 })
  const both = await signed(okta, requestOf(okta))
  const [third, fourth] = [arrive('third-of-all'), arrive('fourth-of-all')]
  const said = await Promise.all([third, fourth].map((id) => ask(opaque(id), both)))
  t.same(said.map(({ status }) => status).toSorted(), [204, 401], 'also at once')
})

t.test('what others send from the same address keeps no signed request out', async (t) => {
  const shared = await setStage(t, { env: { RATE_LIMIT_FAILED_LOGINS_PER_MINUTE: '2' } })
  const id = shared.arrive('shared')
  const bad = await shared.signed(shared.acme, requestOf(shared.acme, { iss: shared.okta.issuer }))
  const said = []
  for (let n = 0; n < 3; n++) said.push((await shared.ask(opaque(id), bad)).status)
  t.same(said, [401, 401, 429])
  t.equal((await shared.ask(opaque(id))).status, 204)
})

t.test('the same Idempotency-Key gets the same answer, and begins nothing more', async (t) => {
  const id = arrive('idempotent')
  const headers = { 'idempotency-key': 'gtr-1' }
  const [first, second] = [
    await ask(opaque(id), key.authorization, headers),
    await ask(opaque(id), key.authorization, headers)
  ]
  t.match([first.status, second.status], [204, 204])
  t.equal(second.headers.get('idempotency-replayed'), 'true')
  t.equal(second.headers.get('location'), first.headers.get('location'))
  t.match(await revocations(id), { length: 1 })
})

t.test('who is off-boarded is out: 204, and nothing is begun', async (t) => {
  const id = arrive('leaver')
  const idp = await clientOf(stage, 'okta')
  await idp('PATCH', `/Users/${id}`, activeIs(false))
  t.equal((await ask(opaque(id))).status, 204, 'while it runs')
  await stage.quiet(id)
  t.equal((await ask(opaque(id))).status, 204)
  t.same(await revocations(id), [])
  sandbox.updateUser(id, { enabled: true })
  t.equal((await ask(opaque(id))).status, 204)
  t.match(await revocations(id), { length: 1 }, 'unless somebody has let the user in since')
})

t.test('who is disabled by hand cannot be logged in for it: 422, not 204', async (t) => {
  const id = arrive('disabled')
  sandbox.updateUser(id, { enabled: false })
  t.match(await ask(opaque(id)), { status: 422, body: { code: 'user-disabled', status: 422 } })
})

t.test(
  'where the password had to be replaced the user is mailed; a mail that cannot be sent keeps nobody signed in',
  async (t) => {
    const stage = await setStage(t, { env: { MAIL_VIA: 'nextcloud' } })
    const mailed = stage.arrive('mailed')
    await stage.ask(opaque(mailed))
    t.match(await stage.revocations(mailed), [{ state: 'succeeded', input: { mail: 'nextcloud' } }])
    t.match(stage.sandbox.mails(), [{ recipients: [`${mailed}@example.org`] }])
    const id = stage.arrive('mailless', { email: null })
    const { lives } = stage.phone(id)
    t.equal((await stage.ask(opaque(id))).status, 204)
    t.match(await stage.revocations(id), [{ state: 'succeeded', input: { mail: 'none' } }])
    t.notOk(lives())
  }
)

t.test('a mail that Nextcloud holds back does not stand in the way of the next one', async (t) => {
  const stage = await setStage(t, { env: { MAIL_VIA: 'nextcloud' } })
  const id = stage.arrive('held-back')
  stage.sandbox.addFault({ match: { pathRegex: '/lostpassword/email' }, do: '429-empty' })
  await stage.call('POST', `/users/${id}/reset`)
  await stage.eventually(
    () => stage.operations(id, 'reset'),
    ([operation]) => operation?.state === 'waiting'
  )
  const { lives } = stage.phone(id)
  const said = await stage.ask(opaque(id))
  t.equal(said.status, 204, said.text)
  await stage.eventually(lives, (alive) => !alive)
  t.match(await stage.operations(id, 'reset'), [{ state: 'cancelled' }])
})

t.test('while something else works on the user it is waited for, and not for ever', async (t) => {
  const idle = await setStage(t, { worker: false })
  const id = idle.arrive('busy')
  const held = await idle.call('POST', `/users/${id}/disable`)
  t.equal(held.status, 202)
  const said = await idle.ask(opaque(id), undefined, { prefer: 'wait=0' })
  t.match(said, { status: 422, body: { code: 'operation-already-running', status: 422 } })
  t.equal(said.headers.get('retry-after'), '60')
  const other = idle.arrive('about-to-be-revoked')
  await idle.call('POST', `/users/${other}/reset`)
  t.equal(
    (await idle.ask(opaque(other), undefined, { prefer: 'wait=0' })).status,
    204,
    'a reset will end all there is'
  )
  t.same(await idle.operations(other, 'revoke'), [])
})

t.test(
  'above a brake it waits for a second person, so it is not said to be done: 422, and once',
  async (t) => {
    const braked = await setStage(t, { env: { BRAKE_LOCK_OUTS: '0' } })
    const id = braked.arrive('many')
    for (const _ of [1, 2])
      t.match(await braked.ask(opaque(id)), {
        status: 422,
        body: { code: 'awaiting-approval', approval: /^\/approvals\// }
      })
    t.match(await braked.operations(id, 'revoke'), [{ state: 'awaiting-approval' }])
  }
)

t.test(
  'while Nextcloud is away nobody is said to be signed out; one who was linked is all the same',
  async (t) => {
    const away = await setStage(t, { worker: false })
    const idp = await clientOf(away, 'okta')
    away.arrive('known')
    away.arrive('unknown')
    await idp('POST', '/Users', { userName: 'known', externalId: '00u7' })
    away.sandbox.addFault({ match: { pathRegex: '/cloud/users/' }, do: 'reset-before' })
    t.match(await away.ask(opaque('unknown')), { status: 503 })
    t.equal((await away.ask(issSub(away.okta.issuer, '00u7'))).status, 204)
    t.match(await away.operations('known', 'revoke'), [{ state: 'queued' }])
  }
)
