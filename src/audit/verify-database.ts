/** Verifies the log where it lies. Whoever has the keys can tell more: which row it was, and that a row is not ours. */

import type { Db, Pool } from '../db/pool.ts'
import { openSnapshot } from '../db/snapshot.ts'
import { hasEarlier } from './adopt.sql.ts'
import { entryText } from './entry.ts'
import { type AuditKeys, isMarked } from './keys.ts'
import { findKeyChanges, findNodes, findOutside, findWaiting, type LogRow } from './log.sql.ts'
import { readLog } from './log.ts'
import { parseVerifierKey, type Verifier } from './note.ts'
import { leafText } from './seal.ts'
import { LogVerifier, type Verdict, type VerifyOptions } from './verify.ts'

/** @throws what the database throws */
export async function verifyDatabase(pool: Pool, options: VerifyOptions, keys?: AuditKeys): Promise<Verdict> {
  const snapshot = await openSnapshot(pool)
  try {
    return await verifyWithin(snapshot.db, options, keys)
  } finally {
    await snapshot.close()
  }
}

/** @param db of one moment */
export async function verifyWithin(db: Db, options: VerifyOptions, keys?: AuditKeys): Promise<Verdict> {
  const nodes = await findNodes(db)
  const { replaced, unmarked } = await findReplaced(db, keys)
  const verifier = new LogVerifier({
    ...options,
    ...(options.verifiers && { verifiers: [...options.verifiers, ...replaced] }),
    onWhole({ level, index }, hash) {
      const name = `${level}/${index}`
      const kept = nodes.get(name)
      nodes.delete(name)
      if (level > 0 && level % 8 === 0 && !kept?.equals(hash))
        verifier.range(
          'edited',
          index * 2 ** level,
          (index + 1) * 2 ** level,
          'A hash that is kept above these events is not theirs.'
        )
    }
  })
  for await (const line of readLog(db, {
    look: (row) => lookAt(row, verifier, row.index < unmarked ? undefined : keys)
  }))
    verifier.add(line)
  if (unmarked > 0)
    verifier.notes.push(
      `The first ${unmarked} were sealed with a key that is no longer here: of them the tree was checked, not the marks.`
    )
  if (keys)
    for (const { entry, mac, erased } of await findWaiting(db))
      if (isMarked(keys, entryText(entry), mac)) verifier.addWaiting(entry, erased)
  const { strays, tail } = await findOutside(db)
  for (const seq of strays)
    verifier.finding(
      'inserted',
      null,
      seq,
      'It is in no tree, and does not wait for it: it was not written by Locksmith.'
    )
  for (const { seq, refused, isThere } of tail) {
    if (!isThere) verifier.finding('missing', null, seq, 'It was deleted before it was sealed.')
    else if (refused) verifier.finding('inserted', null, seq, 'It was not written by Locksmith.')
  }
  if (await hasEarlier(db))
    verifier.finding(
      'inserted',
      null,
      null,
      'There is a table of events from before the tree, `audit_event_before`. They are no longer taken into it.'
    )
  return verifier.finish()
}

/**
 * Keys that were replaced, as the log says where another one took over: an event that is none of ours is found by itself.
 * @returns as well how many leaves have marks by keys that are not here
 */
async function findReplaced(db: Db, keys: AuditKeys | undefined) {
  const replaced: Verifier[] = []
  let unmarked = 0
  for (const { index, from } of keys ? await findKeyChanges(db) : []) {
    const key = parseVerifierKey(from)
    if (!key || keys!.signers.some(({ name, id }) => name === key.name && id.equals(key.id))) continue
    replaced.push(key)
    unmarked = index
  }
  return { replaced, unmarked }
}

function lookAt(row: LogRow, verifier: LogVerifier, keys: AuditKeys | undefined): void {
  const { index, seq, hash, leafMac, place, personal, texts } = row
  const text = leafText(index, hash)
  if (keys && !keys.marks.some((mark) => mark(text).equals(leafMac)))
    verifier.finding('rewritten', index, seq, 'This place was not sealed with what stands in it.')
  if (place !== (personal?.userId?.toLowerCase() ?? null))
    verifier.finding('edited', index, seq, 'It is not found by the user whom it is about.')
  if (texts.some((each) => each !== null && hasOddNumber(each)))
    verifier.finding('edited', index, seq, 'It has a number that Locksmith does not write.')
}

/** PostgreSQL keeps digits that are lost where they are read: what differs there alone would pass for the same. */
function hasOddNumber(json: string): boolean {
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
