import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { startDropping } from '../../support/dropping.ts'
import { count } from '../../support/keyed.ts'
import { eventually, firstKey, type Locksmith, startLocksmith } from '../../support/locksmith.ts'
import { keepBusy } from './busy.ts'
import { needsShell, shell } from './shell.ts'

const script = fileURLToPath(new URL('../../../docs/integrations/offboard-leavers.sh', import.meta.url))
const list = (...lines: string[]) => ['userId,reason', ...lines, ''].join('\n')
const leaver = (id: string) => `${id},ticket 4711: last day 30 November`

/** Rows of the last table: who, state, and the rest. */
const rowsOf = (out: string) =>
  out
    .split(/^What .*:\n/m)
    .at(-1)!
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split(/ {1,}/))
    .map(([who, state, ...rest]) => [who, state, rest.join(' ')] as const)
/** Of all programs that run now. */
const commandLines = () =>
  globSync('/proc/[0-9]*/cmdline').flatMap((file) => {
    try {
      return [readFileSync(file, 'utf8')]
    } catch {
      return []
    }
  })
const enabled = ({ sandbox }: Locksmith, user: string) =>
  sandbox.users().find(({ id }) => id === user)!.enabled

t.test('without --go it says what would come of each, and begins nothing', needsShell, async (t) => {
  const here = await startLocksmith(t, { sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '0' } })
  const input = list(leaver('alice'), '# on holiday: bob', '', leaver('admin'), leaver('nobody'))
  const { code, out, err } = await shell([script, '-'], here.url, { input })
  t.equal(err, '')
  t.equal(code, 1, 'somebody has to look')
  t.match(out, /^alice +awaiting-approval +brake-reached: |^alice +awaiting-approval +awaiting-approval: /m)
  t.match(out, /^admin +refused +own-account: /m)
  t.match(out, /^nobody +refused +unknown-user: /m)
  t.notMatch(out, 'bob')
  t.match(out, /Nothing was changed/)
  t.equal(await count(here, 'operation'), 0)
})

t.test(
  'with --go it off-boards them, tells whom a person has to look at, and may be run again',
  needsShell,
  async (t) => {
    const here = await startLocksmith(t, { sandbox: { seed: true }, env: { BRAKE_LOCK_OUTS: '2' } })
    here.sandbox.createUser({ id: 'änne b', password: 'Old-Password-4711', email: 'a@example.org' })
    const file = join(t.testdir(), 'leavers.csv')
    // As a spreadsheet writes it.
    writeFileSync(
      file,
      `\uFEFF${list(leaver('änne b'), leaver('erin'), leaver('bob'), leaver('nobody'))}`.replaceAll(
        '\n',
        '\r\n'
      )
    )
    const first = await shell([script, file, '--go'], here.url)
    t.equal(first.err, '')
    t.equal(first.code, 1)
    t.match(first.out, /^änne b +succeeded$/m)
    const rows = rowsOf(first.out)
    t.match(
      rows.find(([who]) => who === 'erin'),
      ['erin', 'needs-attention', /^[\da-f-]{36} residual-access: /]
    )
    t.match(
      rows.find(([who]) => who === 'bob'),
      ['bob', 'awaiting-approval', /awaiting-approval: .*\/approvals\//]
    )
    t.equal(
      rows.some(([who]) => who === 'nobody'),
      false,
      'who is refused dry is not tried'
    )
    t.equal(enabled(here, 'änne b'), false)
    t.equal(enabled(here, 'bob'), true)
    const begun = await count(here, 'operation')
    const second = await shell([script, file, '--go'], here.url)
    t.same(rowsOf(second.out), rows, 'the same, looked up')
    t.equal(await count(here, 'operation'), begun)
    const all = await shell([script, '-', '--go'], here.url, { input: list(leaver('änne b')) })
    t.equal(all.code, 0, 'nobody has to look')
  }
)

t.test(
  'something else works on a leaver: that is waited for, with the key seen by nobody on the host',
  needsShell,
  async (t) => {
    const here = await startLocksmith(t, { sandbox: { seed: true } })
    const busy = await keepBusy(here)
    const running = shell([script, '-', '--go'], here.url, { input: list(leaver('alice')) })
    const asking = (line: string) => line.startsWith('curl\0') && line.includes(busy)
    const [seen] = await eventually(
      () => commandLines().filter(asking),
      (lines) => lines.length > 0
    )
    t.notOk(seen!.includes(firstKey), 'the key is no argument')
    here.sandbox.clearFaults()
    const { code, out } = await running
    t.equal(code, 0, out)
    t.match(out, /^alice +refused +operation-already-running: /m, 'dry')
    t.match(rowsOf(out), [['alice', 'succeeded']])
    t.equal((await here.call('GET', busy)).body.state, 'succeeded')
  }
)

t.test(
  'an answer that is lost is asked for again, and nobody is off-boarded twice',
  needsShell,
  async (t) => {
    const here = await startLocksmith(t, { sandbox: { seed: true } })
    const dropping = await startDropping(t, here.url)
    dropping.when = (request) => request.includes('POST /users/alice/offboard HTTP')
    dropping.left = 2
    const { code, out, err } = await shell([script, '-', '--go'], dropping.url, {
      input: list(leaver('alice'))
    })
    t.equal(dropping.dropped, 2)
    t.equal(code, 0, out + err)
    t.equal(await count(here, 'operation'), 1)
  }
)

t.test('what is not right is said before anything is begun', needsShell, async (t) => {
  const here = await startLocksmith(t, { sandbox: { seed: true } })
  const input = list(leaver('alice'))
  for (const [bad, why] of [
    [list('"alice",left'), /quotes/],
    [list('alice'), /not userId,reason: alice/],
    [list(',left'), /not userId,reason/]
  ] as const) {
    const { code, out, err } = await shell([script, '-', '--go'], here.url, {
      input: `${input}${bad.slice(14)}`
    })
    t.match({ code, out, err }, { code: 2, out: '', err: why })
  }
  t.match(await shell([script, '/no/such/list', '--go'], here.url), { code: 2, err: /cannot be read/ })
  t.match(await shell([script, '-', '--gone'], here.url), { code: 2, err: /unknown: --gone/ })
  t.match(await shell([script], here.url), { code: 2, err: /usage/ })
  const LOCKSMITH_API_KEY = 'not-a-key'
  t.match(await shell([script, '-'], here.url, { input, env: { LOCKSMITH_API_KEY } }), {
    code: 3,
    err: /refused/
  })
  t.match(await shell([script, '-'], 'http://127.0.0.1:1', { input }), { code: 3, err: /no answer/ })
  t.equal(await count(here, 'operation'), 0)
})
