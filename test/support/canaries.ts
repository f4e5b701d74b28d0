/** Secrets that the tests know, looked for wherever Locksmith writes: in every test that starts one. */
import { pino } from 'pino'
import type { Test } from 'tap'
import type { Pool } from '../../src/db/pool.ts'
import type { Sandbox } from '../../src/sandbox/index.ts'
import { keptTexts } from './log.ts'

/** A secret as it is, and as it would stand in a header, a URL, a form or JSON. */
export function formsOf(secret: string): string[] {
  const base64 = Buffer.from(secret).toString('base64')
  return [
    secret,
    base64.replace(/=+$/, ''),
    Buffer.from(secret).toString('base64url'),
    encodeURIComponent(secret),
    new URLSearchParams({ x: secret }).toString().slice(2),
    JSON.stringify(secret).slice(1, -1)
  ]
}

/** Every row of every table of every schema of ours, the jobs' included. */
export async function dump(pool: Pool): Promise<string> {
  const { rows: tables } = await pool.query(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`
  )
  const all: unknown[] = []
  for (const { name } of tables)
    all.push((await pool.query(`SELECT row::text AS row FROM ${name} AS row`)).rows)
  return JSON.stringify(all)
}

/** All that is logged, whatever the level; nothing is cut out: what is looked for must not depend on that. */
export function watchedLog() {
  const { texts: lines, sink } = keptTexts()
  return { lines, log: pino({ level: 'trace' }, sink) }
}

/** Fails the test where a secret is in one of the places. */
export function assertNowhere(
  t: Test,
  secrets: Record<string, string>,
  places: Record<string, string>
): void {
  for (const [what, secret] of Object.entries(secrets))
    for (const [where, text] of Object.entries(places)) {
      const found = formsOf(secret).filter((form) => text.includes(form))
      t.equal(found.length, 0, `${what} is in no ${where}`)
    }
}

/** Of the links in a mail of a campaign. */
const tokensIn = (text: string): string[] =>
  [...text.matchAll(/\/(?:confirm|contact)\/([\w-]{43})/g)].map(([, token]) => token!)

/** So many of a kind are looked for: more would only take time. */
const most = 50

/** What Locksmith proves itself by, the newest passwords that it set, and the newest links that it mailed. */
export const canariesOf = (sandbox: Sandbox, ...more: string[]): string[] => {
  const set = sandbox
    .users()
    .flatMap(({ id }) => sandbox.passwordHistory(id).filter(({ actor }) => actor !== null))
  const newest = set.toSorted((a, b) => b.at - a.at).slice(0, most)
  const links = sandbox
    .mails()
    .slice(-most)
    .flatMap(({ text }) => tokensIn(text))
  return [...new Set([sandbox.admin.password, ...more, ...newest.map(({ password }) => password), ...links])]
}

/** Where a secret stands, in words that do not tell it. */
export const findCanaries = (canaries: string[], places: Record<string, string>): string[] =>
  Object.entries(places).flatMap(([where, text]) =>
    canaries.flatMap((secret, n) =>
      formsOf(secret).some((form) => text.includes(form))
        ? [`secret ${n} of ${canaries.length} (of ${secret.length} characters) is in a ${where}`]
        : []
    )
  )
