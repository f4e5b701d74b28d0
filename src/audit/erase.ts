/** The right to erasure: a pseudonym takes a person's place, and the log still proves everything else. */
import { hash, randomBytes } from 'node:crypto'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { appendAudit } from './audit.sql.ts'
import { type Personal, personIn } from './entry.ts'
import { allowErasing, findPersonal, type PersonalRow, replacePersonal } from './erase.sql.ts'

export type Erased = { pseudonym: string; events: number }

const atOnce = 1_000

/**
 * Replaces a person in every event that there is. In events about the person, or by the person, everything personal goes,
 * texts with it; where the person is one of several that are named, the name goes.
 * @param pool of the role that owns the audit: the one that serves cannot
 * @param userId in whatever case @param also other names: mail addresses
 * @returns how many events there were; 0: nothing was written, not even that
 */
export const erase = (pool: Pool, userId: string, also: string[], reason?: string): Promise<Erased> =>
  inTransaction(pool, async (tx) => {
    const pseudonym = `erased-${randomBytes(6).toString('hex')}`
    const names = new Set([userId, ...also].map((name) => name.toLowerCase()))
    await allowErasing(tx)
    const seqs = await replaceAll(tx, names, pseudonym)
    if (seqs.length > 0) {
      const rows = hash('sha256', seqs.join(','), 'hex')
      await appendAudit(tx, {
        action: 'audit.pseudonymised',
        actor: 'host',
        details: { pseudonym, events: seqs.length, rows, ...(reason !== undefined && { reason }) }
      })
    }
    return { pseudonym, events: seqs.length }
  })

/** @returns their seqs, ascending */
async function replaceAll(tx: Db, names: Set<string>, pseudonym: string): Promise<number[]> {
  const seqs: number[] = []
  for (let after = 0; ; ) {
    const found = await findPersonal(tx, [...names], after, atOnce)
    const changed = found.flatMap((row) => {
      const personal = without(row, names, pseudonym)
      return personal ? [{ seq: row.seq, personal }] : []
    })
    if (changed.length > 0) await replacePersonal(tx, changed, pseudonym)
    seqs.push(...changed.map(({ seq }) => seq))
    if (found.length < atOnce) return seqs
    after = found.at(-1)!.seq
  }
}

/** @returns undefined where the person is not in it */
function without({ personal }: PersonalRow, names: Set<string>, pseudonym: string): Personal | undefined {
  const is = (text: string | undefined) => text !== undefined && names.has(text.toLowerCase())
  const { kind, name = '' } = personIn(personal.actor ?? '')
  // Of a token the issuer stands before the subject, in which there can be another `#`.
  const isBy =
    is(name) || (kind === 'oidc' && name.split('#').some((_, n, parts) => is(parts.slice(n).join('#'))))
  const isAbout = is(personal.userId)
  if (!isBy && !isAbout) {
    const details = mapTexts(personal.details, (text) => withoutNames(text, names, pseudonym))
    return JSON.stringify(details) === JSON.stringify(personal.details)
      ? undefined
      : { ...personal, ...(details && { details }) }
  }
  const { sourceAddress, ...rest } = personal
  return {
    ...rest,
    // Whoever asked for something about the person is somebody else, and stays.
    ...(sourceAddress !== undefined && !isBy && { sourceAddress }),
    ...(isBy && { actor: `${kind}:${pseudonym}` }),
    ...(isAbout && { userId: pseudonym }),
    ...(personal.details && { details: mapTexts(personal.details, () => pseudonym)! })
  }
}

/** Also where a name stands in a text, as a word of its own. */
const withoutNames = (text: string, names: Set<string>, pseudonym: string) =>
  [...names]
    .sort((a, b) => b.length - a.length)
    .reduce((rest, name) => rest.replace(asWord(name), () => pseudonym), text)

const asWord = (name: string) =>
  new RegExp(`(?<![\\p{L}\\p{N}])${name.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')}(?![\\p{L}\\p{N}])`, 'giu')

type Members = Record<string, unknown>

function mapTexts(members: Members | undefined, replace: (text: string) => string): Members | undefined {
  const map = (value: unknown): unknown => {
    if (typeof value === 'string') return replace(value)
    if (Array.isArray(value)) return value.map(map)
    if (typeof value === 'object' && value !== null)
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, map(each)]))
    return value
  }
  return members && (map(members) as Members)
}
