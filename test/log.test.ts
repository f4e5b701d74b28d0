import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { signingKey } from './support/audit-keys.ts'
import { bare } from './support/bare.ts'
import { testDatabase } from './support/database.ts'
import { eventually, startLocksmith } from './support/locksmith.ts'
import { keptLog } from './support/log.ts'

const password = 'Old-Password-4711'

t.test('every line of a request or an operation names it, and once', async (t) => {
  const { log, lines } = keptLog()
  const env = { BRAKE_LOCK_OUTS: '2', NEXTCLOUD_TIMEOUT_SECONDS: '1' }
  const { call, sandbox } = await startLocksmith(t, { log, env })
  for (const id of ['anna', 'bert', 'cleo', 'dora'])
    sandbox.createUser({ id, password, email: `${id}@example.org` })
  const headers = (id: string) => ({ 'x-request-id': id, prefer: 'wait=20' })
  const reset = (id: string, mail = 'none') =>
    call('POST', `/users/${id}/reset`, { headers: headers(`r-${id}`), body: { mail } })

  // What goes wrong on the way is what is logged at all: a slow answer, one that is lost, a Nextcloud that is away.
  sandbox.addFault({ match: { pathRegex: '/users/anna' }, times: 1, do: 'hang-before' })
  t.equal((await reset('anna')).body.state, 'succeeded')
  sandbox.addFault({ match: { method: 'PUT' }, times: 1, do: 'reset-after' })
  t.equal((await reset('bert')).body.state, 'succeeded')
  t.equal((await reset('cleo')).body.state, 'awaiting-approval')
  await call('POST', '/stop', { headers: headers('r-stop'), body: { reason: 'try-out' } })
  await call('POST', '/resume', { headers: headers('r-resume') })
  sandbox.addFault({ match: {}, times: 4, do: 'html-500' })
  await call('GET', '/users/anna', { headers: headers('r-broken') })
  await call('GET', '/operations/none', { headers: headers('r-none') })
  await call('POST', '/operations', { headers: headers('r-json'), body: '{' })

  const said = lines()
  const named = (msg: string) => said.filter((line) => line.msg === msg)
  for (const line of said)
    t.ok(line.requestId ?? line.operationId ?? ofNobody.test(line.msg), `${line.msg}: names what it is about`)
  for (const msg of ['incoming request', 'request completed', 'Nextcloud', 'resumed', 'operation recorded'])
    t.ok(named(msg).length > 0 && named(msg).every(({ requestId }) => requestId), `${msg}: the request`)
  t.match(named('Nextcloud did not say all in time: the first step asks again')[0], { requestId: 'r-anna' })
  t.match(named('a brake is reached: a second person has to approve')[0], { requestId: 'r-cleo' })
  t.match(named('stopped: nothing is done until POST /resume')[0], { requestId: 'r-stop' })
  const [first] = named('operation recorded')
  t.match(first, { requestId: 'r-anna', operationId: /^[\da-f-]{36}$/ }, 'one line has both')
  const steps = named('step did not finish')
  t.ok(steps.length > 0 && steps.every(({ operationId, requestId }) => operationId && !requestId))
  for (const { text } of said)
    for (const name of ['requestId', 'operationId'])
      t.ok(text.split(`"${name}":`).length <= 2, `${name} stands once in a line`)
})

/** What the process does of its own accord. */
const ofNobody =
  /^Server listening|^Nextcloud is back|^probe failed|^sweep failed|^users are counted in an hour/

t.test('with a database and a Nextcloud of its own, all that a process says is JSON', async (t) => {
  const program = fileURLToPath(new URL('../src/main.ts', import.meta.url))
  const child = spawn(process.execPath, [program, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...bare,
      DATABASE_URL: await testDatabase(t),
      NEXTCLOUD_URL: 'http://127.0.0.1:9',
      NEXTCLOUD_ADMIN_USER: 'locksmith',
      NEXTCLOUD_ADMIN_PASSWORD: password,
      AUDIT_SIGNING_KEY: signingKey,
      PORT: '0'
    }
  })
  t.teardown(() => child.kill('SIGKILL'))
  let out = ''
  child.stdout.on('data', (chunk) => (out += chunk))
  await eventually(
    () => out,
    (said) => said.includes('"started"'),
    60
  )
  child.kill('SIGTERM')
  const [code] = await once(child, 'close')
  t.equal(code, 0)
  const lines = out.trim().split('\n')
  for (const line of lines) t.doesNotThrow(() => JSON.parse(line), line)
  const started = lines.map((line) => JSON.parse(line)).find(({ msg }) => msg === 'started')
  t.match(started, { level: 30, version: String, address: /^http:/, api: true, work: true })
})
