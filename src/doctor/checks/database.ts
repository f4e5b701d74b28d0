import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'
import { duration } from '../words.ts'

const seriousMs = 10_000

/** Our own database: it answers, has the tables of this version, and its clock is ours. */
export function checkDatabase({ database }: Facts): Finding[] {
  if (database.kind === 'failed')
    return [
      {
        name: 'database',
        state: 'error',
        found: `The database of Locksmith: ${database.because}`,
        means: 'Nothing can be begun, and what runs waits. No credential was sent for this examination.',
        mend: 'Set DATABASE_URL to a PostgreSQL that answers, and look whether it runs.'
      }
    ]
  if (database.kind === 'skipped') return [unanswered('database', database)!]
  const { missing, unknown, aheadMs } = database.value
  return [migrated(missing, unknown), clock(aheadMs)]
}

function migrated(missing: string[], unknown: string[]): Finding {
  if (missing.length > 0)
    return {
      name: 'database',
      state: 'error',
      found: `It lacks ${missing.length} migration(s) of this version: ${missing.join(', ')}.`,
      means: 'This version does not work on it. Each start of `serve` brings it up to date.',
      mend: 'locksmith migrate'
    }
  if (unknown.length > 0)
    return {
      name: 'database',
      state: 'warning',
      found: `It has migrations that this version does not know: ${unknown.join(', ')}.`,
      means: 'A newer Locksmith works on it.',
      mend: 'Bring every process of Locksmith to the newer version.'
    }
  return { name: 'database', state: 'ok', found: 'It answers and is up to date.' }
}

function clock(aheadMs: number): Finding {
  const name = 'database-clock'
  if (aheadMs === 0) return { name, state: 'ok', found: 'Its clock and ours agree.' }
  return {
    name,
    state: Math.abs(aheadMs) >= seriousMs ? 'warning' : 'ok',
    found: `Its clock is ${duration(aheadMs)} ${aheadMs > 0 ? 'ahead of' : 'behind'} ours.`,
    means:
      'Locksmith waits by the clock of the database, so it works; times in its log differ from those in answers.',
    ...(Math.abs(aheadMs) >= seriousMs && { mend: 'Let NTP keep the clocks of both machines.' })
  }
}
