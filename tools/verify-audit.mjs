#!/usr/bin/env node
/**
 * Verifies an audit export of Locksmith without Locksmith: this one file, nothing but Node 22 or later, no network.
 *
 *   node verify-audit.mjs EXPORT.ndjson [--checkpoint FILE]… [--key VKEY-or-FILE]… [--json]
 *   node verify-audit.mjs proof|consistency FILE [--key …] [--json]     what these routes of /audit answer
 *
 * A file may be `-`. --key is the log's verifier key (name+id+base64), or a file with one a line: get it by another way
 * than the export. --checkpoint is one that you kept, or had from somebody else: it is what tells that the log was cut
 * off, or made anew, since. Exit code: 0 verified, 1 something is wrong, 2 usage or unreadable.
 * What is checked, and what a finding means, is said in docs/AUDIT.md, "The format".
 */
import { createPublicKey, hash as digest, verify } from 'node:crypto'
import { createReadStream, readFileSync, realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const HOUR = 3_600_000
const [MAX_LINE, MAX_DEPTH, MAX_LISTED] = [4 << 20, 100, 1_000]
const ORDER = 'malformed edited missing inserted reordered truncated rewritten signature unaccounted'

/** What was read is not of the format. */
class Malformed extends Error {}
const need = (condition, what) => {
  if (!condition) throw new Malformed(what)
}
const isText = (value) => typeof value === 'string'
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const isHash = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value)
const isPath = (value) => Array.isArray(value) && value.length <= 64 && value.every(isHash)
const isNullOr = (is, value) => value === null || is(value)
const pushTo = (map, key, value) => map.get(key)?.push(value) ?? map.set(key, [value])

/**
 * The JSON Canonicalization Scheme. JSON.stringify writes texts and numbers as it asks, sort() goes by UTF-16 code units
 * as it asks, and members are read as own ones: `__proto__` is a name like any other.
 */
