import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { askForMail, createAnn, newestLink, password, sandboxFor } from './client.ts'

const program = fileURLToPath(new URL('../../src/sandbox/occ.ts', import.meta.url))

/** Runs the program; `patienceMs`: kills it then. */
async function occ(sandbox: Sandbox, argv: string[], patienceMs?: number) {
  const child = spawn(process.execPath, [program, '--sandbox', sandbox.url, ...argv])
  const timer = patienceMs === undefined ? undefined : setTimeout(() => child.kill(), patienceMs)
  let stdout = ''
  let stderr = ''
  child.stdout.on('data', (chunk) => (stdout += chunk))
  child.stderr.on('data', (chunk) => (stderr += chunk))
  const [exit, signal] = await once(child, 'close')
  clearTimeout(timer)
  return { exit, signal, stdout, stderr }
}

t.test('the program answers by its output and its exit code', async (t) => {
  const sandbox = await sandboxFor(t, { version: 31 })
  createAnn(sandbox)
  const status = await occ(sandbox, ['status', '--output=json'])
  t.match(JSON.parse(status.stdout), { installed: true, versionstring: '31.0.2', maintenance: false })
  const [phone] = sandbox.tokens('ann').filter(({ name }) => name === 'Phone')
  t.match(await occ(sandbox, ['user:auth-tokens:delete', '--', 'ann', String(phone?.id)]), {
    exit: 0,
    stdout: '',
    stderr: ''
  })
  t.match(await occ(sandbox, ['user:info', '--output=json', '--', 'nobody']), {
    exit: 1,
    stdout: 'user not found\n'
  })
  t.match(sandbox.occRuns().at(-1), { argv: ['user:info', '--output=json', '--', 'nobody'], exit: 1 })
  t.match(await occ(sandbox, ['user:info', '-x']), {
    exit: 1,
    stdout: '',
    stderr: /"-x" option does not exist/
  })
})

t.test('ids are words of their own, whatever is in them', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const id of ['-x', `a b'c"d;e$(f)`, '<info>']) {
    sandbox.createUser({ id, password })
    const { stdout, exit } = await occ(sandbox, ['user:info', '--output=json', '--no-interaction', '--', id])
    t.equal(exit, 0)
    t.equal(id === '<info>' || JSON.parse(stdout).user_id === id, true, id)
  }
})

t.test('the reset link goes by user:setting', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  await askForMail(sandbox, 'ann')
  const remove = ['user:setting', '--delete', '--error-if-not-exists', '--', 'ann', 'core', 'lostpassword']
  t.match(sandbox.occ(remove), { exit: 0, stdout: '' })
  t.match(sandbox.occ(remove), { exit: 1, stdout: 'The setting does not exist for user "ann".\n' })
  t.match(sandbox.completeReset(newestLink(sandbox, 'ann@acme.example'), password), { ok: false })
})

t.test('deleting matches the id exactly, and says nothing; listing does not', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  t.match(sandbox.occ(['user:auth-tokens:delete', 'ANN', '--last-used-before=2000000000']), {
    exit: 0,
    stdout: '',
    stderr: ''
  })
  t.equal(sandbox.tokens('ann').length, 2)
  t.equal(JSON.parse(sandbox.occ(['user:auth-tokens:list', 'ANN', '--output=json']).stdout).length, 2)
})

t.test('only what was used before that second is deleted', async (t) => {
  const sandbox = await sandboxFor(t, { clock: () => 1_800_000_000_000 })
  createAnn(sandbox)
  const remove = (before: number) =>
    sandbox.occ(['user:auth-tokens:delete', 'ann', `--last-used-before=${before}`])
  remove(1_800_000_000)
  t.equal(sandbox.tokens('ann').length, 2)
  remove(1_800_000_001)
  t.equal(sandbox.tokens('ann').length, 0)
})

t.test('34 spares tokens that wait for a wipe when they are named, not when a time is', async (t) => {
  for (const version of [33, 34] as const) {
    const sandbox = await sandboxFor(t, { version })
    createAnn(sandbox)
    for (const token of sandbox.nextcloud.tokens.of('ann')) token.type = 2
    const ids = sandbox.tokens('ann').map(({ id }) => String(id))
    t.equal(sandbox.occ(['user:auth-tokens:delete', 'ann', ids[0]!]).exit, version === 34 ? 1 : 0)
    t.equal(sandbox.occ(['user:auth-tokens:delete', 'ann', '--last-used-before=2000000000']).exit, 0)
    t.equal(sandbox.tokens('ann').length, 0)
    t.equal(sandbox.occ(['user:auth-tokens:delete', 'ann', '1', '--cancel-wipe']).exit, 1)
  }
})

t.test('what is wrong with the server shows where it really shows', async (t) => {
  const sandbox = await sandboxFor(t)
  createAnn(sandbox)
  const list = ['user:auth-tokens:list', 'ann', '--output=json']
  sandbox.settings({ occ: 'noisy' })
  const noisy = sandbox.occ(list)
  t.match(noisy.stdout, /^\nWarning: PHP Startup: .*\n\[\{"id"/, 'PHP comes before the JSON')
  t.match(noisy.stderr, /^PHP Warning: {2}.*\nThe current PHP memory limit/)
  sandbox.settings({ occ: 'well', maintenance: true })
  const maintenance = sandbox.occ(list)
  t.match(maintenance, { exit: 0, stdout: /^\[\{/, stderr: /^Nextcloud is in maintenance mode/ })
  t.match(JSON.parse(sandbox.occ(['status', '--output=json']).stdout), { maintenance: true })
  t.equal(sandbox.occ(['status', '--output=json']).stderr, '')
  sandbox.settings({ occ: 'upgrade', maintenance: false })
  t.match(sandbox.occ(list), { exit: 0, stderr: /require upgrade/ })
  t.match(JSON.parse(sandbox.occ(['status', '--output=json']).stdout), { needsDbUpgrade: true })
  sandbox.settings({ occ: 'broken' })
  t.match(sandbox.occ(list), { exit: 1, stdout: /^An unhandled exception has been thrown:/, stderr: '' })
  sandbox.settings({ occ: 'well', databaseDown: true })
  t.match(sandbox.occ(list), { exit: 1, stdout: /^An unhandled exception/ })
})

t.test('one that hangs goes on until it is killed', async (t) => {
  const sandbox = await sandboxFor(t, { settings: { occ: 'hangs' } })
  t.match(await occ(sandbox, ['status'], 1500), { exit: null, signal: 'SIGTERM', stdout: '' })
})

t.test('a sandbox that is not there is an error of its own', async (t) => {
  const child = spawn(process.execPath, [program, '--sandbox', 'http://127.0.0.1:1', 'status'])
  const [exit] = await once(child, 'close')
  t.equal(exit, 69)
})
