import { readFile } from 'node:fs/promises'
import type { Pool } from '../db/pool.ts'
import { entryText } from './entry.ts'
import { type AuditKeys, isMarked } from './keys.ts'
import { findLossesAccepted } from './loss.sql.ts'
import { isSigned, parseCheckpoint } from './note.ts'
import { nodesIn } from './proof.sql.ts'
import { readTree } from './seal.sql.ts'
import { BrokenTree, openTree } from './seal.ts'
import { rootAt } from './tree.ts'

/**
 * The last checkpoint that left the house.
 * @param file of AUDIT_CHECKPOINT_FILE
 * @returns '' where there is none yet, or it cannot be read
 */
export const readLastCheckpoint = async (file: string | undefined): Promise<string> =>
  file === undefined ? '' : await readFile(file, 'utf8').catch(() => '')

/**
 * Whether the log is still the one of which a checkpoint left the house. After a restore from an old backup it is not:
 * what is sealed then would contradict what others hold in hand, until somebody says that it is to go on.
 * @param note the last one that left
 * @returns how many events it has, by its signature
 * @throws BrokenTree
 */
export async function refuseLoss(pool: Pool, keys: AuditKeys, note: string): Promise<number> {
  const tree = await readTree(pool)
  openTree(tree, keys, 0)
  const published = parseCheckpoint(note)
  // Of another log, or of nobody: it tells nothing.
  if (!published || !isSigned(note, keys.signers)) return tree.size
  const lost = await lossOf(pool, published, tree)
  if (lost === undefined) return tree.size
  const accepted = await findLossesAccepted(pool, note)
  if (accepted.some(({ mac, ...entry }) => isMarked(keys, entryText(entry), mac))) return tree.size
  throw new BrokenTree(
    `${lost} If the database was restored and nothing better is to be had, \`locksmith host audit go-on\` lets it go on, and says so in the log`
  )
}

/** @param head as it is now @returns in words what is lost; undefined: nothing */
export async function lossOf(
  pool: Pool,
  { size, root }: { size: number; root: Buffer },
  head: { size: number; pruned: number }
): Promise<string | undefined> {
  if (size > head.size)
    return `The audit log is truncated at ${head.size}: the last checkpoint that left the house has ${size} events.`
  if (size < head.pruned) return undefined
  if (root.equals(await rootAt(size, nodesIn(pool)))) return undefined
  return `The first ${size} events of the audit log are not those of the last checkpoint that left the house.`
}