export function jcs(value, depth = 0) {
  if (typeof value === 'string') {
    // Most texts have nothing to escape, and this is the quickest way to know.
    if (/^[ !#-[\]-~]*$/.test(value)) return `"${value}"`
    need(value.isWellFormed(), 'a text has half a surrogate pair')
  }
  if (typeof value === 'number') need(Number.isFinite(value), 'a number is out of range')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  need(depth < MAX_DEPTH, 'it is nested too deep')
  if (Array.isArray(value)) return `[${value.map((item) => jcs(item, depth + 1)).join()}]`
  let text = ''
  for (const key of Object.keys(value).sort())
    text += `${text && ','}${jcs(key)}:${jcs(value[key], depth + 1)}`
  return `{${text}}`
}

const sha256 = (data) => digest('sha256', data, 'hex')
export const leafHash = (text) => sha256(`\0${text}`)
const nodeHash = (left, right) => sha256(Buffer.from(`01${left}${right}`, 'hex'))

/** Adds to a tree of `size` leaves, given as the roots of the whole subtrees that they make up, the largest first. */
export function addLeaf(frontier, size, hash) {
  let node = hash
  for (let n = size; n % 2 === 1; n = (n - 1) / 2) node = nodeHash(frontier.pop(), node)
  frontier.push(node)
}
export const rootOf = (frontier) =>
  frontier.length ? frontier.reduceRight((right, left) => nodeHash(left, right)) : sha256('')

/** How many leaves the left part of a tree has: the greatest power of two below n. */
const leftOf = (n, k = 1) => (2 * k < n ? leftOf(n, 2 * k) : k)

/** The root that an inclusion path leads to (RFC 9162, 2.1.3), or null. */
export function inclusionRoot(hash, index, size, path) {
  if (size < 2 || !path.length) return index === 0 && size === 1 && !path.length ? hash : null
  const [k, other, inner] = [leftOf(size), path.at(-1), path.slice(0, -1)]
  const isLeft = index < k
  const root = inclusionRoot(hash, isLeft ? index : index - k, isLeft ? k : size - k, inner)
  return root && (isLeft ? nodeHash(root, other) : nodeHash(other, root))
}

/** Whether the tree with the root `toRoot` begins with the one with `fromRoot` (RFC 9162, 2.1.4). */
export function isConsistent(from, to, path, fromRoot, toRoot) {
  if (from > to) return false
  if (from === 0 && to > 0) return path.length === 0 && fromRoot === sha256('')
  const hashes = path.values()
  // The earlier and the later root of n leaves, of which m were there earlier; `isAll`: and no others.
  const roots = (m, n, isAll) => {
    if (m === n) return Array(2).fill(isAll ? fromRoot : hashes.next().value)
    const k = leftOf(n)
    const [early, late] = m <= k ? roots(m, k, isAll) : roots(m - k, n - k, false)
    const other = hashes.next().value
    return m <= k ? [early, nodeHash(late, other)] : [nodeHash(other, early), nodeHash(other, late)]
  }
  const [early, late] = roots(from, to, true)
  return early === fromRoot && late === toRoot && hashes.next().done === true
}

const fromBase64 = (text) => {
  const bytes = Buffer.from(text ?? '', 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** A verifier key as C2SP's signed-note has it, for Ed25519. */
export function readKey(vkey) {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? []
  const key = fromBase64(base64)
  const isKey = key?.length === 33 && key[0] === 1
  if (!isKey || id !== sha256(Buffer.concat([Buffer.from(`${name}\n`), key])).slice(0, 8))
    throw new Error(`not a verifier key for Ed25519: ${vkey}`)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') }
  return { name, id, publicKey: createPublicKey({ key: jwk, format: 'jwk' }) }
}

/** Which of the keys signed a note. What others signed, or somebody wrongly, is nothing. */
export function signersOf(note, keys) {
  const end = note.lastIndexOf('\n\n') + 1
  const text = Buffer.from(note.slice(0, end))
  const signers = new Set()
  for (const line of note.slice(end + 1, -1).split('\n')) {
    const [, name, base64] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? []
    const bytes = fromBase64(base64)
    if (!bytes) return []
    const key = keys.find((key) => key.name === name && key.id === bytes.toString('hex', 0, 4))
    if (key && verify(null, text, key.publicKey, bytes.subarray(4))) signers.add(key)
  }
  return note.endsWith('\n') ? [...signers] : []
}

/** Findings, one for each kind and index, and notes. */
class Report {
  listed = new Map(ORDER.split(' ').map((kind) => [kind, new Map()]))
  notes = []
  signedBy = new Set()

  constructor(keys) {
    this.keys = keys.map(readKey)
    if (!keys.length) this.notes.push('no --key: signatures were not checked, anybody could have made this')
  }
  find = (kind, index, seq, detail) => {
    const listed = this.listed.get(kind)
    if (listed.has(index) || listed.size === MAX_LISTED) return
    listed.set(index, { kind, index, seq, detail })
    if (listed.size === MAX_LISTED) this.notes.push(`of those that are ${kind} not more are listed`)
  }
  /** Whether it could be read: otherwise that is a finding. */
  canRead(read, what, index) {
    try {
      read()
      return true
    } catch (error) {
      if (!(error instanceof Malformed || error instanceof SyntaxError)) throw error
      this.find('malformed', index, null, `${what}: ${error.message}`)
      return false
    }
  }
  /** A checkpoint, for `size` if that is given; or null: it is none, or not good. Without keys each is good. */
  checkpoint(note, what, size = null, place = size) {
    const form = /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]{44})\n\n./
    const [, origin, digits, base64] = (isText(note) && form.exec(note)) || []
    const [root, said] = [fromBase64(base64), Number(digits)]
    const isOne = root?.length === 32 && isCount(said) && said === (size ?? said)
    const signers = isOne ? signersOf(note, this.keys).filter(({ name }) => name === origin) : []
    for (const { name, id } of signers) this.signedBy.add(`${name}+${id}`)
    if (isOne && (signers.length || !this.keys.length)) return { size: said, root: root.toString('hex') }
    const at = isOne ? said : place
    this.find('signature', at && at - 1, null, `${what} is ${isOne ? 'not signed by a given key' : 'none'}`)
    return null
  }
  findings() {
    const order = ({ index }) => index ?? Number.MAX_VALUE
    return [...this.listed.values()].flatMap((of) => [...of.values()]).sort((a, b) => order(a) - order(b))
  }
  result(facts) {
    const findings = this.findings()
    return { ok: !findings.length, ...facts, findings, notes: this.notes, signedBy: [...this.signedBy] }
  }
}

/** Whether salt and personal object are what the entry commits to. */
function isCommitted({ entry, salt, personal }) {
  const opened = Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(jcs(personal))])
  return /^[0-9a-f]{32}$/.test(salt) && sha256(opened) === entry.personal
}

