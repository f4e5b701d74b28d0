import t from 'tap'
import { byOcc, leaver } from '../../support/leaver.ts'
import { eventually } from '../../support/locksmith.ts'
import { caep, risc, startSsf } from './stage.ts'

const wait = { headers: { prefer: 'wait=30' } }

const stage = await startSsf(t, { worker: true })
const { sandbox, call, quiet } = stage
t.afterEach(() => stage.clear())

const person = (id: string, more: object = {}) =>
  sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org`, ...more })

/** Does it, and waits until the operation is over and all is told. */
async function act(method: string, path: string, body?: object) {
  const done = await call(method, path, { ...wait, ...(body && { body }) })
  t.equal(done.body.state, 'succeeded', `${method} ${path}: ${JSON.stringify(done.body.problem)}`)
  await quiet()
  return done.body
}

t.test('a reset is told as a credential-change and a session-revoked, claim by claim', async (t) => {
  const { receiver, id } = await stage.stream()
  person('anna')
  const before = Math.floor(Date.now() / 1_000)
  const { id: operation } = await act('POST', '/users/anna/reset', { reason: 'a secret reason' })
  const after = Math.floor(Date.now() / 1_000)
  t.same(receiver.events(), ['credential-change', 'session-revoked'])
  const subject = { format: 'email', email: 'anna@example.org' }
  for (const [n, type, more] of [
    [0, caep('credential-change'), { credential_type: 'password', change_type: 'update' }],
    [1, caep('session-revoked'), {}]
  ] as const) {
    const { claims, header, headers, body } = receiver.accepted[n]!
    const { jti, iat, ...rest } = claims!
    t.strictSame(rest, {
      iss: stage.issuer,
      aud: receiver.origin,
      txn: operation,
      sub_id: subject,
      events: {
        [type]: {
          subject: { format: 'complex', user: subject },
          ...more,
          event_timestamp: iat,
          initiating_entity: 'admin',
          reason_admin: { en: `Locksmith did this by its operation "reset": /operations/${operation}` }
        }
      }
    })
    t.match(jti, /^[0-9a-f-]{36}$/)
    t.ok(iat! >= before && iat! <= after, 'when it happened')
    t.strictSame(Object.keys(header!).toSorted(), ['alg', 'kid', 'typ'])
    t.match(header, { alg: 'RS256', typ: 'secevent+jwt' })
    t.match(headers, { 'content-type': 'application/secevent+jwt', accept: 'application/json' })
    t.equal(headers.authorization, undefined, 'no header was asked for')
    const text = Buffer.from(body.split('.')[1]!, 'base64url').toString()
    t.notMatch(text, /"(sub|exp)":|secret reason/, 'what SSF forbids, and what people wrote, is in none')
  }
  t.equal(new Set(receiver.received.map(({ claims }) => claims!.jti)).size, 2)
  t.equal((await call('GET', `/ssf/status?stream_id=${id}`)).body.status, 'enabled')
})

for (const [what, method, path, body, before, expected] of [
  [
    'everything revoked',
    'DELETE',
    '/tokens?replacePassword=true&mail=none',
    undefined,
    {},
    ['credential-change', 'session-revoked']
  ],
  [
    'some of it revoked',
    'DELETE',
    '/tokens?replacePassword=true&mail=none&kind=app-password',
    undefined,
    {},
    ['credential-change']
  ],
  [
    'sessions revoked, app passwords left',
    'POST',
    '/reset',
    { revoke: 'sessions' },
    {},
    ['credential-change', 'session-revoked']
  ],
  ['nothing revoked', 'POST', '/reset', { revoke: 'none' }, {}, ['credential-change']],
  ['off-boarded', 'POST', '/offboard', {}, {}, ['credential-change', 'session-revoked', 'account-disabled']],
  [
    'off-boarded, and disabled before: no moment in which it was let in is told',
    'POST',
    '/offboard',
    {},
    { enabled: false },
    ['credential-change', 'session-revoked', 'account-disabled']
  ],
  ['disabled', 'POST', '/disable', {}, {}, ['account-disabled']],
  [
    'enabled',
    'POST',
    '/enable',
    {},
    { enabled: false },
    ['credential-change', 'account-enabled', 'session-revoked']
  ],
  [
    'enabled, nothing revoked',
    'POST',
    '/enable',
    { revoke: 'none' },
    { enabled: false },
    ['account-enabled']
  ],
  ['enabled, and was so before', 'POST', '/enable', {}, {}, []],
  ['reset mail', 'POST', '/reset-mail', {}, {}, []],
  [
    'reinstated',
    'POST',
    '/reinstate',
    {},
    { enabled: false },
    ['credential-change', 'account-enabled', 'session-revoked']
  ]
] as const) {
  t.test(`told of a user who was ${what}`, async (t) => {
    const { receiver } = await stage.stream()
    const id = `u${what.replaceAll(/\W/g, '')}`.slice(0, 60)
    person(id, before)
    const { id: operation } = await act(method, `/users/${id}${path}`, body)
    t.same(receiver.events(), expected)
    for (const { claims } of receiver.received)
      t.match(claims, { txn: operation, sub_id: { format: 'email', email: `${id}@example.org` } })
  })
}

t.test('one token that is revoked is told nobody', async (t) => {
  const occ = await startSsf(t, { worker: true, ways: byOcc })
  const { receiver } = await occ.stream()
  leaver(occ.sandbox)
  const { items } = (await occ.call('GET', '/users/lea/tokens')).body
  const one = await occ.call('DELETE', `/users/lea/tokens/${items[0].id}`, wait)
  t.match(one.body, { state: 'succeeded', outcome: { remaining: 0 } })
  await occ.quiet()
  t.same(receiver.received, [])
  const all = await occ.call('DELETE', '/users/lea/tokens', wait)
  t.equal(all.body.state, 'succeeded')
  await occ.quiet()
  t.same(receiver.events(), ['session-revoked'], 'the password stayed as it was')
})

t.test('a deletion is told once the account is gone, and not when it is put off', async (t) => {
  const { receiver } = await stage.stream()
  person('gone')
  const { outcome } = await act('POST', '/users/gone/offboard', { deleteAfter: 'PT1H' })
  t.notOk(receiver.events().includes('account-purged'))
  await stage.pass(3_700)
  await eventually(
    async () => (await call('GET', outcome.deletion.operation)).body,
    ({ state }) => state === 'succeeded'
  )
  await quiet()
  const { claims } = receiver.accepted.at(-1)!
  t.match(claims, {
    txn: outcome.deletion.operation.split('/').at(-1),
    sub_id: { format: 'email', email: 'gone@example.org' },
    events: { [risc('account-purged')]: { initiating_entity: 'admin' } }
  })
})

t.test('whoever has no mail address is known by our name for the user', async (t) => {
  const { receiver } = await stage.stream()
  person('Nomail', { email: null })
  await act('POST', '/users/nomail/disable')
  const subject = { format: 'iss_sub', iss: stage.issuer, sub: 'Nomail' }
  t.strictSame(receiver.accepted[0]!.claims!.sub_id, subject)
  t.match(receiver.payloads(), [{ subject: { format: 'complex', user: subject } }])
})
