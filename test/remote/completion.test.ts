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

t.test('zsh and fish are told the same commands', async (t) => {
  for (const shell of ['zsh', 'fish']) {
    const { code, out } = await runHere(['completion', shell])
    t.equal(code, 0)
    for (const word of ['operations list', 'offboard', 'delete-after', 'awaiting-approval'])
      t.match(out, word, `${shell}: ${word}`)
  }
  t.equal((await runHere(['completion', 'powershell'])).code, 2)
})