/**
 * Verifies an export.
 * @param {AsyncIterable<string> | Iterable<string>} lines
 * @param {{ checkpoints?: string[], keys?: string[] }} given
 */
export async function verifyExport(lines, { checkpoints = [], keys = [] } = {}) {
  const report = new Report(keys)
  const { find, notes } = report
  let [header, filter, pruned, end] = [null, null, null, null]
  let notBefore = -Infinity
  // How many leaves and events there are; their tree, and whether all leaves are in it.
  let [size, events, frontier, whole] = [0, 0, [], true]
  // The roots of checkpoints by size, while that is still to come; the last size for which one was right, the first not.
  const due = new Map()
  let [agreed, disagreed] = [0, null]
  // Events whose entry does not have their hash, 64 of them; the first 8 bytes of each commitment, and whose it is.
  const [strange, prefixes, places] = [[], [], []]
  // By pseudonym: the events that name it, and what the log says of it. What it says of prunings.
  const [named, accounts, prunings] = [new Map(), new Map(), []]

  const expect = (checkpoint) => checkpoint && pushTo(due, checkpoint.size, checkpoint.root)
  const compareDue = () => {
    const roots = due.get(size) ?? []
    due.delete(size)
    if (!roots.length || !whole || disagreed !== null) return
    const own = rootOf(frontier)
    if (roots.includes(own)) agreed = size
    if (roots.some((root) => root !== own)) disagreed = size
  }

  function readHeader(line) {
    need(isObject(line) && line.type === 'export' && line.version === 1, 'it is no header of version 1')
    need(isNullOr(isObject, line.filter) && isNullOr(isObject, line.pruned), 'filter or pruned is no object')
    const { size: gone, frontier: roots } = line.pruned ?? { size: 0, frontier: [] }
    need(isCount(gone) && isPath(roots), 'pruned is of another form')
    need(gone.toString(2).replaceAll('0', '').length === roots.length, 'the frontier does not fit the size')
    header = line
    filter = line.filter
    pruned = gone ? line.pruned : null
    size = agreed = gone
    frontier = [...roots]
    whole = !filter
  }

  function readEvent(event) {
    const { index, hash, entry, salt, personal, erased } = event
    need(isCount(index) && isHash(hash) && isNullOr(isObject, entry), 'index, hash or entry is not one')
    need(isNullOr(isText, salt) && isNullOr(isObject, personal), 'salt or personal is not one')
    need(Array.isArray(erased) && erased.every(isText), 'erased is no list of texts')
    events++
    const seq = isCount(entry?.seq) ? entry.seq : null
    const is = (kind, detail) => find(kind, index, seq, detail)
    if (index < size) return is('inserted', 'this index was there already')
    compareDue()
    if (index > size && !filter) {
      find('missing', size, null, `the leaves from ${size} to ${index - 1} are left out`)
      whole = false
    }
    if (whole) addLeaf(frontier, size, hash)
    size = index + 1
    if (!entry) return is('missing', 'the event of this leaf is gone')
    const own = leafHash(jcs(entry))
    if (entry.v !== 1) is('malformed', 'the version of the entry is not 1')
    if (own !== hash && strange.length < 64) strange.push({ index, seq, hash, entry, own })
    else if (own !== hash) is('edited', 'the entry is not what its hash says')
    if (erased.length && salt !== null) is('unaccounted', 'it is erased, and its salt is there')
    if (!erased.length && (salt === null || personal === null)) is('missing', 'what was personal is gone')
    else if (!erased.length && !isCommitted(event)) is('edited', 'what is personal is another')
    if (isHash(entry.personal)) prefixes[places.push(index) - 1] = BigInt(`0x${entry.personal.slice(0, 16)}`)
    for (const name of new Set(erased)) pushTo(named, name, { index, seq })
    const { action, details } = entry
    if (action === 'audit.pseudonymised') pushTo(accounts, details?.pseudonym, details)
    if (Date.parse(entry.at) < notBefore) is('inserted', 'it is older than all that was pruned before it')
    if (action === 'audit.pruned') {
      prunings.push(details)
      notBefore = Math.max(
        notBefore,
        Math.min(Date.parse(details?.before), Date.parse(entry.at) - HOUR) || notBefore
      )
    }
  }

  function readLine(text) {
    need(text.length <= MAX_LINE, 'it is too long')
    const line = JSON.parse(text)
    need(!end, 'there is a line after the end')
    if (!header) readHeader(line)
    else if (line?.type === 'event') readEvent(line)
    else if (line?.type === 'checkpoint') {
      need(isCount(line.size), 'the size of the checkpoint is of another form')
      expect(report.checkpoint(line.note, `the checkpoint for ${line.size}`, line.size))
    } else {
      need(line?.type === 'end', 'it is of no known type')
      // Where nothing was sealed yet there is no head.
      const isNone = line.checkpoint === null && size === 0
      const head = isNone ? null : report.checkpoint(line.checkpoint, 'the head', null, size)
      expect(head)
      end = { size: head?.size }
    }
  }

  function reportEnd() {
    const more = [...due.keys()].find((other) => other > size)
    if (more) find('truncated', size, null, `there is a checkpoint for ${more} leaves`)
    if (end?.size < size) find('inserted', end.size, null, 'the checkpoint at the end is for fewer leaves')
    for (const [name, events] of named) {
      const seqs = events.map(({ seq }) => seq).sort((a, b) => a - b)
      const [count, rows] = [seqs.length, sha256(seqs.join())]
      const isRight = (said) => (pruned ? said.events >= count : said.events === count && said.rows === rows)
      const what = `not one event accounts for all ${count} with this pseudonym`
      if (accounts.get(name)?.filter(isRight).length !== 1)
        find('unaccounted', events[0].index, events[0].seq, what)
    }
    const isIt = (said) => said?.size === pruned.size && jcs(said.frontier) === jcs(pruned.frontier)
    const what = 'no event tells that this many leaves were pruned'
    if (pruned && !prunings.some(isIt)) find('unaccounted', pruned.size, null, what)
  }

  for (const note of checkpoints) expect(report.checkpoint(note, 'the checkpoint from outside'))
  let [number, isRead] = [0, true]
  for await (const text of lines) {
    number++
    isRead = report.canRead(() => readLine(text), `line ${number}`, header && size)
    if (!isRead) break
  }
  compareDue()
  for (const { index, seq, entry, own } of strange) {
    const isOf = ({ hash, seq }) => hash === own || hash === leafHash(jcs({ ...entry, seq }))
    const isMoved = strange.some((other) => other.index !== index && isOf(other))
    find(isMoved ? 'reordered' : 'edited', index, seq, 'the entry is not what its hash says')
  }
  const sorted = BigUint64Array.from(prefixes).sort()
  const copied = new Set(sorted.filter((prefix, i) => prefix === sorted[i - 1]))
  const firsts = new Set(copied)
  for (const [i, prefix] of copied.size ? prefixes.entries() : [])
    if (copied.has(prefix) && !firsts.delete(prefix)) find('inserted', places[i], null, 'it is a copy')
  if (!isRead) notes.push(`reading stopped at line ${number}: what follows was not verified`)
  else if (!end) find('truncated', size, null, 'there is no last line')
  if (isRead && !filter) reportEnd()
  if (disagreed !== null) {
    const isWithin = ({ index }) => index !== null && index >= agreed && index < disagreed
    const what = `a checkpoint was signed for ${disagreed} other leaves; the first ${agreed} are as they were`
    find('rewritten', report.findings().find(isWithin)?.index ?? agreed, null, what)
  }
  if (filter) notes.push('with a filter: not checked that the events are in the log, nor that all are here')
  else if (!checkpoints.length) notes.push('no --checkpoint: not seen if the log was cut off, or made anew')
  if (named.size) notes.push('some were erased: nothing vouches for what is left of their personal members')
  const root = whole ? rootOf(frontier) : null
  return report.result({ size: filter ? (end?.size ?? null) : size, root, events })
}

