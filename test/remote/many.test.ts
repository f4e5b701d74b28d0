import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parse } from 'csv-parse/sync'
import t from 'tap'
import { createRandom } from '../faults/harness/random.ts'
import { startStage } from './stage.ts'

const many = Number(process.env.MANY ?? 200)
const seed = Number(process.env.SEED ?? 4711)
const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

type Row = Record<string, string>
const rowsOf = (file: string): Row[] => parse(readFileSync(file), { bom: true, columns: true })

t.test(
  `${many} users from a CSV, interrupted five times, by Ctrl-C and by kill -9: each exactly once`,
  { timeout: 3_600_000 },
  async (t) => {
    const { env, cli, sandbox, world } = await startStage(t, { smtp: false })
    const users = Array.from({ length: many }, (_, n) => `leaver-${n}`)
    for (const id of users)
      sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
    const folder = t.testdir()
    const file = join(folder, 'leavers.csv')
    const report = join(folder, 'report.csv')
    // As a spreadsheet writes it; some are on it twice.
    const lines = [...users, ...users.slice(0, 20).map((id) => id.toUpperCase())]
    writeFileSync(file, `\ufeffName,Login\r\n${lines.map((id) => `"Leaver, ""${id}""",${id}\r\n`).join('')}`)
    const args = ['disable', '--file', file, '--column', 'login', '--reason', 'moved on', '--report', report]
    args.push('--parallel', '8', '--yes')

    const count = async (where = 'true') =>
      Number((await world.pool.query(`SELECT count(*) AS n FROM operation WHERE ${where}`)).rows[0].n)
    const random = createRandom(seed)
    const begun = performance.now()
    const signals = ['SIGINT', 'SIGKILL', 'SIGINT', 'SIGKILL', 'SIGINT'] as const
    for (const [n, signal] of signals.entries()) {
      const at = Math.floor((many * (n + random.next())) / signals.length)
      const child = spawn(process.execPath, [program, ...args], { env: { PATH: process.env.PATH, ...env } })
      let err = ''
      child.stdout.resume()
      child.stderr.on('data', (chunk) => (err += chunk))
      const ended = once(child, 'close')
      const isOver = ended.then(() => true)
      while ((await count()) <= at && !(await Promise.race([isOver, sleep(100, false)]))) {}
      child.kill(signal)
      const [code] = (await ended) as [number | null]
      if (signal === 'SIGINT') {
        t.equal(code, 130, `interrupted after ${at}`)
        t.match(err, /To go on: the very same command/)
      }
      const so = existsSync(report) ? rowsOf(report) : []
      t.ok(so.length <= many, `${so.length} rows can be read`)
      t.ok((await count()) < many, 'some are left')
    }

    const last = await cli(args)
    t.comment(`${many} users in ${Math.round(performance.now() - begun)} ms, all runs together`)
    t.equal(last.code, 0, last.err)
    t.match(last.out, /done +\d+|done, by an earlier run +\d+/)
    t.equal(await count(), many, 'one operation each')
    t.equal(await count(`state = 'succeeded' AND kind = 'disable'`), many)
    const { rows } = await world.pool.query('SELECT count(DISTINCT place) AS n FROM operation')
    t.equal(Number(rows[0].n), many)
    const twice = users.filter(
      (id) => sandbox.enabledHistory(id).filter(({ enabled }) => !enabled).length !== 1
    )
    t.same(twice, [], 'Nextcloud has disabled each once')
    const told = rowsOf(report)
    t.same(told.map(({ user }) => user).toSorted(), users.toSorted(), 'each is in the report once')
    t.ok(
      told.every(({ result, state, operation }) => result === 'done' && state === 'succeeded' && operation)
    )
    t.ok(told.some(({ earlier }) => earlier === 'yes') && told.some(({ earlier }) => earlier === 'no'))
    t.equal(statSync(report).mode & 0o777, 0o600)

    const again = await cli([...args, '--json'])
    t.equal(again.code, 0)
    const answers = again.out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    t.equal(answers.length, many)
    t.ok(answers.every(({ earlier, operation }) => earlier && operation.state === 'succeeded'))
    t.equal(await count(), many, 'nothing is done twice')
  }
)
