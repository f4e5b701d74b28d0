/**
 * Verifies a log, from whatever it is read: what was changed, taken away, added, put in another place, cut off or
 * written anew. `tools/verify-audit.mjs` does the same by itself, and a test holds them together.
 */
import { hash as sha256 } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import { commit, type Entry, entryText } from './entry.ts'
import type { Part } from './examine.ts'
import type { CheckpointLine, EndLine, EventLine, HeadLine, Line } from './log.ts'
import { isSigned, parseCheckpoint, type Verifier } from './note.ts'
import { GrowingTree, leafHash, type Node } from './tree.ts'

export const findingKinds = [
  'malformed',
  'edited',
  'missing',
  'inserted',
  'reordered',
  'truncated',
  'rewritten',
  'signature',
  'unaccounted'
] as const
export type FindingKind = (typeof findingKinds)[number]

/** @property index the first leaf that it is about @property seq of its event, where that is known */
export type Finding = { kind: FindingKind; index: number | null; seq: number | null; detail: string }

export type Verdict = {
  /** Nothing was found. */
  ok: boolean
  /** Leaves, those included that were pruned. */
  size: number
  /** In hex. */
  root: string
  events: number
  findings: Finding[]
  /** What could not be told. */
  notes: string[]
}

/** @property checkpoints from outside @property verifiers empty: signatures are not looked at */
export type VerifyOptions = {
  checkpoints?: string[]
  verifiers?: readonly Verifier[]
  /** Told of each whole subtree, when its last leaf was read. */
  onWhole?: ((node: Node, hash: Buffer) => void) | undefined
}

type Suspect = { index: number; hash: string; entry: Entry }

const hourMs = 3_600_000

/** Beyond so many rows that are not what they were it is not looked which of them changed places. */
const mostCompared = 64

export class LogVerifier {
  readonly findings: Finding[] = []
  readonly notes: string[] = []
  private readonly verifiers: readonly Verifier[]
  private readonly outside: CheckpointLine[]
  private tree = new GrowingTree()
  private isFiltered = false
  private expected = 0
  private pruned = 0
  /** So many leaves were given to it. */
  events = 0
  /** Up to here a checkpoint agreed. */
  private agreed = 0
  private isWhole = true
  private isRewritten = false
  private isBroken = false
  private end: EndLine | undefined
  /** Of what is somewhere within a range: where that ends. */
  private readonly ranges = new Map<Finding, number>()
  private readonly suspects: Suspect[] = []
  private readonly erased = new Map<string, { index: number; seq: number; seqs: number[] }>()
  private readonly accounts = new Map<string, { events: unknown; rows: unknown }[]>()
  private readonly prunes: Entry[] = []
  /** All that is older was pruned by then; within an hour clocks and commits may have their way. Milliseconds. */
  private notBefore = Number.NEGATIVE_INFINITY
  /** Of what was pruned. */
  private frontier: string[] = []
  private readonly commitments = new Commitments()

  private readonly onWhole: VerifyOptions['onWhole']

  constructor({ checkpoints = [], verifiers = [], onWhole }: VerifyOptions = {}) {
    this.verifiers = verifiers
    this.onWhole = onWhole
    if (verifiers.length === 0) this.notes.push('No key was given, so no signature was checked.')
    if (checkpoints.length === 0)
      this.notes.push(
        'No checkpoint from outside was given: of a log that was cut off at its end and is signed as it is now, that could not be told.'
      )
    this.outside = checkpoints
      .map((note) => ({ type: 'checkpoint' as const, size: parseCheckpoint(note)?.size ?? -1, note }))
      .sort((a, b) => a.size - b.size)
  }

  /** What left the house and is kept with the log, before any of its events. */
  expect(checkpoints: { size: number; note: string }[]): void {
    this.outside.push(...checkpoints.map((each) => ({ type: 'checkpoint' as const, ...each })))
    this.outside.sort((a, b) => a.size - b.size)
  }

  add(line: Line): void {
    if (line.type === 'export') this.begin(line)
    else if (line.type === 'event') this.addEvent(line)
    else if (line.type === 'checkpoint') this.compare(line, 'checkpoint')
    else this.end = line
  }

  /** Nothing is odd so far. */
  get isClean(): boolean {
    return this.findings.length === 0 && this.suspects.length === 0
  }