/** One object, checked by `check`, which says what it is about. */
function verifyOne(value, given, check) {
  const report = new Report(given?.keys ?? [])
  let facts = {}
  report.canRead(() => (facts = check(Object(value), report)), 'the proof', null)
  return report.result(facts)
}

/** Verifies the answer of GET /audit/{seq}/proof: that this event is in the log a checkpoint signs. */
export function verifyInclusion(proof, given) {
  return verifyOne(proof, given, (value, report) => {
    const { seq, index, size, hash, path, entry, salt, personal } = value
    need(isCount(seq) && isCount(index) && isCount(size), 'seq, index or size is of another form')
    need(isHash(hash) && isPath(path) && isObject(entry), 'hash, path or entry is of another form')
    need(isNullOr(isText, salt) && isNullOr(isObject, personal), 'salt or personal is of another form')
    if (entry.v !== 1) report.find('malformed', index, seq, 'the version of the entry is not 1')
    if (leafHash(jcs(entry)) !== hash || entry.seq !== seq)
      report.find('edited', index, seq, 'the entry is not what its hash or seq says')
    if (salt === null) report.notes.push('erased, or left out: nothing vouches for what is shown as personal')
    else if (personal === null || !isCommitted(value))
      report.find('edited', index, seq, 'what is personal is not what was committed to')
    const checkpoint = report.checkpoint(value.checkpoint, 'the checkpoint', size)
    if (checkpoint && inclusionRoot(hash, index, size, path) !== checkpoint.root)
      report.find('rewritten', index, seq, 'the path does not lead to the root of the checkpoint')
    return { size, root: checkpoint?.root ?? null, events: 1 }
  })
}

