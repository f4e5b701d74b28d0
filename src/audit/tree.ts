/**
 * The Merkle tree of RFC 9162, section 2.1, over SHA-256. A tree of any size is a row of whole subtrees, the largest
 * first (its frontier): their roots are all that is needed to append, and to know the root.
 */
import { hash } from 'node:crypto'

export const emptyRoot = hash('sha256', '', 'buffer')

const nodePrefix = Buffer.of(1)

/** In hex. */
export const leafHash = (entry: string): string => hash('sha256', `\0${entry}`, 'hex')

export const hashLeaf = (entry: string): Buffer => Buffer.from(leafHash(entry), 'hex')

export const hashNode = (left: Buffer, right: Buffer): Buffer =>
  hash('sha256', Buffer.concat([nodePrefix, left, right]), 'buffer')

/** A whole subtree: 2^level leaves, of which it is the index-th such group. */
export type Node = { level: number; index: number }

/** Every so many levels the subtrees are kept: so a proof reads a few hundred hashes, whatever the size. */
export const keptLevels = 8

export const isKept = ({ level }: Node): boolean => level > 0 && level % keptLevels === 0

/** Sizes, and the numbers of events, are below it: from here on numbers are no longer told apart, and nothing is ours. */
export const numbersEnd = 2 ** 53

/** Bit operations, which end at 2^32, are not used. */
const isOdd = (size: number) => size % 2 === 1
const half = (size: number) => Math.floor(size / 2)

/** The whole subtrees that a tree of this size consists of, the largest first. */
export function subtreesOf(size: number): Node[] {
  const nodes: Node[] = []
  for (let level = 0, rest = size; rest > 0; level++, rest = half(rest))
    if (isOdd(rest)) nodes.unshift({ level, index: rest - 1 })
  return nodes
}

/** The root over a row of subtrees, the largest first. */
export const rootOf = (frontier: readonly Buffer[]): Buffer =>
  frontier.length === 0 ? emptyRoot : frontier.reduceRight((right, left) => hashNode(left, right))

/** A tree that grows. It keeps its frontier alone. */
export class GrowingTree {
  size: number
  readonly frontier: Buffer[]

  /** @param frontier of a tree of this size. @throws RangeError where it cannot be that */
  constructor(size = 0, frontier: readonly Buffer[] = []) {
    if (subtreesOf(size).length !== frontier.length)
      throw new RangeError(`A tree of ${size} leaves has another frontier`)
    this.size = size
    this.frontier = [...frontier]
  }

  /** @param onWhole is told of each subtree that the leaf completes, from the leaf itself upwards */
  append(leaf: Buffer, onWhole?: (node: Node, hash: Buffer) => void): void {
    let node = { level: 0, index: this.size }
    let whole = leaf
    onWhole?.(node, whole)
    while (isOdd(node.index)) {
      whole = hashNode(this.frontier.pop()!, whole)
      node = { level: node.level + 1, index: half(node.index) }
      onWhole?.(node, whole)
    }
    this.frontier.push(whole)
    this.size++
  }

  get root(): Buffer {
    return rootOf(this.frontier)
  }
}

/** Gives the roots of whole subtrees, in the order asked for. */
export type ReadNodes = (nodes: Node[]) => Promise<Buffer[]>

/** A range of leaves, as the whole subtrees that it consists of, in their order. */
type Range = Node[]

/**
 * The whole subtrees of the leaves from `begin` to before `end`: as recursion in RFC 9162 cuts them, `begin` is a
 * multiple of the largest power of two in it.
 */
const rangeOf = (begin: number, end: number): Range =>
  subtreesOf(end - begin).map(({ level, index }) => ({ level, index: index + begin / 2 ** level }))

/** The largest power of two that is smaller than `size`. */
function split(size: number): number {
  let power = 1
  while (power * 2 < size) power *= 2
  return power
}

/** Section 2.1.3.1: from the leaf upwards. */
function inclusionRanges(index: number, begin: number, end: number): Range[] {
  if (end - begin === 1) return []
  const middle = begin + split(end - begin)
  return index < middle
    ? [...inclusionRanges(index, begin, middle), rangeOf(middle, end)]
    : [...inclusionRanges(index, middle, end), rangeOf(begin, middle)]
}

/** Section 2.1.4.1: SUBPROOF. */
function consistencyRanges(from: number, begin: number, end: number, isWhole: boolean): Range[] {
  if (from === end) return isWhole ? [] : [rangeOf(begin, end)]
  const middle = begin + split(end - begin)
  return from <= middle
    ? [...consistencyRanges(from, begin, middle, isWhole), rangeOf(middle, end)]
    : [...consistencyRanges(from, middle, end, false), rangeOf(begin, middle)]
}

/** Reads them all at once. */
async function hashesOf(ranges: Range[], read: ReadNodes): Promise<Buffer[]> {
  const hashes = await read(ranges.flat())
  let at = 0
  return ranges.map((range) => {
    at += range.length
    return rootOf(hashes.slice(at - range.length, at))
  })
}

/**
 * That a leaf is in the tree of this size: the hashes beside the way from it to the root (RFC 9162, 2.1.3).
 * @param index below `size`
 */
export const inclusionProof = (index: number, size: number, read: ReadNodes): Promise<Buffer[]> =>
  hashesOf(inclusionRanges(index, 0, size), read)

/** That the tree of size `to` begins with that of size `from` (RFC 9162, 2.1.4). @param from 0: nothing is to be shown */
export const consistencyProof = (from: number, to: number, read: ReadNodes): Promise<Buffer[]> =>
  from === 0 ? Promise.resolve([]) : hashesOf(consistencyRanges(from, 0, to, true), read)

/** The root of the first so many leaves. */
export const rootAt = async (size: number, read: ReadNodes): Promise<Buffer> =>
  rootOf(await read(subtreesOf(size)))
