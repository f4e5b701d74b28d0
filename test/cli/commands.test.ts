import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { bare } from '../support/bare.ts'
import { caller, eventually } from '../support/locksmith.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

function start(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program, ...args], { env: { ...bare, ...env } })
  const output = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (output.out += chunk))
  child.stderr.on('data', (chunk) => (output.err += chunk))
  return { child, output, ended: once(child, 'exit') as Promise<[number | null]> }
}

async function run(args: string[], env: Record<string, string> = {}) {
  const { output, ended } = start(args, env)
  const [code] = await ended
  return { code, ...output }
}

/** Reachable for the user as whom PostgreSQL runs when we are root. */
function stateFolder(t: Test): string {
  const folder = mkdtempSync('/var/tmp/locksmith-cli-')
  chmodSync(folder, 0o711)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  return join(folder, 'state')
}

async function stop(child: ChildProcess, ended: Promise<[number | null]>) {
  child.kill('SIGTERM')
  return (await ended)[0]
}

t.test(
  'on a bare machine `serve` brings its own database and Nextcloud, and the banner’s key resets alice',
  async (t) => {
    const env = { STATE_FOLDER: stateFolder(t), PORT: '0' }
    const { child, output, ended } = start(['serve'], env)
    t.teardown(() => child.kill('SIGKILL'))
    await eventually(
      () => output.out,
      (out) => out.includes('look at'),
      60
    )
    const [, url] = /API +(http:\S+)\/docs/.exec(output.out)!
    const [, sandboxUrl] = /simulated: (http:\S+)\/sandbox/.exec(output.out)!
    const [, key] = /API key +(\S+)/.exec(output.out)!
    const call = caller(url!)
    const sandbox = caller(sandboxUrl!)
    const users = (await sandbox('GET', '/sandbox/api/users')).body
    const alive = () => users.find(({ id }: { id: string }) => id === 'alice')
    t.ok(alive(), 'alice is there')
    const { body } = await call('POST', '/users/alice/reset', {
      authorization: `Bearer ${key}`,
      headers: { prefer: 'wait=30' }
    })
    t.match(body, {
      state: 'succeeded',
      outcome: { revoked: { sessions: 2, appPasswords: 3 }, remaining: 0 }
    })
    const mails = (await sandbox('GET', '/sandbox/api/mails?to=alice@acme.example')).body
    t.ok(
      mails.some(({ link }: { link: string | null }) => link?.includes('/lostpassword/')),
      'she has her mail'
    )
    t.same((await sandbox('GET', '/sandbox/api/users/alice/tokens')).body, [])

    const made = await run(['host', 'keys', 'create', '--name', 'reader', '--scope', 'users:read'], env)
    t.match(made.out, /^lsk_\w{12}_\w{38}\n$/, 'only the key goes to standard output')
    const reader = `Bearer ${made.out.trim()}`
    t.equal((await call('GET', '/operations', { authorization: reader })).status, 200)
    t.equal((await call('POST', '/users/bob/reset', { authorization: reader })).status, 403)

    const strict = await run(
      ['host', 'keys', 'create', '--name', 'strict', '--scope', 'admin', '--require-idempotency-key'],
      env
    )
    const asked = await call('POST', '/users/bob/reset', { authorization: `Bearer ${strict.out.trim()}` })
    t.match(asked, { status: 400, body: { code: 'idempotency-key-missing' } })

    const second = await run(['serve'], env)
    t.match(second, { code: 1, err: /Another sandbox of this checkout is running/ })
    t.equal(
      (await call('GET', '/operations', { authorization: reader })).body.items.length,
      1,
      'nothing was emptied'
    )

    await sandbox('PATCH', '/sandbox/api/settings', { body: { maintenance: true } })
    const waiting = call('POST', '/users/bob/reset', {
      authorization: `Bearer ${key}`,
      headers: { prefer: 'wait=60' }
    })
    await eventually(
      async () => (await call('GET', '/operations?userId=bob', { authorization: reader })).body.items.length,
      (n) => n === 1
    )
    const stopped = performance.now()
    t.equal(await stop(child, ended), 0, 'a signal ends it in order')
    t.ok(performance.now() - stopped < 20_000, 'within 20 s')
    t.equal((await waiting).status, 202, 'and who waited is answered')
    t.equal(output.err, '', 'quiet')
  }
)

t.test(
  'a half-given or wrong configuration refuses to start and names what is missing, never a value',
  async (t) => {
    const cases: [Record<string, string>, RegExp][] = [
      [
        { NEXTCLOUD_URL: 'https://cloud.example.org' },
        /NEXTCLOUD_ADMIN_USER is missing[\s\S]*NEXTCLOUD_ADMIN_PASSWORD is missing/
      ],
      [{ NEXTCLOUD_ADMIN_PASSWORD: 'hunter2-hunter2' }, /NEXTCLOUD_URL is missing/],
      [{ NODE_ENV: 'production' }, /DATABASE_URL is missing[\s\S]*NEXTCLOUD_URL is missing/],
      [{ PORT: 'http' }, /PORT must be integer/],
      [{ MAIL_VIA: 'pigeon' }, /MAIL_VIA must be equal to one of the allowed values: nextcloud, smtp, none/],
      [{ LOCKSMITH_API_KEY: 'hunter2' }, /LOCKSMITH_API_KEY must not have fewer than 24/],
      [{ LOCKSMITH_API_KEY_FILE: '/nowhere' }, /LOCKSMITH_API_KEY_FILE cannot be read: ENOENT/],
      [{ SMTP_URL: 'hunter2://mail' }, /SMTP_URL must begin with smtp/]
    ]
    for (const [env, said] of cases) {
      const { code, err } = await run(['serve'], env)
      t.equal(code, 1)
      t.match(err, said)
      t.notMatch(err, /hunter2|at .*\.ts/, 'no value and no stack')
    }
  }
)

t.test('commands that are not, and help', async (t) => {
  t.match(await run(['frobnicate']), { code: 2, err: /unknown command 'frobnicate'/ })
  t.match(await run(['--help']), { code: 0, out: /serve/ })
  t.match(await run(['host', 'keys', 'create', '--name', 'x', '--scope', 'everything']), {
    code: 1,
    err: /No such scope: everything/
  })
})
