import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { runHere } from './stage.ts'

t.test('bash completes commands, options, and what an option may be', async (t) => {
  const { out } = await runHere(['completion', 'bash'])
  const file = join(t.testdir(), 'locksmith.bash')
  writeFileSync(file, out)
  const complete = (line: string) => {
    const words = line.split(' ')
    const script = `set -u; source ${file}
      COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
      _locksmith; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-c', script], { encoding: 'utf8' })
    t.equal(status, 0, stderr)
    return stdout.trim().split('\n')
  }
  t.same(complete('locksmith off'), ['offboard'])
  t.same(complete('locksmith operations '), ['list', 'show', 'watch', 'retry', 'cancel', 'undo', '--help'])
  t.same(complete('locksmith operations l'), ['list'])
  t.same(complete('locksmith offboard bob --del'), ['--delete-after'])
  t.same(complete('locksmith --json reset alice --mail '), ['nextcloud', 'smtp', 'none'])
  t.same(complete('locksmith approvals list --state p'), ['pending'])
  t.same(complete('locksmith completion '), [
    'bash',
    'zsh',
    'fish',
    '--json',
    '--url',
    '--profile',
    '--key-file',
    '--help'
  ])
  t.ok(complete('locksmith ').includes('host'))
  t.same(complete('locksmith host k'), ['keys'])
})

const needs = (shell: string) => ({
  skip:
    process.env.CI !== 'true' &&
    spawnSync(shell, ['--version']).error !== undefined &&
    `${shell} is not on this machine`
})

t.test('zsh completes the same', needs('zsh'), async (t) => {
  const { out } = await runHere(['completion', 'zsh'])
  const file = join(t.testdir(), '_locksmith')
  writeFileSync(file, out)
  const complete = (line: string) => {
    const words = line.split(' ')
    // What the completion system would do with what it is given: that needs a terminal.
    const script = `setopt no_unset err_return
      compdef() { : }
      compadd() { shift; print -rl -- "$@" }
      _describe() { print -rl -- "\${(@)\${(P)2}%%:*}" }
      _files() { : }
      source ${file}
      words=(${words.map((word) => `'${word}'`).join(' ')}); CURRENT=${words.length}
      _locksmith`
    const { status, stdout, stderr } = spawnSync('zsh', ['-f', '-c', script], { encoding: 'utf8' })
    t.equal(status, 0, stderr)
    return stdout.trim().split('\n')
  }
  t.same(complete('locksmith operations '), ['list', 'show', 'watch', 'retry', 'cancel', 'undo', '--help'])
  t.same(complete('locksmith --json reset alice --mail '), ['nextcloud', 'smtp', 'none'])
  t.ok(complete('locksmith approvals list --state ').includes('pending'))
  t.ok(complete('locksmith ').includes('offboard'))
})

t.test('fish completes the same', needs('fish'), async (t) => {
  const { out } = await runHere(['completion', 'fish'])
  const file = join(t.testdir(), 'locksmith.fish')
  writeFileSync(file, out)
  const complete = (line: string) => {
    const script = `source ${file}; complete -C '${line}'`
    const env = { ...process.env, HOME: t.testdirName }
    const { status, stdout, stderr } = spawnSync('fish', ['--no-config', '-c', script], {
      encoding: 'utf8',
      env
    })
    t.equal(status, 0, stderr)
    return stdout
      .trim()
      .split('\n')
      .map((choice) => choice.split('\t')[0]!)
      .sort()
  }
  t.same(complete('locksmith off'), ['offboard'])
  t.same(complete('locksmith host k'), ['keys'])
  for (const name of ['list', 'show', 'watch', 'retry', 'cancel', 'undo'])
    t.ok(complete('locksmith operations ').includes(name), name)
  t.same(complete('locksmith --json reset alice --mail '), ['nextcloud', 'none', 'smtp'])
  t.same(complete('locksmith offboard bob --del'), ['--delete-after'])
})

t.test('there is completion for these shells alone', async (t) => {
  t.equal((await runHere(['completion', 'powershell'])).code, 2)
})
