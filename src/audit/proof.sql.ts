import type { Db } from '../db/pool.ts'
import { hashNode, keptLevels, type Node, type ReadNodes } from './tree.ts'

/** Some subtrees are kept, and the leaves: each other one is made of at most 128 of these. */
const base = ({ level, index }: Node) => {
  const below = level % keptLevels
  const count = 2 ** below
  return { level: level - below, from: index * count, count }
}

/** Reads the roots of whole subtrees, of whatever level. @throws RangeError for one that is not there */
export const nodesIn =
  (db: Db): ReadNodes =>
  async (nodes) => {
    const wanted = nodes.map(base)
    const { rows } = await db.query<{ n: number; hash: Buffer }>(
      `SELECT w.n::integer AS n, found.hash
         FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) WITH ORDINALITY AS w(level, first, last, n)
        CROSS JOIN LATERAL (
          SELECT l.index, l.hash FROM audit_leaf l WHERE w.level = 0 AND l.index BETWEEN w.first AND w.last
          UNION ALL
          SELECT d.index, d.hash FROM audit_node d
           WHERE w.level > 0 AND d.level = w.level AND d.index BETWEEN w.first AND w.last) found
        ORDER BY w.n, found.index`,
      [
        wanted.map(({ level }) => level),
        wanted.map(({ from }) => from),
        wanted.map(({ from, count }) => from + count - 1)
      ]
    )
    const hashes = nodes.map((): Buffer[] => [])
    for (const { n, hash } of rows) hashes[n - 1]!.push(hash)
    return hashes.map((found, n) => {
      if (found.length !== wanted[n]!.count) throw new RangeError('Not all of this subtree is there')
      return fold(found)
    })
  }

function fold(hashes: Buffer[]): Buffer {
  if (hashes.length === 1) return hashes[0]!
  const above: Buffer[] = []
  for (let n = 0; n < hashes.length; n += 2) above.push(hashNode(hashes[n]!, hashes[n + 1]!))
  return fold(above)
}

export type Head = { size: number; checkpoint: string | null; pruned: number }

export async function readHead(db: Db): Promise<Head> {
  const { rows } = await db.query<Head>('SELECT size, checkpoint, pruned FROM audit_tree')
  return rows[0]!
}
