import t from 'tap'
import { advanceClock } from '../support/clock.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

const wait = { headers: { prefer: 'wait=20' } }
const user = {
  id: 'anna',
  password: 'Old-Password-4711',
  displayName: 'Anna <b>Ä</b>',
  email: 'anna@example.org'
}

t.test('reset-mail only has the mail sent: nothing else of the access changes', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  const session = sandbox.openBrowserSession('anna')
  const { body } = await call('POST', '/users/anna/reset-mail', {
    ...wait,
    body: { reason: 'asked by phone' }
  })
  t.match(body, {
    kind: 'reset-mail',
    state: 'succeeded',
    reason: 'asked by phone',
    outcome: { mail: { delivery: 'requested', to: 'anna@example.org' } }
  })
  t.notOk(body.outcome.passwordReplaced)
  t.equal(sandbox.tryCredential(session), 200)
  t.ok(sandbox.completeReset(sandbox.linkOf(sandbox.mails()[0]!)!, 'New-Password-4711').ok)
})

t.test(
  'our own mail is accepted by the mail server, in the user’s language, and leads to the login page',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t, { publicUrl: 'http://localhost' })
    sandbox.createUser({ ...user, language: 'de_DE' })
    sandbox.createUser({ ...user, id: 'bob', email: 'bob@example.org', displayName: 'Bob', language: 'fr' })
    for (const id of ['anna', 'bob']) {
      const { body } = await call('POST', `/users/${id}/reset`, { ...wait, body: { mail: 'smtp' } })
      t.match(body, {
        state: 'succeeded',
        outcome: { mail: { via: 'smtp', delivery: 'accepted', to: `${id}@example.org` } }
      })
    }
    const [german] = sandbox
      .mails({ to: 'anna@example.org' })
      .filter(({ subject }) => subject.includes('zurückgesetzt'))
    t.match(german, { text: /Passwort vergessen.*anna/s, html: /lang="de"/ })
    t.match(german!.text, 'http://localhost/index.php/login')
    t.notMatch(german!.html, '<b>Ä</b>', 'a hostile name stays a name')
    const [english] = sandbox
      .mails({ to: 'bob@example.org' })
      .filter(({ subject }) => subject.includes('Your access was reset'))
    t.match(english!.text, /Forgot password.*bob/s)
  }
)

t.test(
  'a mail that the server refuses needs a person, since the user does not know of the reset',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    sandbox.createUser(user)
    sandbox.treatMail('anna@example.org', 'reject')
    const { body } = await call('POST', '/users/anna/reset', { ...wait, body: { mail: 'smtp' } })
    t.match(body, {
      state: 'needs-attention',
      problem: { code: 'mail-rejected' },
      outcome: { passwordReplaced: true, mail: { delivery: 'rejected' } }
    })
    sandbox.treatMail('anna@example.org', 'accept')
    t.equal((await call('POST', `/operations/${body.id}/retry`, wait)).body.outcome.mail.delivery, 'accepted')
  }
)

t.test(
  'while the mail server is away the operation waits, and the tokens are not revoked twice',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    sandbox.createUser(user)
    sandbox.openBrowserSession('anna')
    sandbox.treatMail('anna@example.org', 'tempfail')
    const { body } = await call('POST', '/users/anna/reset', { body: { mail: 'smtp' } })
    const ask = async () => (await call('GET', `/operations/${body.id}`)).body
    const waiting = await eventually(ask, ({ state }) => state === 'waiting')
    t.match(waiting, { problem: { code: 'mail-server-unavailable' }, outcome: { revoked: { sessions: 1 } } })
    t.ok(waiting.resumeAt)
    sandbox.treatMail('anna@example.org', 'accept')
    t.match(await eventually(ask, ({ state }) => state === 'succeeded'), {
      outcome: { revoked: { sessions: 1 }, mail: { delivery: 'accepted' } }
    })
    t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 1)
  }
)

