import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { printable } from '../../src/cli/doctor-table.ts'
import { whenWrong } from '../../src/doctor/doctor.examples.ts'
import { startSandbox } from '../../src/sandbox/index.ts'
import { bare } from '../support/bare.ts'
import { runLocksmith as run } from '../support/command.ts'
import { testDatabase } from '../support/database.ts'
import { caller, eventually } from '../support/locksmith.ts'

async function surroundings(t: Test) {
  const sandbox = await startSandbox()
  t.teardown(() => sandbox.close())
  const env: Record<string, string> = {
    DATABASE_URL: await testDatabase(t),
    NEXTCLOUD_URL: sandbox.url,
    NEXTCLOUD_ADMIN_USER: sandbox.admin.user,
    NEXTCLOUD_ADMIN_PASSWORD: sandbox.admin.password
  }
  return { sandbox, env }
}

t.test('JSON where nobody looks; 0 without an error, 1 with one, 2 for what it does not know', async (t) => {
  const { sandbox, env } = await surroundings(t)
  const well = await run(['host', 'doctor'], env)
  t.equal(well.code, 0, well.err)
  t.match(JSON.parse(well.out), { state: 'warning', nextcloud: '34.0.1' })
  t.equal(well.err, '')
  sandbox.settings({ passwordResetEnabled: false })
  const ill = await run(['host', 'doctor', '--json'], env)
  t.equal(ill.code, 1)
  t.match(JSON.parse(ill.out), { state: 'error' })
  t.notMatch(ill.out, env.NEXTCLOUD_ADMIN_PASSWORD)
  t.match(await run(['host', 'doctor', '--verbose'], env), {
    code: 2,
    err: /--verbose[\s\S]*locksmith host doctor \[--json\]/
  })
})

t.test('a refused credential is sent once, however often the doctor is called', async (t) => {
  const { sandbox, env } = await surroundings(t)
  const wrong = { ...env, NEXTCLOUD_ADMIN_PASSWORD: 'Not-Its-Password-4711' }
  for (const _ of [1, 2, 3])
    t.match(await run(['host', 'doctor'], wrong), { code: 1, out: /locksmith host credentials retry/ })
  t.equal(sandbox.calls().filter(({ status }) => status === 401).length, 1)
  t.match((await run(['host', 'credentials', 'retry'], wrong)).out, /admin is used again/)
  await run(['host', 'doctor'], wrong)
  t.equal(sandbox.calls().filter(({ status }) => status === 401).length, 2)
})

t.test('without its database it says so, sends no credential, and looks at the rest', async (t) => {
  const { sandbox, env } = await surroundings(t)
  const { code, out } = await run(['host', 'doctor'], {
    ...env,
    DATABASE_URL: 'postgres://u:secret-4711@127.0.0.1:1/x'
  })
  t.equal(code, 1)
  const { findings } = JSON.parse(out) as { findings: { name: string; state: string }[] }
  const state = (name: string) => findings.find((one) => one.name === name)?.state
  t.equal(state('database'), 'error')
  t.equal(state('nextcloud'), 'ok')
  t.equal(state('admin-account'), 'skipped')
  t.ok(sandbox.calls().every(({ actor }) => actor === null))
  t.notMatch(out, /secret-4711/)
})

t.test('a configuration with faults is a finding, without its values', async (t) => {
  const { code, out } = await run(['host', 'doctor'], {
    NEXTCLOUD_ADMIN_PASSWORD: 'hunter2-hunter2',
    PORT: 'http'
  })
  t.equal(code, 1)
  t.match(JSON.parse(out).findings, [
    { name: 'configuration', state: 'error', found: /PORT must be integer/ },
    { name: 'configuration', state: 'error', found: /NEXTCLOUD_URL is missing/ }
  ])
  t.notMatch(out, /hunter2/)
})

t.test('on a bare machine it looks at a sandbox, and at the one that runs if one does', async (t) => {
  const folder = mkdtempSync('/var/tmp/locksmith-doctor-')
  chmodSync(folder, 0o711)
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const env = { STATE_FOLDER: join(folder, 'state'), PORT: '0' }
  const alone = await run(['host', 'doctor'], env)
  t.equal(alone.code, 0, alone.err)
  t.match(alone.out, /SANDBOX/)

  const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))
  const serving = spawn(process.execPath, [program, 'serve'], { env: { ...bare, ...env } })
  t.teardown(() => serving.kill('SIGKILL'))
  let banner = ''
  serving.stdout.on('data', (chunk) => (banner += chunk))
  await eventually(
    () => banner,
    (said) => said.includes('look at'),
    60
  )
  const [, sandboxUrl] = /simulated: (http:\S+)\/sandbox/.exec(banner)!
  await caller(sandboxUrl!)('PATCH', '/sandbox/api/settings', { body: { encryption: 'user-keys' } })
  const beside = await run(['host', 'doctor'], env)
  t.equal(beside.code, 1, beside.err)
  t.match(beside.out, /a key for each user/)
  serving.kill('SIGTERM')
  await new Promise((resolve) => serving.once('exit', resolve))
})

t.test('the table fits its terminal, and can be read without colour', async (t) => {
  for (const width of [60, 80, 120]) {
    const table = printable(whenWrong, { width, colour: false })
    for (const line of table.split('\n'))
      t.ok(line.length <= width || !line.trim().includes(' '), `${width}: ${line}`)
    t.match(table, /✗ admin-password locksmith/)
    t.match(table, /! allow-list/)
    t.match(table, /→ Set NEXTCLOUD_ADMIN_PASSWORD/)
    t.match(table, /1 error\(s\), 1 warning\(s\), 1 skipped/)
    t.notOk(table.includes('\u001b'))
  }
  t.ok(printable(whenWrong, { width: 80, colour: true }).includes('\u001b[31m'))
  const hostile = {
    ...whenWrong,
    nextcloud: '34\u001b[2J\u0007',
    findings: [{ name: 'x', state: 'ok' as const, found: 'a\u001b[2Jb\nc' }]
  }
  for (const sign of ['\u001b', '\u0007'])
    t.notOk(printable(hostile, { width: 80, colour: false }).includes(sign))
})
