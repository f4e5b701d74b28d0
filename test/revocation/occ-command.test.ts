import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { run, wordsOf } from '../../src/revocation/command.ts'
import { eventually } from '../support/locksmith.ts'

const node = process.execPath
const hostile = [
  'a;touch x',
  '$(touch x)',
  '`touch x`',
  "it's",
  'say "hi"',
  '-x',
  '--help',
  'a\nb',
  '\\',
  '*',
  ''
]

function folderOf(t: Test): string {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-command-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return folder
}

function programOf(t: Test, name: string, lines: string[]): string {
  const file = join(folderOf(t), name)
  writeFileSync(file, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 })
  return file
}

const says = [node, '-e', 'console.log(JSON.stringify(process.argv.slice(1)))', '--']
const timeoutMs = 20_000

const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    // One that nobody has waited for yet is dead all the same.
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'))
  } catch {
    return false
  }
}

t.test('words reach the program as they are: there is no shell', async (t) => {
  const ended = await run(wordsOf(says, hostile), { timeoutMs })
  t.match(ended, { kind: 'exited', code: 0 })
  t.same(JSON.parse((ended as { stdout: string }).stdout), hostile)
})

t.test('through ssh, which hands its words to a shell at the other end, they do as well', async (t) => {
  // As ssh does: the host and its options go, the rest is joined by spaces and read by a shell.
  const ssh = programOf(t, 'ssh', ['shift', 'exec sh -c "$*"'])
  const ended = await run(wordsOf([ssh, 'host', node, '-e', `'${says[2]}'`, '--'], hostile), { timeoutMs })
  t.match(ended, { kind: 'exited', code: 0 })
  t.same(JSON.parse((ended as { stdout: string }).stdout), hostile)
})

t.test('none of our secrets is in its environment; what docker, kubectl and ssh need is', async (t) => {
  const needed = { DOCKER_HOST: 'tcp://d', KUBECONFIG: '/k', SSH_AUTH_SOCK: '/s', HOME: '/h' }
  const secrets = Object.fromEntries(
    [
      'NEXTCLOUD_ADMIN_PASSWORD',
      'NEXTCLOUD_MORE_ADMINS',
      'APPAPI_SECRET',
      'NEXTCLOUD_DATABASE_URL',
      'DATABASE_URL',
      'MIGRATION_DATABASE_URL',
      'LOCKSMITH_API_KEY',
      'SMTP_URL',
      'NODE_OPTIONS',
      'PGPASSWORD'
    ].map((name) => [name, 's3cret'])
  )
  const ended = await run(['/usr/bin/env'], { timeoutMs, env: { PATH: '/usr/bin', ...needed, ...secrets } })
  const { stdout } = ended as { stdout: string }
  t.notMatch(stdout, 's3cret')
  t.same(
    Object.fromEntries(
      stdout
        .trim()
        .split('\n')
        // tap has its own ways into every process.
        .filter((line) => !/^(_TAPJS|NODE_OPTIONS)/.test(line))
        .map((line) => line.split('='))
    ),
    { PATH: '/usr/bin', ...needed }
  )
})

t.test('at the end of its time it is killed, with whatever it started', async (t) => {
  const file = join(folderOf(t), 'pid')
  const program = programOf(t, 'occ', [`sleep 60 & echo $! >'${file}'`, 'trap "" TERM', 'sleep 60'])
  const started = performance.now()
  t.same(await run([program], { timeoutMs: 1_000 }), { kind: 'timed-out' })
  t.ok(performance.now() - started < 10_000)
  const pid = Number(readFileSync(file, 'utf8'))
  await eventually(
    () => isAlive(pid),
    (alive) => !alive
  )
})

t.test(
  'one that ended, but left something behind that holds its output, is not waited for without end',
  async (t) => {
    const program = programOf(t, 'occ', ['setsid sleep 30 &', 'exit 0'])
    const started = performance.now()
    t.same(await run([program], { timeoutMs: 1_000 }), { kind: 'timed-out' })
    t.ok(performance.now() - started < 10_000)
  }
)

t.test('it cannot fill our memory, on either output', async (t) => {
  for (const redirect of ['', '>&2']) {
    const program = programOf(t, 'occ', [`exec yes ${redirect}`])
    t.same(await run([program], { timeoutMs, mostBytes: 100_000 }), { kind: 'too-much' })
  }
})

t.test('nothing is on its standard input, and nobody waits for some', async (t) => {
  t.same(await run(['/bin/cat'], { timeoutMs }), { kind: 'exited', code: 0, stdout: '', stderr: '' })
})

t.test('whatever becomes of it is said, and never thrown', async (t) => {
  t.same(await run(['/no/such/program'], { timeoutMs }), { kind: 'not-started', code: 'ENOENT' })
  t.match(await run([folderOf(t)], { timeoutMs }), { kind: 'not-started', code: 'EACCES' })
  t.match(await run([node, 'a\0b'], { timeoutMs }), { kind: 'not-started' })
  t.match(await run(['/bin/sh', '-c', 'echo out; echo err >&2; exit 7'], { timeoutMs }), {
    kind: 'exited',
    code: 7,
    stdout: 'out\n',
    stderr: 'err\n'
  })
  t.same(await run(['/bin/sh', '-c', 'kill -9 $$'], { timeoutMs }), { kind: 'killed', signal: 'SIGKILL' })
})
