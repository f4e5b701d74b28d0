/**
 * docs/CONNECT.md on a real Nextcloud: each of its occ commands, by LIVE_OCC_COMMAND, which has to hand OC_PASS on
 * (`sudo --preserve-env=OC_PASS …`). What it makes is taken away again.
 */
import { execFile, spawn } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'

const run = promisify(execFile)
const [program, ...words] = (process.env.LIVE_OCC_COMMAND ?? '').split(' ')
if (!program) {
  t.fail('set LIVE_OCC_COMMAND')
  process.exit(1)
}
const guide = readFileSync(new URL('../../docs/CONNECT.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...guide.matchAll(new RegExp(`^\`\`\`${language}\n([\\s\\S]*?)^\`\`\``, 'gm'))].map(([, text]) => text!)
/** As a shell reads them: words by spaces, single quotes around what has some. */
const wordsOf = (line: string) =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain!)
const env = { ...process.env, OC_PASS: 'Try-out-Password-4711-and-more' }
const occ = (...args: string[]) => run(program, [...words, ...args], { env, timeout: 60_000 })

t.test('every command of the guide does what the guide says', async (t) => {
  const folder = t.testdir()
  const answers = join(folder, 'heartbeat.php')
  writeFileSync(answers, blocks('php')[0]!)
  const heartbeat = spawn('php', ['-S', 'localhost:9000', answers], { stdio: 'ignore' })
  t.teardown(() => heartbeat.kill())
  t.teardown(async () => {
    for (const undo of [
      ['user:delete', 'locksmith'],
      ['user:delete', 'try-out'],
      ['app_api:app:unregister', 'locksmith', '--force', '--silent'],
      ['app_api:daemon:unregister', 'none'],
      ['config:app:delete', 'bruteForce', 'whitelist_1']
    ])
      await occ(...undo).catch((error) => t.comment(String(error)))
  })
  const commands = blocks('sh').flatMap((block) =>
    block.split('\n').filter((line) => line.startsWith('occ '))
  )
  t.ok(commands.length >= 8)
  for (const command of commands) {
    const { stdout } = await occ(...wordsOf(command).slice(1))
    t.notMatch(stdout, /error|not exist|invalid/i, command)
  }
  t.match((await occ('app_api:app:list')).stdout, /locksmith .*\[enabled\]/)
  t.match((await occ('user:info', 'locksmith', '--output=json')).stdout, /"groups":\["admin"\]/)
  t.match((await occ('config:app:get', 'bruteForce', 'whitelist_1')).stdout, /203\.0\.113\.7\/32/)
})
