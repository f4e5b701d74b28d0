/**
 * `npm run bench`: what Locksmith costs beside doing it by hand, as ratios measured in one run on one machine.
 * Each part stands in a file of its own, which says what is compared with what.
 */
import { writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { measureAccepting } from './accepting.ts'
import { measureAudit } from './audit.ts'
import { measureByHand } from './by-hand.ts'
import { measureCampaigns } from './campaigns.ts'
import { describeMachine } from './machine.ts'
import { measureMemory } from './memory.ts'
import { toPage } from './page.ts'
import { measureReset } from './reset.ts'
import { type Length, type Ratio, toText } from './result.ts'
import { openStage, type Stage } from './stage.ts'

const usage = `npm run bench -- [--only reset|accepting|memory|campaigns|audit|by-hand]… [--quick] [--strict] [--page FILE]

  --only     this part alone; may be given more than once
  --quick    shortened, about a minute on an idle machine: shows that it runs, says little about the goals
  --strict   exit code 1 where a goal is missed
  --page     writes what was found to FILE, as docs/BENCHMARKS.md is

by-hand needs a real Nextcloud, on which it makes users and deletes them again: NEXTCLOUD_URL, NEXTCLOUD_ADMIN_USER,
NEXTCLOUD_ADMIN_PASSWORD, OCC_COMMAND. It is left out where there is none.

DATABASE_URL: a PostgreSQL whose role may create databases; unset: an embedded one.
`

const parts: Record<string, (stage: Stage, length: Length) => Promise<Ratio>> = {
  reset: measureReset,
  accepting: measureAccepting,
  memory: measureMemory,
  campaigns: measureCampaigns,
  audit: measureAudit,
  'by-hand': measureByHand
}

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    quick: { type: 'boolean', default: false },
    strict: { type: 'boolean', default: false },
    page: { type: 'string' },
    help: { type: 'boolean', default: false }
  }
})
const hasNextcloud = Boolean(process.env.NEXTCLOUD_URL)
const names = values.only ?? Object.keys(parts).filter((name) => name !== 'by-hand' || hasNextcloud)
if (values.help || names.some((name) => !Object.hasOwn(parts, name))) {
  process.stdout.write(usage)
  process.exit(values.help ? 0 : 2)
}

const { quick } = values
/** For each part: what takes longer than it should is not to take the others' time. */
const seconds = quick ? 60 : 300
const stage = await openStage()

async function leave(code: number): Promise<never> {
  await stage.close()
  process.exit(code)
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => leave(130))

async function measure(name: string): Promise<Ratio> {
  // A part stops by itself in time, and puts away what it made; this is for one that hangs.
  const hangs = setTimeout(
    () => {
      process.stderr.write(`bench: ${name} did not end within ${seconds * 2} s\n`)
      void leave(1)
    },
    seconds * 2 * 1_000
  )
  const ratio = await parts[name]!(stage, { quick, until: performance.now() + seconds * 1_000 })
  await stage.clear()
  clearTimeout(hangs)
  return ratio
}

const found: Record<string, Ratio> = {}
try {
  const machine = `${await describeMachine(stage)}${quick ? ' (--quick: shortened)' : ''}`
  process.stdout.write(`${machine}\n`)
  for (const name of names) {
    found[name] = await measure(name)
    process.stdout.write(`\n${toText(found[name])}\n`)
  }
  if (values.page !== undefined) writeFileSync(values.page, toPage(machine, found))
} catch (error) {
  process.stderr.write(`bench: ${(error as Error).stack}\n`)
  await leave(1)
}
await leave(values.strict && Object.values(found).some(({ ok }) => !ok) ? 1 : 0)
