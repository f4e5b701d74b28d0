import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import t, { type Test } from 'tap'
import { caller, eventually } from '../support/locksmith.ts'
import { freePort } from '../support/port.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const readme = readFileSync(join(project, 'README.md'), 'utf8')

/** A pseudo-terminal: what stands on it, and a hand that types. */
function terminal(t: Test, command: string, env: Record<string, string> = {}) {
  const { PATH = '', HOME = '' } = process.env
  const child = spawn('script', ['-qefc', command, '/dev/null'], {
    cwd: project,
    env: { PATH, HOME, TERM: 'xterm', SHELL: '/bin/bash', npm_config_update_notifier: 'false', ...env }
  })
  t.teardown(() => child.kill('SIGKILL'))
  let shown = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (shown += chunk))
  const screen = () => stripVTControlCharacters(shown)
  return {
    screen,
    type: (keys: string) => child.stdin.write(keys),
    shows: (what: RegExp, seconds = 60) => eventually(screen, (text) => what.test(text), seconds),
    ended: once(child, 'close')
  }
}

t.test('a newcomer comes from the README to a locked-out leaver', { timeout: 300_000 }, async (t) => {
  const folder = mkdtempSync('/var/tmp/locksmith-newcomer-')
  chmodSync(folder, 0o711)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  t.match(readme, /npm ci && npm start/)
  // "Port 3000 is taken? `PORT=3400 npm start`."
  const port = String(await freePort())
  const service = terminal(t, 'npm start', { STATE_FOLDER: join(folder, 'state'), PORT: port })
  const banner = await service.shows(/then look at/, 120)
  const [, key] = /API key +(\S+)/.exec(banner)!
  const [, sandboxUrl] = /simulated: (http:\S+)\/sandbox/.exec(banner)!
  t.match(banner, `export LOCKSMITH_URL=http://localhost:${port} LOCKSMITH_API_KEY=${key}`)

  const [block] = [...readme.matchAll(/^```sh\n(.*?)^```/gms)]
    .map(([, text]) => text!)
    .filter((text) => text.includes('offboard bob'))
  const lines = block!
    .replace('http://localhost:3000', `http://localhost:${port}`)
    .replace('<the key from the banner>', key!)
    .trim()
    .split('\n')
  t.equal(lines.length, 4)
  const shell = terminal(t, 'bash --norc -i')
  await shell.shows(/[$#] $/)
  const [setting, users, offboard, history] = lines
  shell.type(`${setting}\n${users}\n`)
  await shell.shows(/bob +Bob Baker/)
  shell.type(`${offboard}\n`)
  await shell.shows(/Off-board bob\? \[y\/N\] /)
  t.match(shell.screen(), /would be queued[\s\S]*· revoke-tokens/, 'what would come of it is shown before')
  shell.type('y\n')
  await shell.shows(/offboard of bob: succeeded/)
  t.match(shell.screen(), /✓ revoke-tokens/)
  shell.type(`${history}\n`)
  await shell.shows(/It was done, and ended well/)
  shell.type('exit\n')

  const { body } = await caller(sandboxUrl!)('GET', '/sandbox/api/users')
  t.match(
    body.find(({ id }: { id: string }) => id === 'bob'),
    { enabled: false },
    'bob is locked out'
  )
  service.type('\u0003')
  await service.ended
})