  finding(kind: FindingKind, index: number | null, seq: number | null, detail: string): void {
    this.findings.push({ kind, index, seq, detail })
  }

  /** Not all from `index` to before `end` are as they were; which one, is not known from this. */
  range(kind: FindingKind, index: number, end: number, detail: string): void {
    this.finding(kind, index, null, detail)
    this.ranges.set(this.findings.at(-1)!, end)
  }

  private begin({ pruned, filter }: HeadLine): void {
    this.isFiltered = filter !== null
    if (pruned) this.beginAfter(pruned)
    this.compareOutside()
  }

  private beginAfter({ size, frontier }: NonNullable<HeadLine['pruned']>): void {
    this.pruned = this.expected = this.agreed = size
    this.frontier = frontier
    try {
      if (!Number.isSafeInteger(size)) throw new RangeError('It is no size')
      this.tree = new GrowingTree(
        size,
        frontier.map((each) => Buffer.from(each, 'hex'))
      )
    } catch {
      this.finding('malformed', null, null, 'What is kept of the events that were pruned cannot be.')
      this.isWhole = false
    }
  }

  /** What was looked at row by row already. */
  addPart({ indexes, seqs, times, hashes, commitments, others }: Part): void {
    for (const [n, index] of indexes.entries()) {
      const other = others.get(n)
      if (other) {
        for (const { kind, detail } of other.findings) this.finding(kind, index, other.seq, detail)
        this.addEvent(other.line)
        continue
      }
      const seq = seqs[n]!
      this.events++
      if (!this.takePlace(index, seq, Buffer.from(hashes.buffer, n * 32, 32))) continue
      this.compareTime(times[n]!, index, seq)
      this.commitments.add(commitments[n]!, index, seq)
      this.compareOutside()
    }
  }

  private addEvent(line: EventLine): void {
    const { index, hash, entry } = line
    this.events++
    if (!this.takePlace(index, entry?.seq ?? null, Buffer.from(hash, 'hex'))) return
    if (entry) this.addEntry(line, entry)
    else this.finding('missing', index, null, 'Its event was deleted.')
    this.compareOutside()
  }

  /** @returns false where another one has this place */
  private takePlace(index: number, seq: number | null, hash: Buffer): boolean {
    if (index > this.expected && !this.isFiltered) {
      this.finding('missing', this.expected, null, `Leaves ${this.expected} to ${index - 1} are not there.`)
      this.isWhole = false
    }
    if (index < this.expected) {
      this.finding('inserted', index, seq, 'This place in the log is taken already.')
      return false
    }
    if (this.isWhole && !this.isFiltered) this.tree.append(hash, this.onWhole)
    this.expected = index + 1
    return true
  }

  private addEntry({ index, hash, salt, personal, erased }: EventLine, entry: Entry): void {
    if (entry.v !== 1)
      this.finding('malformed', index, entry.seq, `Events of version ${entry.v} are not known.`)
    // All of it: also what an entry has no place for.
    if (leafHash(entryText(entry)) !== hash) this.suspects.push({ index, hash, entry })
    if (erased.length > 0) {
      if (salt !== null)
        this.finding(
          'unaccounted',
          index,
          entry.seq,
          'Somebody is said to be erased in it, and it has its salt.'
        )
      for (const pseudonym of new Set(erased)) this.addErased(pseudonym, index, entry.seq)
    } else if (salt === null || personal === null) {
      this.finding('missing', index, entry.seq, 'What was personal in it is gone, and nobody was erased.')
    } else if (commit(Buffer.from(salt, 'hex'), personal) !== entry.personal) {
      this.finding('edited', index, entry.seq, 'What is personal in it is not what was committed to.')
    }
    this.compareTime(Date.parse(entry.at), index, entry.seq)
    const prefix = prefixOf(entry.personal)
    if (prefix === undefined) this.finding('edited', index, entry.seq, 'Its commitment is none.')
    else this.commitments.add(prefix, index, entry.seq)
    this.account(entry)
  }

  private compareTime(at: number, index: number, seq: number): void {
    if (at < this.notBefore)
      this.finding('inserted', index, seq, 'It is older than everything that was pruned before it came.')
  }

  /** An event that will be a leaf in a moment: what it says of erasing and pruning holds already. */
  addWaiting(entry: Entry, erased: string[]): void {
    this.account(entry)
    for (const pseudonym of erased) this.addErased(pseudonym, this.expected, entry.seq)
  }

