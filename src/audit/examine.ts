/**
 * What can be told of each event by itself, of one part of the log after another, by as many processors as there are.
 * What is told of the log as a whole is `LogVerifier`’s.
 */
import type { Db } from '../db/pool.ts'
import { commit, type Entry, entryText } from './entry.ts'
import { leafText, type Mark, markOf } from './keys.ts'
import { findErased, type LogRow, readLeaves } from './log.sql.ts'
import { type EventLine, lineOf } from './log.ts'
import { leafHash } from './tree.ts'
import { type Finding, prefixOf } from './verify.ts'

/** Rows in their order; of most of them nothing is needed but these figures. It can be sent from thread to thread. */
export type Part = {
  indexes: Float64Array
  seqs: Float64Array
  /** Milliseconds. */
  times: Float64Array
  /** 32 bytes each. */
  hashes: Uint8Array
  /** The beginning of each. */
  commitments: BigUint64Array
  /** By their place in the part those that are to be looked at as a whole: something is odd, or they tell of others. */
  others: Map<number, { seq: number; line: EventLine; findings: Pick<Finding, 'kind' | 'detail'>[] }>
}

/** @property seeds of the keys that mark; none: marks are not looked at @property unmarked the first so many have marks by others */
export type Marking = { seeds: readonly Uint8Array[]; unmarked: number }

export const partSize = 2_000

/**
 * Looks at as many leaves as a part has, from after this one up to that one.
 * @param db of one moment
 */
export async function openExaminer(db: Db, { seeds, unmarked }: Marking) {
  const erased = await findErased(db)
  const marks = seeds.map((seed) => markOf({ seed: Buffer.from(seed) }))
  return async (after: number, upTo?: number): Promise<Part> =>
    examine(await readLeaves(db, partSize, { after, upTo }), erased, (index) =>
      index < unmarked ? [] : marks
    )
}

/** The whole log after the leaves that were pruned, one part after the other. @param db of one moment */
export async function* examineInTurn(db: Db, pruned: number, marking: Marking): AsyncGenerator<Part> {
  const look = await openExaminer(db, marking)
  for (let after = pruned - 1, isMore = true; isMore; ) {
    const part = await look(after)
    yield part
    isMore = part.indexes.length === partSize
    after = part.indexes.at(-1) ?? after
  }
}

function examine(rows: LogRow[], erased: Map<number, string[]>, marksOf: (index: number) => Mark[]): Part {
  const hashes = Buffer.from(new ArrayBuffer(rows.length * 32))
  const part: Part = {
    indexes: new Float64Array(rows.length),
    seqs: new Float64Array(rows.length),
    times: new Float64Array(rows.length),
    hashes,
    commitments: new BigUint64Array(rows.length),
    others: new Map()
  }
  for (const [n, row] of rows.entries()) {
    const { index, seq, entry } = row
    const names = erased.get(seq) ?? []
    const findings = oddIn(row, marksOf(index))
    part.indexes[n] = index
    const prefix = entry ? prefixOf(entry.personal) : undefined
    if (
      findings.length === 0 &&
      names.length === 0 &&
      entry &&
      prefix !== undefined &&
      isAsSealed(row, entry)
    ) {
      part.seqs[n] = entry.seq
      part.times[n] = Date.parse(entry.at)
      hashes.write(row.hash, n * 32, 'hex')
      part.commitments[n] = prefix
    } else part.others.set(n, { seq, line: lineOf(row, names), findings })
  }
  return part
}

/** It is what it was, all of it is there, and it says nothing of others. */
const isAsSealed = ({ hash, salt, personal }: LogRow, entry: Entry) =>
  entry.v === 1 &&
  entry.action !== 'audit.pseudonymised' &&
  entry.action !== 'audit.pruned' &&
  salt !== null &&
  personal !== null &&
  leafHash(entryText(entry)) === hash &&
  commit(Buffer.from(salt, 'hex'), personal) === entry.personal

/** What only whoever has the database and the keys can tell. */
function oddIn({ index, hash, leafMac, place, personal, texts }: LogRow, marks: readonly Mark[]) {
  const odd: Pick<Finding, 'kind' | 'detail'>[] = []
  const text = leafText(index, hash)
  if (marks.length > 0 && !marks.some((mark) => mark(text).toString('hex') === leafMac))
    odd.push({ kind: 'rewritten', detail: 'This place was not sealed with what stands in it.' })
  if (place !== (personal?.userId?.toLowerCase() ?? null))
    odd.push({ kind: 'edited', detail: 'It is not found by the user whom it is about.' })
  if (texts.some((each) => each !== null && hasOddNumber(each)))
    odd.push({ kind: 'edited', detail: 'It has a number that Locksmith does not write.' })
  return odd
}

/** PostgreSQL keeps digits that are lost where they are read: what differs there alone would pass for the same. */
function hasOddNumber(json: string): boolean {
  // All others are read as they are written.
  if (!/\d[.eE]|\d{16}|-0/.test(json)) return false
  const numbers = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?\d[\d.eE+-]*/g) ?? []
  return numbers.some((digits) => withoutExponent(String(Number(digits))) !== digits)
}

/** As PostgreSQL writes it: `1e-7` is `0.0000001` there. */
function withoutExponent(number: string): string {
  const [, sign = '', whole = '', fraction = '', exponent] =
    /^(-?)(\d+)(?:\.(\d+))?e([+-]\d+)$/.exec(number) ?? []
  if (exponent === undefined) return number
  const digits = whole + fraction
  const point = whole.length + Number(exponent)
  return point > 0 ? sign + digits.padEnd(point, '0') : `${sign}0.${'0'.repeat(-point)}${digits}`
}
