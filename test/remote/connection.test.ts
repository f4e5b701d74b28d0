import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { findConnection } from '../../src/remote/connection.ts'
import { runHere } from './stage.ts'

const key = 'lsk_4fGh7Jk2LmN0_a-secret-that-nobody-sees'

/** Answers everything with this, and says what came. */
async function answering(t: Test, status: number, body: unknown, headers: Record<string, string> = {}) {
  const asked: { url: string; authorization: string | undefined }[] = []
  const server = createServer((request, response) => {
    asked.push({ url: request.url!, authorization: request.headers.authorization })
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  const { port } = server.address() as { port: number }
  return { asked, env: { LOCKSMITH_URL: `http://127.0.0.1:${port}`, LOCKSMITH_API_KEY: key } }
}

t.test(
  'a profile is read only where nobody else can read it, and its key goes to its URL alone',
  async (t) => {
    const home = t.testdir()
    const folder = join(home, 'locksmith')
    mkdirSync(folder)
    const file = join(folder, 'profiles.json')
    const env = {
      XDG_CONFIG_HOME: home,
      LOCKSMITH_URL: 'https://other.example',
      LOCKSMITH_API_KEY: 'of-the-environment'
    }
    const profiles = {
      acme: { url: 'https://acme.example', apiKey: key },
      globex: { url: 'https://globex.example', apiKeyFile: 'globex.key' },
      half: { url: 'https://half.example' }
    }
    writeFileSync(file, JSON.stringify(profiles), { mode: 0o600 })
    writeFileSync(join(folder, 'globex.key'), `${key}\n`, { mode: 0o600 })
    t.same(findConnection(env, { profile: 'acme' }), { url: 'https://acme.example', apiKey: key })
    t.same(findConnection(env, { profile: 'globex' }), { url: 'https://globex.example', apiKey: key })
    t.same(findConnection(env, {}), { url: 'https://other.example', apiKey: 'of-the-environment' })
    t.same(
      findConnection({ XDG_CONFIG_HOME: home, LOCKSMITH_PROFILE: 'acme' }, {}).url,
      'https://acme.example'
    )
    t.same(findConnection({ ...env, LOCKSMITH_PROFILE: 'acme' }, {}).url, 'https://other.example')
    t.throws(
      () => findConnection(env, { profile: 'none' }),
      /has no profile "none". It has: acme, globex, half/
    )
    t.throws(() => findConnection(env, { profile: 'half' }), /needs a url, and one of apiKey and apiKeyFile/)
    t.throws(() => findConnection(env, { profile: 'acme', url: 'https://x' }), /not both/)
    t.throws(
      () => findConnection({ XDG_CONFIG_HOME: home, LOCKSMITH_PROFILE: 'acme' }, { url: 'https://x' }),
      /key is missing/
    )
    for (const mode of [0o644, 0o640, 0o604]) {
      chmodSync(file, mode)
      t.throws(
        () => findConnection(env, { profile: 'acme' }),
        new RegExp(`chmod 600 ${file}`),
        mode.toString(8)
      )
      chmodSync(join(folder, 'globex.key'), mode)
      t.throws(() => findConnection(env, { keyFile: join(folder, 'globex.key') }), /chmod 600/)
    }
    chmodSync(file, 0o600)
    writeFileSync(file, `{"acme": {"apiKey": "${key}"`)
    const said = await runHere(['users', '--profile', 'acme'], { env })
    t.equal(said.code, 2)
    t.match(said.err, /is not JSON/)
    t.notMatch(said.err + said.out, key)
  }
)

t.test('without an address it says what to set, and for what the host does, that it does', async (t) => {
  const said = await runHere(['users'])
  t.match(said, { code: 2, out: '', err: /Set LOCKSMITH_URL and LOCKSMITH_API_KEY/ })
  t.notMatch(said.err, /host/)
  for (const [args, form] of [
    [['keys', 'list'], 'host keys list'],
    [['keys', 'create', '--name', 'x', '--scope', 'admin'], 'host keys create'],
    [['keys', 'create', '--name', 'x', '--scope', 'admin', '--expires-in', 'P90D'], 'host keys create'],
    [['audit', 'verify'], 'host audit verify'],
    [['credentials', 'retry'], 'host credentials retry'],
    [['approvals', 'list'], 'host approvals list'],
    [['stop'], 'host stop'],
    [['doctor'], 'host doctor']
  ] as const)
    t.match(await runHere([...args]), { code: 2, err: new RegExp(`locksmith ${form}\n$`) }, form)
})

t.test('what the process ends with says what kind of thing went wrong', async (t) => {
  const problem = (code: string, status: number) => ({
    ...{ type: `/problems/${code}`, code, title: 'T', status, detail: 'D.' }
  })
  for (const [status, body, code] of [
    [200, { items: [], next: null }, 0],
    [404, problem('unknown-user', 404), 1],
    [401, problem('unauthorized', 401), 5],
    [403, problem('missing-scope', 403), 5],
    [403, problem('own-account', 403), 1],
    [502, '<html>Bad gateway</html>', 5],
    [200, '<html>Log in</html>', 5]
  ] as const) {
    const { env, asked } = await answering(t, status, body)
    const said = await runHere(['users'], { env })
    t.equal(said.code, code, `${status} ${JSON.stringify(body)}`)
    t.equal(asked[0]!.authorization, `Bearer ${key}`)
    t.notMatch(said.out + said.err, key)
    t.notMatch(said.out + said.err, /\n +at /, 'no stack')
  }
  const nowhere = { LOCKSMITH_URL: 'http://127.0.0.1:1', LOCKSMITH_API_KEY: key }
  t.match(await runHere(['stop'], { env: nowhere }), { code: 5, err: /does not answer/ })
  t.match(await runHere(['stop'], { env: { ...nowhere, LOCKSMITH_URL: 'ftp://x' } }), {
    code: 2,
    err: /http or https/
  })
  t.match(await runHere(['stop'], { env: { ...nowhere, LOCKSMITH_URL: 'here' } }), { code: 2 })
  t.match(await runHere(['stop'], { env: { ...nowhere, LOCKSMITH_API_KEY: 'two words' } }), { code: 2 })
  for (const args of [
    ['frobnicate'],
    ['users', '--foo'],
    ['operations', 'list', '--state', 'odd'],
    ['users', '--limit', '0'],
    ['keys'],
    [],
    ['audit', '--from', 'yesterday']
  ])
    t.equal((await runHere(args, { env: nowhere })).code, 2, args.join(' '))
  t.match(await runHere(['--version']), { code: 0, out: /^\d+\.\d+\.\d+\n$/ })
  const interrupted = await runHere(['users'], { env: nowhere, signal: AbortSignal.abort() })
  t.equal(interrupted.code, 130)
})

const evil = '\u001b]0;owned\u0007\u009b31m\u202eecila\r\n'

t.test('nothing that Locksmith or Nextcloud says steers a terminal', async (t) => {
  const user = {
    id: 'alice',
    displayName: evil,
    mailAddress: null,
    enabled: true,
    backend: evil,
    canSetPassword: true
  }
  const items = [{ ...user, language: null, groups: [evil], lastLogin: evil, [evil]: evil }]
  const { env } = await answering(t, 200, { ...items[0], items, next: null })
  const { env: refusing } = await answering(t, 404, {
    type: evil,
    code: evil,
    title: evil,
    status: 404,
    detail: evil
  })
  for (const args of [
    ['users'],
    ['users', 'alice'],
    ['users', '--json'],
    ['users', '--all', '--json'],
    ['access', 'alice'],
    ['explain', 'x']
  ])
    for (const at of [env, refusing]) {
      const { out, err } = await runHere(args, { env: { ...at, NO_COLOR: '1' }, terminal: 80 })
      t.notMatch((out + err).replaceAll('\n', ''), /\p{Cc}|\u202e/u, args.join(' '))
      if (args.includes('--json')) t.doesNotThrow(() => JSON.parse(out))
    }
  const { out } = await runHere(['users', '--json'], { env })
  t.equal(JSON.parse(out).items[0].displayName, evil, 'it still means the same')
})

t.test('colours are on a terminal alone, and not where they are not wanted', async (t) => {
  const { env } = await answering(t, 200, {
    items: [{ id: 'o', kind: 'reset', userId: 'u', state: 'failed' }],
    next: null
  })
  const args = ['operations', 'list']
  t.match((await runHere(args, { env, terminal: 80 })).out, '\u001b[31mfailed')
  t.notMatch((await runHere(args, { env })).out, '\u001b')
  t.notMatch((await runHere(args, { env: { ...env, NO_COLOR: '1' }, terminal: 80 })).out, '\u001b')
  const wide = {
    items: [{ id: 'o', kind: 'reset', userId: 'u', state: 'failed', problem: { code: 'x'.repeat(300) } }],
    next: null
  }
  const { env: long } = await answering(t, 200, wide)
  for (const line of (await runHere(args, { env: { ...long, NO_COLOR: '1' }, terminal: 100 })).out
    .trim()
    .split('\n'))
    t.ok(line.length <= 100, 'a line is not wider than the terminal')
  t.match((await runHere(args, { env: long })).out, 'x'.repeat(300), 'whole where it is no terminal')
})