  private account(entry: Entry): void {
    const { details } = entry
    if (entry.action === 'audit.pseudonymised') {
      const { pseudonym, events, rows } = details
      const known = this.accounts.get(String(pseudonym)) ?? []
      this.accounts.set(String(pseudonym), [...known, { events, rows }])
    }
    if (entry.action === 'audit.pruned') {
      this.prunes.push(entry)
      this.notBefore = Math.max(
        this.notBefore,
        Math.min(Date.parse(String(details.before)), Date.parse(entry.at) - hourMs)
      )
    }
  }

  private addErased(pseudonym: string, index: number, seq: number): void {
    const found = this.erased.get(pseudonym)
    if (found) found.seqs.push(seq)
    else this.erased.set(pseudonym, { index, seq, seqs: [seq] })
  }

  private compareOutside(): void {
    while (this.outside.length > 0 && this.outside[0]!.size <= this.expected)
      this.compare(this.outside.shift()!, 'outside')
  }

  /** Whether the tree, now that it has that size, is the one that was signed. */
  private compare({ size, note }: CheckpointLine, from: 'checkpoint' | 'outside' | 'end'): void {
    const signed = parseCheckpoint(note)
    const last = Math.max(size - 1, 0)
    if (!signed || signed.size !== size) {
      this.finding('signature', size < 0 ? null : last, null, 'A checkpoint that is none.')
      return
    }
    if (this.verifiers.length > 0 && !isSigned(note, this.verifiers)) {
      this.finding(
        'signature',
        last,
        null,
        `The checkpoint of ${size} events is not signed by a key that was given.`
      )
      return
    }
    if (this.isFiltered) return
    if (size > this.expected) {
      this.finding(
        'truncated',
        this.expected,
        null,
        `Truncated at ${this.expected}: a checkpoint has ${size} events.`
      )
      return
    }
    if (size < this.expected) {
      if (size < this.pruned) this.notes.push(`A checkpoint of ${size} events is older than what was pruned.`)
      else if (from === 'end')
        this.finding('inserted', size, null, `The log is signed for ${size} events, and there are more.`)
      return
    }
    if (!this.isWhole) return
    if (signed.root.equals(this.tree.root)) this.agreed = size
    else if (!this.isRewritten) {
      this.isRewritten = true
      this.range(
        'rewritten',
        this.agreed,
        size,
        `Events ${this.agreed} to ${last}, or some of them, are not those that the checkpoint of ${size} was signed for.${this.agreed === 0 ? ' No checkpoint agrees with this log.' : ''}`
      )
    }
  }

  /** What follows cannot be read, so nothing is said of what is not there. */
  breakOff(detail: string): void {
    this.finding('malformed', null, null, detail)
    this.isBroken = true
  }

  finish(): Verdict {
    if (!this.isBroken) this.judgeEnd()
    this.judgeSuspects()
    for (const { index, seq } of this.commitments.copies())
      this.finding('inserted', index, seq, 'It is a copy of an earlier one.')
    if (this.erased.size > 0)
      this.notes.push(
        `Somebody was erased in some events (${[...this.erased.keys()].slice(0, 10).join(', ')}): what stands there now of what is personal is not proved.`
      )
    if (this.isFiltered)
      this.notes.push(
        'This is a part of the log: each event was compared with its own hash. That these are in the log, and that none is missing, is not shown by that; GET /audit/{seq}/proof shows the first.'
      )
    else if (!this.isBroken) {
      this.judgeErased()
      this.judgePruned()
    }
    this.placeRanges()
    this.findings.sort(byPlace)
    const { expected, events, findings, notes } = this
    const root = this.isFiltered || !this.isWhole ? '' : this.tree.root.toString('hex')
    return { ok: findings.length === 0, size: expected, root, events, findings, notes }
  }

  private judgeEnd(): void {
    if (!this.end) {
      this.finding('truncated', this.expected, null, 'It ends before its last line.')
    } else if (this.end.checkpoint === null) {
      if (this.expected > 0) this.finding('signature', this.expected - 1, null, 'The log has no checkpoint.')
    } else {
      const size = parseCheckpoint(this.end.checkpoint)?.size ?? this.expected
      this.compare({ type: 'checkpoint', size, note: this.end.checkpoint }, 'end')
    }
    for (const each of this.outside) this.compare(each, 'outside')
  }