t.test(
  'an address that changed meanwhile gets no mail; a person decides, and the new one is shown',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t)
    sandbox.createUser(user)
    sandbox.addFault({ match: { method: 'PUT' }, do: 'slow', delayMs: 500 })
    const { body } = await call('POST', '/users/anna/reset')
    await eventually(
      () => sandbox.calls(),
      (calls) => calls.some(({ method }) => method === 'PUT')
    )
    sandbox.updateUser('anna', { notifyEmail: 'thief@example.net' })
    const ask = async () => (await call('GET', `/operations/${body.id}`)).body
    const held = await eventually(ask, ({ state }) => state === 'needs-attention')
    t.match(held.problem, { code: 'address-changed', before: 'anna@example.org', after: 'thief@example.net' })
    t.equal(
      sandbox
        .mails({ to: 'thief@example.net' })
        .filter((mail) => sandbox.linkOf(mail)?.includes('/lostpassword/')).length,
      0
    )
    sandbox.updateUser('anna', { notifyEmail: 'anna.new@example.org' })
    const { body: after } = await call('POST', `/operations/${body.id}/retry`, wait)
    t.match(after, { state: 'succeeded', outcome: { mail: { to: 'anna.new@example.org' } } })
  }
)

t.test('an operation that only waits for its mail gives way to a new reset, which mails', async (t) => {
  // Tried again it would not be waiting for that moment.
  const env = { RETRY_FIRST_SECONDS: '60', RETRY_MAX_SECONDS: '60' }
  const { call, sandbox, world } = await startLocksmith(t, { env })
  sandbox.createUser(user)
  sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: '429-empty' })
  const { body: first } = await call('POST', '/users/anna/reset')
  await eventually(
    async () => (await call('GET', `/operations/${first.id}`)).body,
    ({ state, steps }) => state === 'waiting' && steps[3].state === 'waiting'
  )
  t.match(
    await call('POST', '/users/anna/reset', { body: { mail: 'none' } }),
    { status: 409 },
    'not for one without a mail: the user would be stranded'
  )
  sandbox.clearFaults()
  const second = await call('POST', '/users/anna/reset')
  t.match((await call('GET', `/operations/${first.id}`)).body, {
    state: 'cancelled',
    supersededBy: second.body.id
  })
  const ask = async () => (await call('GET', `/operations/${second.body.id}`)).body
  t.match(await eventually(ask, ({ state }) => state === 'waiting'), {
    problem: { code: 'nextcloud-limit' },
    steps: [{}, {}, {}, { name: 'send-reset-mail', attempts: 0 }]
  })
  await advanceClock(world.pool, sandbox, 3_600)
  await eventually(ask, ({ state }) => state === 'succeeded')
})

t.test('a mail call that Nextcloud held off is asked again by itself; one in flight is not', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser(user)
  sandbox.addFault({ match: { pathRegex: 'lostpassword' }, times: 1, do: '429-empty' })
  const { body: first } = await call('POST', '/users/anna/reset-mail')
  const ask = async () => (await call('GET', `/operations/${first.id}`)).body
  await eventually(ask, ({ state }) => state === 'waiting')
  await advanceClock(world.pool, sandbox, 3_600)
  t.match(await eventually(ask, ({ state }) => state === 'succeeded'), { outcome: { mail: {} } })
  sandbox.addFault({ match: { pathRegex: 'lostpassword' }, times: 1, do: 'reset-after' })
  const { body } = await call('POST', '/users/anna/reset-mail', wait)
  t.match(body, {
    state: 'needs-attention',
    problem: { code: 'delivery-unknown' },
    outcome: { mail: { delivery: 'unknown' } }
  })
})

t.test('only what needs attention can be retried', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  const { body } = await call('POST', '/users/anna/reset-mail', wait)
  t.match(await call('POST', `/operations/${body.id}/retry`), {
    status: 409,
    body: { code: 'operation-not-retryable' }
  })
  t.match(await call('POST', '/operations/01a20914-e240-7000-8574-df606ca606b4/retry'), {
    status: 404,
    body: { code: 'unknown-operation' }
  })
})
