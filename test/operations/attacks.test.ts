import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import t from 'tap'
import { createMailer } from '../../src/mail/smtp.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'
import { unseen } from '../support/presence.ts'

const wait = { headers: { prefer: 'wait=20' } }
const user = { id: 'anna', password: 'Old-Password-4711', email: 'anna@example.org' }

t.test('once a password was replaced, no retry ends as "failed: nothing was changed"', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  sandbox.treatMail('anna@example.org', 'reject')
  const { body } = await call('POST', '/users/anna/reset', { ...wait, body: { mail: 'smtp' } })
  t.equal(body.state, 'needs-attention')
  sandbox.updateUser('anna', { email: null })
  const { body: after } = await call('POST', `/operations/${body.id}/retry`, wait)
  t.match(after, { state: 'needs-attention', problem: { code: 'no-mail-address' } })
  t.notMatch(after.problem.detail, 'Nothing was changed', 'and it does not say so either')
})

t.test('a reset that took the place of one waiting for its mail owes that mail', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    env: { RETRY_FIRST_SECONDS: '30', RETRY_MAX_SECONDS: '30' }
  })
  sandbox.createUser(user)
  sandbox.addFault({ match: { pathRegex: 'lostpassword' }, do: '429-empty' })
  const { body: first } = await call('POST', '/users/anna/reset')
  await eventually(
    async () => (await call('GET', `/operations/${first.id}`)).body.state,
    (state) => state === 'waiting'
  )
  sandbox.settings({ latencyMs: 1_200 })
  const second = call('POST', '/users/anna/reset', wait)
  sandbox.updateUser('anna', { enabled: false })
  const { body } = await second
  t.equal(
    (await call('GET', `/operations/${first.id}`)).body.state,
    body.state === 'failed' ? 'waiting' : 'cancelled'
  )
  t.match(body, { state: 'needs-attention', problem: { code: 'user-disabled' } })
})

t.test('a mail server that takes the message and hangs up is asked once', async (t) => {
  let bodies = 0
  const server = createServer((socket) => {
    let data = false
    socket.on('error', () => {})
    socket.write('220 x\r\n')
    socket.on('data', (chunk) => {
      const text = String(chunk)
      if (data) {
        if (!text.includes('\r\n.\r\n')) return
        bodies++
        socket.destroy()
      } else if (text.startsWith('DATA')) {
        data = true
        socket.write('354 go\r\n')
      } else socket.write('250 ok\r\n')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const send = (smtpUrl: string) =>
    createMailer({
      smtpUrl,
      from: 'x@example.org',
      nextcloudUrl: new URL('http://localhost')
    }).sendAccessReset({
      to: 'anna@example.org',
      userId: 'anna',
      displayName: 'Anna',
      language: null,
      operationId: 'x',
      revoked: 'all'
    })
  t.equal((await send(`smtp://127.0.0.1:${port}`)).kind, 'unknown')
  t.equal(bodies, 1)
  t.equal((await send('smtp://127.0.0.1:9')).kind, 'not-sent', 'nobody there: nothing was handed over')
})

t.test('one-time app passwords (Nextcloud 34) are revoked like any other', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  const app = {
    user: 'anna',
    password: sandbox.createAppPassword('anna', 'QR code', { oneTime: true }).password
  }
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.match(body, { state: 'succeeded', outcome: { revoked: { appPasswords: 1 }, remaining: 0 } })
  t.equal(sandbox.tryCredential(app), 401)
})

t.test('more tokens than Nextcloud lists at once are all revoked, and counted', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  let last = ''
  for (let i = 0; i < 1_105; i++) last = sandbox.createAppPassword('anna', `App ${i}`).password
  const { body } = await call('POST', '/users/anna/reset', { headers: { prefer: 'wait=60' } })
  t.match(body, { state: 'succeeded', outcome: { revoked: { appPasswords: 1_105 }, remaining: 0 } })
  t.equal(sandbox.tryCredential({ user: 'anna', password: last }), 401)
  t.equal(sandbox.tokens('anna').length, 0)
})

t.test('of two resets within a minute neither passes for a log-in of the person', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  for (let i = 0; i < 3; i++) {
    await call('POST', '/users/anna/reset', { ...wait, body: { mail: 'none' } })
    t.equal((await call('GET', '/users/anna')).body.lastLogin, null)
    sandbox.advanceClock(10)
  }
})

t.test('with server-side encryption the log-in tells whether the password was changed', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  const app = { user: 'anna', password: sandbox.createAppPassword('anna', 'Phone').password }
  sandbox.settings({ encryption: 'master-key' })
  const { body } = await call('POST', '/users/anna/reset', wait)
  t.match(body, {
    state: 'succeeded',
    outcome: { passwordReplaced: true, revoked: { appPasswords: 1 }, remaining: 0 }
  })
  t.equal(sandbox.tryCredential(app), 401)
  t.equal(sandbox.calls().filter(({ method }) => method === 'PUT').length, 1)
})