  /** Where one of the events that cannot all be right is known to be wrong, that is the first. */
  private placeRanges(): void {
    const single = this.findings.flatMap((each) => (this.ranges.has(each) ? [] : (each.index ?? [])))
    for (const [finding, end] of this.ranges) {
      const inside = single.filter((index) => index >= finding.index! && index < end)
      if (inside.length > 0) finding.index = inside.reduce((least, index) => Math.min(least, index))
    }
  }

  private judgeSuspects(): void {
    const compared = this.suspects.slice(0, mostCompared)
    const moved = new Set<Suspect>()
    for (const one of compared)
      for (const other of compared) {
        if (one === other || moved.has(one)) continue
        const texts = [one.entry, { ...one.entry, seq: other.entry.seq }].map(entryText)
        if (texts.some((text) => leafHash(text) === other.hash)) moved.add(one)
      }
    for (const suspect of this.suspects) {
      const { index, entry } = suspect
      if (moved.has(suspect)) this.finding('reordered', index, entry.seq, 'It stood in another place.')
      else this.finding('edited', index, entry.seq, 'It is not what was sealed.')
    }
  }

  private judgeErased(): void {
    for (const [pseudonym, { index, seq, seqs }] of this.erased) {
      const rows = sha256('sha256', seqs.sort((a, b) => a - b).join(','), 'hex')
      const right = (this.accounts.get(pseudonym) ?? []).filter((account) =>
        this.pruned > 0
          ? Number(account.events) >= seqs.length
          : account.events === seqs.length && account.rows === rows
      )
      if (right.length !== 1)
        this.finding(
          'unaccounted',
          index,
          seq,
          `No event says that ${pseudonym} took somebody's place in just these.`
        )
    }
  }

  private judgePruned(): void {
    if (this.pruned === 0) return
    const own = canonicalJson(this.frontier)
    const said = this.prunes.some(
      ({ details }) => details.size === this.pruned && canonicalJson(details.frontier) === own
    )
    if (!said)
      this.finding(
        'unaccounted',
        this.pruned,
        null,
        `No event says that the first ${this.pruned} were pruned.`
      )
  }
}

const byPlace = (a: Finding, b: Finding) =>
  (a.index ?? Number.MAX_SAFE_INTEGER) - (b.index ?? Number.MAX_SAFE_INTEGER) ||
  findingKinds.indexOf(a.kind) - findingKinds.indexOf(b.kind)

/** Eight bytes of a commitment: of some millions no two are alike by chance. undefined: it is none */
export const prefixOf = (commitment: string): bigint | undefined =>
  /^[0-9a-f]{64}$/.test(commitment) ? BigInt(`0x${commitment.slice(0, 16)}`) : undefined

class Commitments {
  private prefixes = new BigUint64Array(1_024)
  private places = new Float64Array(2_048)
  private count = 0

  add(prefix: bigint, index: number, seq: number): void {
    if (this.count === this.prefixes.length) this.grow()
    this.prefixes[this.count] = prefix
    this.places[this.count * 2] = index
    this.places[this.count * 2 + 1] = seq
    this.count++
  }

  private grow(): void {
    const [prefixes, places] = [this.prefixes, this.places]
    this.prefixes = new BigUint64Array(prefixes.length * 2)
    this.prefixes.set(prefixes)
    this.places = new Float64Array(places.length * 2)
    this.places.set(places)
  }

  /** Each later one of those that are alike. */
  copies(): { index: number; seq: number }[] {
    const sorted = this.prefixes.slice(0, this.count).sort()
    const double = new Set<bigint>()
    for (let n = 1; n < sorted.length; n++) if (sorted[n] === sorted[n - 1]) double.add(sorted[n]!)
    if (double.size === 0) return []
    const seen = new Set<bigint>()
    const copies: { index: number; seq: number }[] = []
    for (let n = 0; n < this.count; n++) {
      const prefix = this.prefixes[n]!
      if (!double.has(prefix)) continue
      if (seen.has(prefix)) copies.push({ index: this.places[n * 2]!, seq: this.places[n * 2 + 1]! })
      seen.add(prefix)
    }
    return copies
  }
}
