import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import t from 'tap'

const main = fileURLToPath(new URL('../../src/sandbox/main.ts', import.meta.url))
const anyPorts = ['--port', '0', '--smtp-port', '0', '--json']

function start(...more: string[]): ChildProcess {
  return spawn(process.execPath, [main, ...anyPorts, ...more], { stdio: ['pipe', 'pipe', 'inherit'] })
}

async function readLine(
  child: ChildProcess
): Promise<{ url: string; smtpUrl: string; admin: { user: string } }> {
  for await (const line of createInterface({ input: child.stdout! })) return JSON.parse(line)
  throw new Error('no line')
}

t.test('--json prints one line when ready, and SIGTERM ends it cleanly', async (t) => {
  const child = start('--version', '31')
  const { url, smtpUrl, admin } = await readLine(child)
  t.match(smtpUrl, /^smtp:\/\/127\.0\.0\.1:\d+$/)
  t.equal(admin.user, 'admin')
  const status = (await (await fetch(`${url}/status.php`)).json()) as { versionstring: string }
  t.equal(status.versionstring, '31.0.2')
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('--with-parent ends it when its input closes', async (t) => {
  const child = start('--with-parent')
  await readLine(child)
  child.stdin?.end()
  t.strictSame(await once(child, 'exit'), [0, null])
})

t.test('--clock-speed and --clock-epoch give it the clock that others have', async (t) => {
  const child = start('--clock-speed', '300', '--clock-epoch', '1700000000000', '--with-parent')
  const { url } = await readLine(child)
  const clock = (await (await fetch(`${url}/sandbox/api/clock`)).json()) as { now: string }
  t.match(clock, { speed: 300, epoch: 1_700_000_000_000 })
  const expected = 1_700_000_000_000 + (Date.now() - 1_700_000_000_000) * 300
  t.ok(Math.abs(Date.parse(clock.now) - expected) < 300 * 1_000)
  child.stdin?.end()
  await once(child, 'exit')
})

t.test('an unknown version, and a clock that cannot be, are refused', async (t) => {
  for (const wrong of [
    ['--version', '30'],
    ['--clock-speed', '0'],
    ['--clock-epoch', 'yesterday']
  ]) {
    const child = spawn(process.execPath, [main, ...wrong], { stdio: 'ignore' })
    t.strictSame(await once(child, 'exit'), [2, null])
  }
})
