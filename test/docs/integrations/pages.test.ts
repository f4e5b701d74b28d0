import { copyFileSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { startLocksmith } from '../../support/locksmith.ts'
import { blocksOf, patternOf } from './blocks.ts'
import { needsShell, shell } from './shell.ts'

const folder = new URL('../../../docs/integrations/', import.meta.url)
const end = '--- end of a command ---'

for (const [page, files] of [
  ['curl.md', []],
  ['shell.md', ['offboard-leavers.sh']]
] as const)
  t.test(`what ${page} has people type does what it says`, needsShell, async (t) => {
    const { url } = await startLocksmith(t, { sandbox: { seed: true } })
    const blocks = blocksOf(readFileSync(new URL(page, folder), 'utf8'))
    const cwd = t.testdir()
    for (const file of files) copyFileSync(new URL(file, folder), join(cwd, file))
    // One shell for all of them, as somebody has who follows the page.
    const input = blocks.map(({ command }) => `${command}printf '%s\\n' '${end}'\n`).join('')
    const { code, out, err } = await shell(['bash', '-euo', 'pipefail'], url, { cwd, input })
    t.equal(err, '')
    t.equal(code, 0)
    const printed = out.split(`${end}\n`)
    t.equal(printed.length, blocks.length + 1)
    for (const [n, { command, prints }] of blocks.entries())
      if (prints !== undefined) t.match(printed[n], patternOf(prints), command)
    t.ok(blocks.filter(({ prints }) => prints !== undefined).length > 1)
  })