/** Verifies the answer of GET /audit/consistency: that the later log begins with all of the earlier one. */
export function verifyConsistency(proof, given) {
  return verifyOne(proof, given, ({ from, to, path, fromRoot, toRoot, ...notes }, report) => {
    need(isCount(from) && isCount(to) && isPath(path), 'from, to or path is of another form')
    need(isHash(fromRoot) && isHash(toRoot), 'a root is of another form')
    const compare = (note, size, root) => {
      const signed = report.checkpoint(note, `the checkpoint for ${size}`, size)?.root ?? root
      if (signed !== root) report.find('rewritten', null, null, `the checkpoint for ${size} has another root`)
    }
    compare(notes.checkpoint, to, toRoot)
    if (notes.fromCheckpoint !== null) compare(notes.fromCheckpoint, from, fromRoot)
    else report.notes.push(`compare the earlier root ${fromRoot} with a checkpoint for ${from} that you kept`)
    if (!isConsistent(from, to, path, fromRoot, toRoot))
      report.find('rewritten', null, null, `the log of ${to} leaves does not begin with that of ${from}`)
    return { size: to, root: toRoot, events: 0 }
  })
}

/** The lines of a stream of UTF-8; what follows one that is too long is left out. */
async function* linesOf(stream) {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
  let rest = ''
  for await (const chunk of stream) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop()
    yield* lines
    if (rest.length > MAX_LINE) break
  }
  if (rest) yield rest
}

async function main(args) {
  const multiple = { type: 'string', multiple: true, default: [] }
  const options = { checkpoint: multiple, key: multiple, json: { type: 'boolean' } }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const [file, proof] = positionals.toReversed()
  const check = { proof: verifyInclusion, consistency: verifyConsistency, __proto__: null }[proof]
  if (positionals.length !== (check ? 2 : 1) || (check && values.checkpoint.length))
    throw new Error(
      'Usage: verify-audit.mjs [proof|consistency] FILE [--checkpoint FILE] [--key KEY] [--json]'
    )
  const read = (name) => readFileSync(name === '-' ? 0 : name, 'utf8')
  const keys = values.key.flatMap((key) => (/\+.+\+/.test(key) ? key : read(key).trim().split(/\s+/)))
  const lines = () => linesOf(file === '-' ? process.stdin : createReadStream(file))
  const given = { checkpoints: values.checkpoint.map(read), keys }
  const result = check ? check(JSON.parse(read(file)), given) : await verifyExport(lines(), given)
  console.log(values.json ? JSON.stringify(result, null, 2) : told(result))
  process.exitCode = result.ok ? 0 : 1
}

function told({ ok, size, root, events, findings, notes, signedBy }) {
  const lines = [ok ? 'VERIFIED: nothing is wrong with what could be checked' : 'NOT VERIFIED']
  for (const { kind, index, seq, detail } of findings)
    lines.push(`  ${kind} at ${index ?? 'no leaf'}${seq === null ? '' : ` (seq ${seq})`}: ${detail}`)
  lines.push(`  events ${events ?? '-'}, size ${size ?? '-'}, root ${root ?? '-'}`)
  lines.push(`  signed by ${signedBy.join(', ') || 'no key that was given'}`)
  for (const note of notes) lines.push(`  note: ${note}`)
  // What an export says is not to steer a terminal.
  return lines.map((line) => line.replace(/\p{C}/gu, '?')).join('\n')
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href)
  await main(process.argv.slice(2)).catch((error) => {
    console.error(error.message)
    process.exitCode = 2
  })
