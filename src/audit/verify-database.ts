/** Verifies the log where it lies. Whoever has the keys can tell more: which row it was, and that a row is not ours. */
import { availableParallelism } from 'node:os'
import type { Db, Pool } from '../db/pool.ts'
import { openSnapshot } from '../db/snapshot.ts'
import { hasEarlier } from './adopt.sql.ts'
import { entryText } from './entry.ts'
import { examineInTurn, type Marking, type Part, partSize } from './examine.ts'
import { examineSideBySide } from './examine-side-by-side.ts'
import { type AuditKeys, isMarked } from './keys.ts'
import {
  findCheckpoints,
  findDoubles,
  findKeyChanges,
  findNodes,
  findPartEnds,
  findStrays,
  findTail,
  findWaiting,
  hasNoOthers,
  type LogHead,
  readLogHead
} from './log.sql.ts'
import { headLineOf } from './log.ts'
import { parseVerifierKey, type Verifier } from './note.ts'
import { isKept } from './tree.ts'
import { LogVerifier, type Verdict, type VerifyOptions } from './verify.ts'

/** Each takes some 100 MiB, and may share what there is with the service: in a small container one does it all. */
const threadsHere = () =>
  Math.min(
    availableParallelism(),
    4,
    Math.floor((process.constrainedMemory() || Number.POSITIVE_INFINITY) / 2 ** 29)
  )

/**
 * @param by how many threads, beside this one, a log is verified that is so long at least
 * @throws what the database throws
 */
export async function verifyDatabase(
  pool: Pool,
  options: VerifyOptions,
  keys?: AuditKeys,
  by = { threads: threadsHere(), from: 20_000 }
): Promise<Verdict> {
  const snapshot = await openSnapshot(pool)
  try {
    return await verifyWithin(snapshot.db, options, keys, async function* (db, { size, pruned }, marking) {
      if (size - pruned < by.from || by.threads < 2) return yield* examineInTurn(db, pruned, marking)
      const moment = { url: pool.options.connectionString!, snapshot: await snapshot.share() }
      const ends = await findPartEnds(db, pruned, partSize)
      for await (const part of examineSideBySide(pruned, ends, by.threads, { ...moment, ...marking })) {
        yield part
        // This connection has nothing to do meanwhile; one that says nothing for long is closed.
        await db.query('SELECT')
      }
    })
  } finally {
    await snapshot.close()
  }
}

/** @param db of one moment */
export async function verifyWithin(
  db: Db,
  options: VerifyOptions,
  keys?: AuditKeys,
  examineAll: (db: Db, head: LogHead, marking: Marking) => AsyncIterable<Part> = (db, { pruned }, marking) =>
    examineInTurn(db, pruned, marking)
): Promise<Verdict> {
  const nodes = await findNodes(db)
  const { replaced, unmarked } = await findReplaced(db, keys)
  const verifier = new LogVerifier({
    ...options,
    ...(options.verifiers && { verifiers: [...options.verifiers, ...replaced] }),
    onWhole({ level, index }, hash) {
      if (isKept({ level, index }) && !nodes.get(`${level}/${index}`)?.equals(hash))
        verifier.range(
          'edited',
          index * 2 ** level,
          (index + 1) * 2 ** level,
          'A hash that is kept above these events is not theirs.'
        )
    }
  })
  const head = await readLogHead(db)
  verifier.expect(await findCheckpoints(db, head.pruned, head.size))
  verifier.add(headLineOf(head))
  const seeds = keys?.signers.map(({ seed }) => seed) ?? []
  for await (const part of examineAll(db, head, { seeds, unmarked })) verifier.addPart(part)
  verifier.add({ type: 'end', events: head.size - head.pruned, checkpoint: head.checkpoint })
  if (unmarked > 0)
    verifier.notes.push(
      `The first ${unmarked} were sealed with a key that is no longer here: of them the tree was checked, not the marks.`
    )
  if (keys)
    for (const { entry, mac, erased } of await findWaiting(db))
      if (isMarked(keys, entryText(entry), mac)) verifier.addWaiting(entry, erased)
  if (head.pruned > 0 || !verifier.isClean || !(await hasNoOthers(db, verifier.events))) {
    for (const seq of await findDoubles(db))
      verifier.finding('inserted', null, seq, 'There is more than one row of this number.')
    for (const seq of await findStrays(db, head.pruned))
      verifier.finding(
        'inserted',
        null,
        seq,
        'A row of this number is in no tree and waits for none, or is where none can be: Locksmith did not write it.'
      )
  }
  for (const { seq, refused, isThere } of await findTail(db)) {
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
