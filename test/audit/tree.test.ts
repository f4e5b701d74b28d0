import { hash } from 'node:crypto'
import t from 'tap'
import {
  consistencyProof,
  emptyRoot,
  GrowingTree,
  hashLeaf,
  hashNode,
  inclusionProof,
  type Node,
  rootAt
} from '../../src/audit/tree.ts'

/** As RFC 9162 defines it, word for word: slow, and nothing to get wrong. */
const power = (size: number): number => (size <= 2 ? 1 : 2 * power(Math.ceil(size / 2)))
function treeHash(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return hash('sha256', '', 'buffer')
  if (leaves.length === 1) return leaves[0]!
  const k = power(leaves.length)
  return hashNode(treeHash(leaves.slice(0, k)), treeHash(leaves.slice(k)))
}
function path(m: number, leaves: Buffer[]): Buffer[] {
  if (leaves.length === 1) return []
  const k = power(leaves.length)
  return m < k
    ? [...path(m, leaves.slice(0, k)), treeHash(leaves.slice(k))]
    : [...path(m - k, leaves.slice(k)), treeHash(leaves.slice(0, k))]
}
function subproof(m: number, leaves: Buffer[], isWhole: boolean): Buffer[] {
  if (m === leaves.length) return isWhole ? [] : [treeHash(leaves)]
  const k = power(leaves.length)
  return m <= k
    ? [...subproof(m, leaves.slice(0, k), isWhole), treeHash(leaves.slice(k))]
    : [...subproof(m - k, leaves.slice(k), false), treeHash(leaves.slice(0, k))]
}

const leavesOf = (size: number) => Array.from({ length: size }, (_, n) => hashLeaf(`leaf ${n}`))
const readIn = (leaves: Buffer[]) => async (nodes: Node[]) =>
  nodes.map(({ level, index }) => treeHash(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level)))

t.test('a tree that grows has the root that the standard defines, at every size', async (t) => {
  const tree = new GrowingTree()
  t.same(tree.root, emptyRoot)
  const leaves = leavesOf(300)
  const whole = new Map<string, Buffer>()
  for (const leaf of leaves) {
    tree.append(leaf, ({ level, index }, hash) => whole.set(`${level}/${index}`, hash))
    const size = tree.size
    if (size < 40 || size % 37 === 0) t.same(tree.root, treeHash(leaves.slice(0, size)), `of ${size}`)
  }
  t.equal(whole.size, 300 + 150 + 75 + 37 + 18 + 9 + 4 + 2 + 1, 'each whole subtree is told once')
  t.same(whole.get('8/0'), treeHash(leaves.slice(0, 256)))
  t.throws(() => new GrowingTree(3, tree.frontier), RangeError)
})

t.test('proofs are those that the standard defines, for every leaf and every pair of sizes', async (t) => {
  for (let size = 1; size <= 33; size++) {
    const leaves = leavesOf(size)
    const read = readIn(leaves)
    const inclusion = await Promise.all(leaves.map((_, index) => inclusionProof(index, size, read)))
    t.same(
      inclusion,
      leaves.map((_, index) => path(index, leaves)),
      `inclusion in ${size}`
    )
    const froms = Array.from({ length: size }, (_, n) => n + 1)
    t.same(
      await Promise.all(froms.map((from) => consistencyProof(from, size, read))),
      froms.map((from) => subproof(from, leaves, true)),
      `consistency with ${size}`
    )
    t.same(await rootAt(size, read), treeHash(leaves))
  }
})
