import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { occDriver } from '../../src/revocation/occ.ts'
import { occSubject } from './occ-subject.ts'
import { conforms } from './promises.ts'
import { alive, failureOf, freeFence, revoke } from './subject.ts'

const app = { kind: 'app-password' } as const

t.test('revoking by occ', (t) => conforms(t, occSubject))

/** A command that hands its words on to this one by a shell script. */
function through(t: Test, command: string[], line: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-way-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'way')
  writeFileSync(file, `#!/bin/sh\nset -- ${command.map((word) => `'${word}'`).join(' ')} "$@"\n${line}\n`)
  chmodSync(file, 0o755)
  return [file]
}

t.test('what PHP and apps print around an answer is not taken for one', async (t) => {
  const subject = occSubject(t)
  await subject.addUser('alice')
  await subject.addTokens('alice', [app, { kind: 'session' }])
  await subject.mailLink('alice')
  subject.set('noise')
  t.same(await subject.driver(freeFence).probe(), { works: true })
  t.match(await revoke(subject, 'alice'), {
    revoked: { sessions: 1, appPasswords: 1 },
    remaining: 0,
    earlierResetLink: 'dead'
  })
})

t.test('in maintenance nothing is done and nobody is said to be unknown: it passes', async (t) => {
  const subject = occSubject(t)
  await subject.addUser('alice')
  await subject.addTokens('alice', [app])
  subject.set('maintenance')
  t.match(await subject.driver(freeFence).probe(), { works: false, because: /maintenance mode/ })
  for (const user of ['alice', 'of-a-directory'])
    await t.rejects(revoke(subject, user), { isPassing: true, message: /maintenance mode/ })
  t.equal((await alive(subject, 'alice')).length, 1)
})

t.test('Nextcloud’s database away: it passes', async (t) => {
  const subject = occSubject(t)
  await subject.addUser('alice')
  await subject.addTokens('alice', [app])
  subject.set('away')
  await t.rejects(revoke(subject, 'alice'), { isPassing: true, message: /occ failed/ })
  await subject.mend()
  t.match(await revoke(subject, 'alice'), { remaining: 0 })
})

t.test('an answer that is not understood is no answer, and never "none"', async (t) => {
  const answers = [
    '',
    'null',
    '{}',
    '{"0":{"id":1,"type":1}}',
    '[{"id":"1; rm -rf /","type":1}]',
    '[{"id":1.5,"type":1}]',
    '[{"type":1}]',
    '[{"id":1,"name":"x"}]',
    '[[]]',
    '[]\n[]',
    '[{"id":1,"type":1}'
  ]
  for (const answer of answers) {
    const subject = occSubject(t)
    await subject.addUser('alice')
    const command = through(
      t,
      subject.command,
      `case " $* " in *" user:auth-tokens:list "*) printf '%s\\n' '${answer}';; *) exec "$@";; esac`
    )
    const driver = occDriver({ command, timeoutMs: 20_000, cacheMs: 0 })
    t.match(await failureOf(driver.list!('alice')), /did not answer as occ does/, answer)
  }
})

t.test('a list of as many as occ ever lists is no whole list', async (t) => {
  const subject = occSubject(t)
  await subject.addUser('alice')
  const list = JSON.stringify(
    Array.from({ length: 1_000 }, (_, at) => ({ id: at + 1, name: '', type: 2, lastActivity: 1 }))
  )
  const command = through(
    t,
    subject.command,
    `case " $* " in *" user:auth-tokens:list "*) printf '%s\\n' '${list}';; *) exec "$@";; esac`
  )
  const driver = occDriver({ command, timeoutMs: 20_000, cacheMs: 0 })
  t.match(await failureOf(driver.list!('alice')), /more tokens than are listed at once/)
  await t.rejects(revoke({ ...subject, driver: () => driver }, 'alice'), {
    message: /more tokens than are listed at once/
  })
})

t.test('a shell on the way is found out before any user’s id gets there', async (t) => {
  const subject = occSubject(t)
  await subject.addUser('alice')
  await subject.addTokens('alice', [app])
  for (const line of ['exec sh -c "$*"', 'exec $*', 'eval "$@"']) {
    const driver = occDriver({ command: through(t, subject.command, line), timeoutMs: 20_000 })
    t.match(await driver.probe(), { works: false, because: /would be read by a shell/ }, line)
    t.match(
      await failureOf(revoke({ ...subject, driver: () => driver }, 'alice')),
      /would be read by a shell/
    )
  }
  t.equal((await alive(subject, 'alice')).length, 1)
})

t.test('what is wrong with the setting is said, with what mends it', async (t) => {
  const { command } = occSubject(t)
  const cases: [string[], RegExp][] = [
    [['/no/such/occ'], /could not be started \(ENOENT\)/],
    [['/bin/sh', '-c', 'exit 127'], /was not found where it runs/],
    [['/bin/sh', '-c', 'echo "Could not open input file: occ"; exit 1'], /does not lead to an occ/],
    [
      ['/bin/sh', '-c', 'echo "Console has to be executed with the user that owns the file"; exit 1'],
      /another user/
    ],
    [['/bin/sh', '-c', 'echo "sudo: a password is required" >&2; exit 1'], /sudo/],
    [['/bin/echo'], /did not answer as occ does/],
    [['/bin/sh', '-c', 'sleep 60'], /did not end within/]
  ]
  for (const [command, because] of cases) {
    const timeoutMs = command.includes('sleep 60') ? 500 : 20_000
    const probe = await occDriver({ command, timeoutMs }).probe()
    t.match(probe, { works: false, because, mend: /./ }, JSON.stringify(probe))
  }
  t.same(await occDriver({ command, timeoutMs: 20_000 }).probe(), { works: true })
})
