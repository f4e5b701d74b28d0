/** Puts what is committed into the tree, and signs its new head: one process at a time, in one transaction. */

import { setImmediate } from 'node:timers/promises'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { appendAudit } from './audit.sql.ts'
import { entryText } from './entry.ts'
import { type AuditKeys, isMarked, leafText } from './keys.ts'
import { isSigned, parseCheckpoint, signCheckpoint, verifierKeyOf } from './note.ts'
import { type Leaf, readTail, refuse, saveTree, type Tree, takeTree } from './seal.sql.ts'
import { GrowingTree, hashLeaf, isKept, type Node } from './tree.ts'

/** The tree in the database is not the one that was signed, or is an older one than was there before. Nothing is sealed. */
export class BrokenTree extends Error {
  override name = 'BrokenTree'
}

/** @property size of the tree @property foreign rows that somebody else put into the tail */
export type Sealed = { size: number; sealed: number; foreign: number; isMore: boolean }

/** Signing again and again costs little, and what is sealed waits for the rest of its batch. */
const atOnce = 500
/** After so many this process looks at what else it has to do: hashing them all would keep that waiting. */
const inARow = 100

/** For crash tests: told between two writes. */
export const sealPoints = ['taken', 'read', 'saved'] as const
export type SealPoint = (typeof sealPoints)[number]

/**
 * @param seen the largest size that this process knows of
 * @returns undefined while another process seals
 * @throws BrokenTree
 */
export const seal = (
  pool: Pool,
  keys: AuditKeys,
  seen: number,
  at?: (point: SealPoint) => Promise<void>
): Promise<Sealed | undefined> => inTransaction(pool, (tx) => sealWithin(tx, keys, seen, at))

export async function sealWithin(
  tx: Db,
  keys: AuditKeys,
  seen: number,
  at: (point: SealPoint) => Promise<void> = async () => {}
): Promise<Sealed | undefined> {
  const tree = await takeTree(tx)
  if (!tree) return undefined
  const growing = openTree(tree, keys, seen)
  await at('taken')
  const rows = await readTail(tx, atOnce)
  const nodes: { node: Node; hash: Buffer }[] = []
  const leaves: Leaf[] = []
  const foreign: number[] = []
  const [mark] = keys.marks
  for (const [n, { mac, ...entry }] of rows.entries()) {
    if (n % inARow === inARow - 1) await setImmediate()
    const text = entryText(entry)
    if (mac === null || !isMarked(keys, text, mac)) {
      foreign.push(entry.seq)
      continue
    }
    const index = growing.size
    const hash = hashLeaf(text)
    growing.append(hash, (node, whole) => isKept(node) && nodes.push({ node, hash: whole }))
    leaves.push({ index, seq: entry.seq, hash, mac: mark(leafText(index, hash.toString('hex'))) })
  }
  if (foreign.length > 0) await refuse(tx, foreign)
  await at('read')
  const { size, root, frontier } = growing
  if (leaves.length > 0) {
    const [{ name: origin }] = keys.signers
    const checkpoint = signCheckpoint({ origin, size, root }, [...keys.signers])
    await saveTree(tx, leaves, nodes, { size, frontier: Buffer.concat(frontier), checkpoint })
    await sayNewKey(tx, tree, keys)
    await at('saved')
  }
  return { size, sealed: leaves.length, foreign: foreign.length, isMore: rows.length === atOnce }
}

/** Nothing is built on what we have not signed. @throws BrokenTree */
export function openTree(
  { size, frontier, checkpoint }: Pick<Tree, 'size' | 'frontier' | 'checkpoint'>,
  { signers }: AuditKeys,
  seen: number
): GrowingTree {
  if (size < seen)
    throw new BrokenTree(
      `The audit log had ${seen} events and has ${size} now: the database was set back, or somebody cut it off`
    )
  const growing = readFrontier(size, frontier)
  if (size === 0 && checkpoint === null) return growing
  const signed = checkpoint === null ? undefined : parseCheckpoint(checkpoint)
  if (!signed || signed.size !== size || !signed.root.equals(growing.root))
    throw new BrokenTree('The head of the audit log is not what its checkpoint says: somebody changed it')
  if (!isSigned(checkpoint!, signers))
    throw new BrokenTree(
      'The last checkpoint of the audit log is not signed by a key that is configured: after a change of keys AUDIT_SIGNING_KEY needs the old one, too, on a line of its own after the new one'
    )
  return growing
}

function readFrontier(size: number, frontier: Buffer): GrowingTree {
  const hashes = Array.from({ length: frontier.length / 32 }, (_, n) =>
    frontier.subarray(n * 32, n * 32 + 32)
  )
  try {
    return new GrowingTree(size, hashes)
  } catch (error) {
    throw new BrokenTree('The head of the audit log cannot be: somebody changed it', { cause: error })
  }
}

/** Who only knows the old key has to learn from the log itself that it was replaced. */
async function sayNewKey(
  tx: Parameters<typeof appendAudit>[0],
  { checkpoint }: Tree,
  { signers }: AuditKeys
) {
  const [first, ...others] = signers
  if (checkpoint === null || isSigned(checkpoint, [first])) return
  const from = others.find((each) => isSigned(checkpoint, [each]))!
  const details = { from: verifierKeyOf(from), to: verifierKeyOf(first) }
  await appendAudit(tx, { action: 'audit.key-changed', actor: 'system', details })
}