t.test(
  'however many ask while the admin’s password changes, few log-ins fail and none after the first is known',
  async (t) => {
    const { call, sandbox } = await startLocksmith(t, { worker: false })
    sandbox.createUser(user)
    t.equal((await call('GET', '/users/anna')).status, 200)
    sandbox.settings({ latencyMs: 300 })
    sandbox.updateUser('admin', { password: 'Changed-By-Hand-4711' })
    const replies = await Promise.all(Array.from({ length: 40 }, () => call('GET', '/users/anna')))
    t.same([...new Set(replies.map(({ status }) => status))], [503])
    t.ok(
      sandbox.counters().maxFailedLoginsPer30min <= 4,
      `${sandbox.counters().maxFailedLoginsPer30min} failed`
    )
    t.equal(sandbox.counters().answered429, 0)
  }
)

t.test('what people put into their names cannot keep them from being reset', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser({ ...user, displayName: 'A\u0000B \ud800 <script>' })
  t.equal((await call('POST', '/users/anna/reset', wait)).body.state, 'succeeded')
})

t.test('a server that says "come back at once" is not hammered', async (t) => {
  const { call, sandbox } = await startLocksmith(t, {
    env: { RETRY_FIRST_SECONDS: '60', RETRY_MAX_SECONDS: '60' }
  })
  sandbox.createUser(user)
  sandbox.settings({ maintenance: true })
  const { body } = await call('POST', '/users/anna/reset')
  const waiting = await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body,
    ({ state }) => state === 'waiting'
  )
  t.ok(Date.parse(waiting.resumeAt) > Date.now() + 30_000)
})

t.test('a PUT that lands late, after its process seemed dead, kills no mailed link', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser(user)
  sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: 'hang-before' })
  const { body } = await call('POST', '/users/anna/reset')
  await eventually(
    () => sandbox.faults(),
    ([fault]) => (fault as { seen?: number }).seen === 1
  )
  // The connection that says we live breaks, while the PUT is under way.
  await unseen(world, () =>
    eventually(
      async () => (await call('GET', `/operations/${body.id}`)).body.state,
      (state) => state === 'queued'
    )
  )
  setTimeout(() => sandbox.releaseFaults(), 2_500)
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body.state,
    (state) => state === 'succeeded',
    30
  )
  t.equal(sandbox.counters().maxConcurrentPerUser.anna, 1)
  const link = sandbox
    .mails({ to: 'anna@example.org' })
    .map((mail) => sandbox.linkOf(mail)!)
    .at(-1)!
  t.ok(sandbox.completeReset(link, 'New-Password-4711').ok, 'the link works')
})

t.test('a retry and a new reset at one moment: one of them is told that it is too late', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  sandbox.createUser(user)
  sandbox.treatMail('anna@example.org', 'reject')
  for (let i = 0; i < 8; i++) {
    const { body } = await call('POST', '/users/anna/reset', { ...wait, body: { mail: 'smtp' } })
    const both = await Promise.all([
      call('POST', `/operations/${body.id}/retry`),
      call('POST', '/users/anna/reset', { body: { mail: 'none' } })
    ])
    const statuses = both.map(({ status }) => status)
    t.ok(
      statuses.every((status) => [202, 409].includes(status)) && statuses.includes(202),
      statuses.join(' and ')
    )
    const states = async () =>
      (await call('GET', '/operations?userId=anna&limit=200')).body.items.map(
        ({ state }: { state: string }) => state
      )
    await eventually(states, (all) =>
      all.every((state: string) => ['succeeded', 'needs-attention'].includes(state))
    )
  }
})

t.test('Locksmith does not lock itself out', async (t) => {
  const { call, sandbox } = await startLocksmith(t)
  for (const id of ['admin', 'Admin']) {
    t.match(await call('POST', `/users/${id}/reset`, { body: { mail: 'none' } }), {
      status: 422,
      body: { code: 'own-account' }
    })
  }
  t.equal(sandbox.calls().length, 0)
})

t.test('characters that cannot be stored are refused, not failed on', async (t) => {
  const { call, sandbox } = await startLocksmith(t, { worker: false })
  sandbox.createUser(user)
  for (const reason of ['"a\\u0000b"', '"\\ud800"']) {
    t.match(await call('POST', '/users/anna/reset', { body: `{"reason":${reason}}` }), {
      status: 400,
      body: { code: 'invalid-request' }
    })
  }
  t.equal((await call('POST', '/users/anna/reset', { body: { reason: 'Gerät verloren 📱' } })).status, 202)
  t.match(await call('GET', '/audit?from=2024-01-01T23:59:60Z'), { status: 400 })
  t.match(await call('GET', '//'), { status: 404 })
})

t.test('a process that shuts down claims nothing more, and hands back once', async (t) => {
  const { call, sandbox, world } = await startLocksmith(t)
  sandbox.createUser(user)
  sandbox.addFault({ match: { method: 'PUT' }, do: 'slow', delayMs: 500 })
  const { body } = await call('POST', '/users/anna/reset')
  await eventually(
    () => sandbox.calls(),
    (calls) => calls.some(({ method }) => method === 'PUT')
  )
  await world.drain()
  await eventually(
    async () => (await call('GET', `/operations/${body.id}`)).body.state,
    (state) => state === 'queued'
  )
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal((await call('GET', '/audit?action=operation.taken-over')).body.items.length, 1)
})
