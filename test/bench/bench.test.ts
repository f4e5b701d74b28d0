import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { testDatabase } from '../support/database.ts'

const program = fileURLToPath(new URL('../../bench/main.ts', import.meta.url))

/** All five take a minute and a half of both cores: in CI the first. */
const parts = process.env.SAMPLES === 'all' ? [] : ['--only', 'reset']

t.test('a short run measures its ratios, whether or not they meet their goals', async (t) => {
  const page = join(t.testdir(), 'page.md')
  const bench = spawn(process.execPath, [program, '--quick', '--page', page, ...parts], {
    env: { DATABASE_URL: await testDatabase(t) },
    stdio: ['ignore', 'pipe', 'pipe']
  })
  const [printed, complaints, code] = await Promise.all([
    text(bench.stdout),
    text(bench.stderr),
    new Promise((resolve) => bench.once('exit', resolve))
  ])
  t.equal(code, 0, complaints)
  t.match(printed, /^Measured on \d+ cores \(.+\), Node [\d.]+, PostgreSQL [\d.]+/)
  const ratios = [...printed.matchAll(/^(\S.*): (\d+\.\d{3}) \(goal [^)]+\) \[(?:ok|MISSED)\]$/gm)]
  t.match(
    ratios.map(([, name]) => name),
    parts.length > 0
      ? [/^one reset/]
      : [
          /^one reset/,
          /^accepted resets per second/,
          /^heap after [\d,]+ operations/,
          /^planning one of [\d,]+ people/,
          /^audit events appended per second/
        ]
  )
  const written = readFileSync(page, 'utf8')
  for (const [, name, ratio] of ratios) {
    t.ok(Number(ratio) > 0, `${name}`)
    t.match(written, `| ${name} | ${ratio} |`, 'so it stands on the page')
  }
})
