/**
 * What an audit log costs that proves itself: events that 32 writers in 4 processes append durably, each in a
 * transaction of its own, while the same processes put them into the tree and sign it; against a plain INSERT of the
 * same content on the same PostgreSQL. Beside that: how long an event waits to be sealed, that it is one log, and how
 * long it takes, and how much memory, to verify and to export a long one.
 */
import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { generateSigningKey } from '../src/audit/note.ts'
import { migrate } from '../src/db/migrate.ts'
import type { Child } from './child.ts'
import { type Length, median, type Ratio, ratioOf, spread } from './result.ts'
import type { Stage } from './stage.ts'

const goals = { ratio: 0.25, perSecond: 3_000, p99: 20, unsealedSeconds: 1, verifySeconds: 30 }
const processes = 4
const writers = 8

type Load = { took: number[]; unsealedSeconds: number }
type Reading = { seconds: number; mostMemory: number; bytes: number; ok: boolean; events: number }

export async function measureAudit(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const rounds = quick ? 1 : 4
  const seconds = quick ? 1 : 6
  const long = quick ? 4_000 : 1_000_000
  // A slow machine would be busy with nothing else.
  const fillSeconds = 300
  const env = { AUDIT_SIGNING_KEY: generateSigningKey('bench.example/audit') }
  const database = async () => {
    const url = await stage.database()
    await migrate(url)
    return url
  }
  const url = await database()
  await run(
    url,
    'CREATE TABLE plain (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at timestamptz DEFAULT now(), details jsonb)'
  )
  const children = await startAuditors(stage, { ...env, DATABASE_URL: url }, processes)
  const load = async (what: 'append' | 'plain', length = seconds) => {
    const all = (await Promise.all(
      children.map((child) => child.ask({ do: what, seconds: length, writers }))
    )) as Load[]
    const took = all.flatMap((each) => each.took).sort((a, b) => a - b)
    return {
      perSecond: took.length / length,
      p99: took[Math.floor(took.length * 0.99)]!,
      unsealedSeconds: Math.max(...all.map((each) => each.unsealedSeconds))
    }
  }
  for (const what of ['plain', 'append'] as const) await load(what, quick ? 0.3 : 2)
  const measured = {
    plain: [] as Awaited<ReturnType<typeof load>>[],
    append: [] as Awaited<ReturnType<typeof load>>[]
  }
  for (let round = 0; round < rounds && performance.now() < until; round++)
    for (const what of ['plain', 'append'] as const) measured[what].push(await load(what))
  const [first] = children
  const one: Reading = await first!.ask({ do: 'verify' })
  const file = join(tmpdir(), `locksmith-bench-${randomBytes(4).toString('hex')}`)
  const longUrl = await database()
  const [reader] = await startAuditors(stage, { ...env, DATABASE_URL: longUrl }, 1)
  await reader!.ask({ do: 'fill', events: long, seconds: fillSeconds })
  const verified: Reading = await reader!.ask({ do: 'verify' })
  const exports: Record<string, Reading> = {}
  for (const format of ['ndjson', 'csv'] as const)
    exports[format] = await reader!.ask({ do: 'export', format, file })
  rmSync(file, { force: true })
  const { plain, append } = measured
  const rates = { plain: plain.map((each) => each.perSecond), append: append.map((each) => each.perSecond) }
  const ratio = ratioOf(rates.append, rates.plain)
  const perSecond = median(rates.append)
  const p99 = median(append.map((each) => each.p99))
  const unsealed = Math.max(...append.map((each) => each.unsealedSeconds))
  const mib = (bytes: number) => `${Math.round(bytes / 2 ** 20)} MiB`
  const isMet =
    ratio >= goals.ratio &&
    perSecond >= goals.perSecond &&
    p99 <= goals.p99 &&
    unsealed <= goals.unsealedSeconds &&
    one.ok &&
    verified.ok &&
    verified.seconds <= (goals.verifySeconds * verified.events) / 1_000_000
  return {
    name: 'audit events appended per second, sealed and signed / plain INSERTs of the same',
    ratio,
    goal: `≥ ${goals.ratio}, ≥ ${goals.perSecond}/s, p99 ≤ ${goals.p99} ms, sealed in ≤ ${goals.unsealedSeconds} s`,
    ok: isMet,
    notes: [
      `median of the ratios of ${append.length} pairs of ${seconds} s, in turn; ${processes * writers} writers in ${processes} processes, each event a durable transaction`,
      `appended ${spread(rates.append, '/s')}, p99 ${spread(
        append.map((each) => each.p99),
        'ms',
        1
      )}; plain ${spread(rates.plain, '/s')}, p99 ${spread(
        plain.map((each) => each.p99),
        'ms',
        1
      )}`,
      `the oldest event that was not sealed had waited ${unsealed.toFixed(2)} s; ${one.events.toLocaleString('en')} events are ${one.ok ? 'one log that verifies' : 'NOT A LOG THAT VERIFIES'}`,
      `${verified.events.toLocaleString('en')} events verified in ${verified.seconds.toFixed(1)} s (goal ${goals.verifySeconds} s for 1,000,000), process ${mib(verified.mostMemory)}`,
      ...Object.entries(exports).map(
        ([format, each]) =>
          `exported as ${format} in ${each.seconds.toFixed(1)} s: ${mib(each.bytes)}, process ${mib(each.mostMemory)}`
      )
    ]
  }
}

const startAuditors = (stage: Stage, env: Record<string, string>, many: number): Promise<Child[]> =>
  Promise.all(
    Array.from({ length: many }, () => stage.child('auditor', { env, nodeArgs: ['--max-semi-space-size=8'] }))
  )

async function run(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  await client.query(sql)
  await client.end()
}
