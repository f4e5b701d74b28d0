#!/usr/bin/env node
/**
 * Verifies an audit export of Locksmith without Locksmith: this one file, nothing but Node 20 or later, no network.
 *
 *   node verify-audit.mjs EXPORT.ndjson [--checkpoint FILE]… [--key VKEY-or-FILE]… [--json]
 *   node verify-audit.mjs proof PROOF.json [--key …] [--json]         answer of GET /audit/{seq}/proof
 *   node verify-audit.mjs consistency FILE [--key …] [--json]         answer of GET /audit/consistency
 *
 * EXPORT may be `-` for standard input. --key is the log's verifier key (name+id+base64), or a file with one a line:
 * get it from the operator by another way than the export. --checkpoint is a checkpoint you kept from earlier, or
 * had from somebody else: it is what tells that the log was cut off, or made anew, since.
 * Exit code: 0 verified, 1 something is wrong, 2 usage or unreadable input.
 *
 * How it is built: each event is a leaf of a Merkle tree (RFC 9162, SHA-256) over its canonical JSON (RFC 8785), and
 * checkpoints (C2SP tlog-checkpoint) sign that tree's root. Personal members are not in the leaf, only a salted hash
 * of them is, so that they can be erased and the tree still holds.
 */
import { isUtf8 } from 'node:buffer'
import * as crypto from 'node:crypto'
import { createReadStream, readFileSync, realpathSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'

const MAX_LINE = 4 << 20
const MAX_DEPTH = 100
const MAX_FINDINGS = 10_000
// How many leaves a checkpoint's line may be late and its root still be compared.
const HISTORY = 4096
const HEX_HASH = /^[0-9a-f]{64}$/
const PLAIN = /^[ !#-[\]-~]*$/
const MEMBERS = /("[^"\\]*(?:\\.[^"\\]*)*")\s*:|"[^"\\]*(?:\\.[^"\\]*)*"|[{}]/g
// Numbers that may be written shorter than JSON.stringify does: with an exponent, or rounded up to one digit more.
const SHORTER = /[:,[\s]-?\d(?:[\d.]*[eE]|\d{15})/
const ROW_LENGTH = '{"type":"event","index":,"hash":"","entry":,"salt":,"personal":,"erased":}'.length + 64

/** What was read is not of the format. */
class Malformed extends Error {}

/** @type {(condition: unknown, what: string) => void} */
const need = (condition, what) => {
  if (!condition) throw new Malformed(what)
}
const isObject = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isCount = (value) => Number.isSafeInteger(value) && value >= 0
const isTextOrNull = (value) => value === null || typeof value === 'string'
const isPath = (value) => Array.isArray(value) && value.length <= 64 && value.every(isHash)
const isHash = (value) => typeof value === 'string' && HEX_HASH.test(value)
/** These members and no other: what is next to verified text and not verified itself could only mislead. */
const hasOnly = (value, members) => {
  const keys = Object.keys(value)
  return keys.length === members.length && members.every((member) => Object.hasOwn(value, member))
}

/** @type {(data: string | Uint8Array) => string} One-shot since Node 20.12, and twice as fast. */
const sha256 = crypto.hash
  ? (data) => crypto.hash('sha256', data, 'hex')
  : (data) => crypto.createHash('sha256').update(data).digest('hex')
/** @param {string} text */
export const leafHash = (text) => sha256(`\0${text}`)
const pair = Buffer.alloc(65, 1)
const nodeHash = (left, right) => {
  pair.write(left, 1, 'hex')
  pair.write(right, 33, 'hex')
  return sha256(pair)
}
/** @type {(salt: string, personal: string) => string} */
const commitment = (salt, personal) =>
  sha256(Buffer.concat([Buffer.from(salt, 'hex'), Buffer.from(personal)]))

/** @type {Map<string, string>} Names of members as they are written: they are few, and in every row again. */
const written = new Map()
const nameOf = (key) => {
  const known = written.get(key)
  if (known) return known
  const text = `${jcs(key)}:`
  if (written.size < 1000 && key.length < 64) written.set(key, text)
  return text
}

/**
 * The JSON Canonicalization Scheme. JSON.stringify writes strings and numbers as it asks, and sort() without a
 * comparison goes by UTF-16 code units. Members are read as own ones: `__proto__` is a name like any other here.
 * @returns {string}
 */
export function jcs(value, depth = 0) {
  if (typeof value === 'string') {
    // Most texts need no escapes, and this is the quickest way to know.
    if (PLAIN.test(value)) return `"${value}"`
    need(value.isWellFormed(), 'a text has half a surrogate pair')
    return JSON.stringify(value)
  }
  if (typeof value === 'number') need(Number.isFinite(value), 'a number is out of range')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  need(depth < MAX_DEPTH, 'it is nested too deep')
  let [text, comma] = ['', '']
  if (Array.isArray(value)) {
    for (const item of value) {
      text += comma + jcs(item, depth + 1)
      comma = ','
    }
    return `[${text}]`
  }
  for (const key of Object.keys(value).sort()) {
    text += comma + nameOf(key) + jcs(value[key], depth + 1)
    comma = ','
  }
  return `{${text}}`
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Malformed('it is not JSON, not UTF-8 or too long')
  }
}

/**
 * Refuses members of the same name twice: JSON.parse keeps the last, and that one is verified, while somebody who reads
 * the file may take the first.
 */
function refuseTwice(text) {
  const open = []
  for (const [token, name] of text.matchAll(MEMBERS)) {
    if (token === '{') open.push(new Set())
    else if (token === '}') open.pop()
    else if (name) {
      const key = JSON.parse(name)
      need(!open.at(-1).has(key), `it has the member ${name} twice`)
      open.at(-1).add(key)
    }
  }
}

/** A tree as the list of its perfect subtrees, smallest first; null is the empty one. Old ones stay valid. */
export const addLeaf = (tree, hash) => {
  let node = { level: 0, hash, rest: tree }
  while (node.rest?.level === node.level)
    node = { level: node.level + 1, hash: nodeHash(node.rest.hash, node.hash), rest: node.rest.rest }
  return node
}
/** @returns {string} */
export const rootOf = (tree) => {
  if (!tree) return sha256('')
  let { hash, rest } = tree
  for (; rest; rest = rest.rest) hash = nodeHash(rest.hash, hash)
  return hash
}
/** The tree of `size` leaves that are gone but for the hashes of its perfect subtrees; undefined where the two do not fit. */
const treeOf = (size, frontier) => {
  const bits = [...size.toString(2)]
  const levels = bits.flatMap((bit, i) => (bit === '1' ? [bits.length - 1 - i] : []))
  if (levels.length !== frontier.length) return undefined
  return levels.reduce((rest, level, i) => ({ level, hash: frontier[i], rest }), null)
}

// Sizes may go beyond 32 bits: halving and remainder instead of bit operators.
const half = (n) => Math.floor(n / 2)

/** The root that an inclusion path leads to (RFC 9162, 2.1.3.2), or null. */
export function inclusionRoot(hash, index, size, path) {
  if (index >= size) return null
  let [fn, sn, r] = [index, size - 1, hash]
  for (const p of path) {
    if (sn === 0) return null
    if (fn % 2 === 1 || fn === sn) {
      r = nodeHash(p, r)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else r = nodeHash(r, p)
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 ? r : null
}

/** Whether the tree with the root `toRoot` begins with the one with `fromRoot` (RFC 9162, 2.1.4.2). */
export function isConsistent(from, to, path, fromRoot, toRoot) {
  if (from > to) return false
  if (from === to) return path.length === 0 && fromRoot === toRoot
  if (from === 0) return path.length === 0 && fromRoot === sha256('')
  if (path.length === 0) return false
  let [fn, sn] = [from - 1, to - 1]
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)]
  // fn is 0 here exactly where `from` is a power of two: its root is then a node of the greater tree.
  const [first, ...rest] = fn === 0 ? [fromRoot, ...path] : path
  let [fr, sr] = [first, first]
  for (const c of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = nodeHash(c, fr)
      sr = nodeHash(c, sr)
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)]
    } else sr = nodeHash(sr, c)
    ;[fn, sn] = [half(fn), half(sn)]
  }
  return sn === 0 && fr === fromRoot && sr === toRoot
}

const fromBase64 = (text) => {
  const bytes = Buffer.from(text, 'base64')
  return bytes.toString('base64') === text ? bytes : null
}

/** @param {string} vkey */
export function readKey(vkey) {
  const [, name, id, base64] = /^([^\s+]+)\+([0-9a-f]{8})\+(\S+)$/.exec(vkey) ?? []
  const key = base64 ? fromBase64(base64) : null
  if (key?.length !== 33 || key[0] !== 1) throw new Error(`not a verifier key for Ed25519: ${vkey}`)
  const right = sha256(Buffer.concat([Buffer.from(`${name}\n`), key])).slice(0, 8)
  if (id !== right) throw new Error(`the id of the verifier key ${vkey} should be ${right}`)
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.subarray(1).toString('base64url') }
  return { name, id, publicKey: crypto.createPublicKey({ key: jwk, format: 'jwk' }) }
}

/**
 * Which of the keys signed a note. None did where a line is not of the form, or where a given key's signature is wrong:
 * C2SP's signed-note asks to refuse such a note as a whole. Signatures of other keys are ignored.
 * @param {string} note
 */
export function signersOf(note, keys) {
  const end = note.lastIndexOf('\n\n') + 1
  const signers = []
  if (end < 2 || !note.endsWith('\n')) return signers
  for (const line of note.slice(end + 1, -1).split('\n')) {
    const [, name, base64] = /^\u2014 ([^\s+]+) (\S+)$/.exec(line) ?? []
    const bytes = base64 ? fromBase64(base64) : null
    if (!bytes || bytes.length < 5) return []
    const key = keys.find((key) => key.name === name && key.id === bytes.toString('hex', 0, 4))
    if (!key) continue
    const text = Buffer.from(note.slice(0, end))
    if (!crypto.verify(null, text, key.publicKey, bytes.subarray(4))) return []
    signers.push(key)
  }
  return signers
}

/** A checkpoint's text, read; its signatures are another matter. Without keys each counts as good. */
function readCheckpoint(note, keys) {
  const [, origin, size, root] =
    (typeof note === 'string' && /^([^\n]+)\n(0|[1-9]\d{0,15})\n([^\n]{44})\n\n/.exec(note)) || []
  const hash = root ? fromBase64(root) : null
  need(hash?.length === 32 && isCount(Number(size)), 'a checkpoint is not of the format')
  const by = signersOf(note, keys).filter((key) => key.name === origin)
  return { origin, size: Number(size), root: hash.toString('hex'), by, good: !keys.length || by.length > 0 }
}

/** Findings and notes; one finding for each kind and index, so that a row is not reported twice for one thing. */
function collector(keys) {
  const found = new Map()
  const by = new Set()
  let more = 0
  const notes = keys.length
    ? []
    : ['no --key was given: signatures were not checked, anybody could have made this']
  return {
    notes,
    has: (...kinds) => [...found.values()].some(({ kind }) => kinds.includes(kind)),
    find(kind, index, seq, detail) {
      const known = found.get(`${kind} ${index}`)
      if (known) known.detail = known.detail.includes(detail) ? known.detail : `${known.detail}; ${detail}`
      else if (found.size < MAX_FINDINGS) found.set(`${kind} ${index}`, { kind, index, seq, detail })
      else more++
    },
    signature(checkpoint, what, seq = null) {
      for (const { name, id } of checkpoint.by) by.add(`${name}+${id}`)
      const index = checkpoint.size ? checkpoint.size - 1 : null
      if (!checkpoint.good) this.find('signature', index, seq, `${what} is not signed by a given key`)
    },
    result(facts) {
      if (more) notes.push(`${more} more findings are left off`)
      const order = ({ index }) => index ?? Number.POSITIVE_INFINITY
      const findings = [...found.values()].sort((a, b) => (order(a) === order(b) ? 0 : order(a) - order(b)))
      return { ok: findings.length === 0, ...facts, findings, notes, signedBy: [...by] }
    }
  }
}

/**
 * The first 8 bytes of each commitment, to tell a copy: 11 to 22 bytes a row. That two of a few million differ and
 * agree in these has a chance below one in a million, so that no second look is taken. The place in the table hangs
 * on chance, so that no export can be made to be slow.
 */
class Prefixes {
  #table = new Uint32Array(2 << 12)
  #bits = 12
  #used = 0
  #factors = crypto.getRandomValues(new Uint32Array(2))

  /** Whether it was there already. */
  add(hex) {
    if (this.#used > 0.75 * 2 ** this.#bits) {
      const old = this.#table
      this.#bits++
      this.#table = new Uint32Array(2 ** (this.#bits + 1))
      for (let i = 0; i < old.length; i += 2) if (old[i + 1]) this.#put(old[i], old[i + 1])
    }
    // 0 marks a free place.
    const isNew = this.#put(Number.parseInt(hex.slice(0, 8), 16), Number.parseInt(hex.slice(8, 16), 16) || 1)
    if (isNew) this.#used++
    return !isNew
  }

  #put(a, b) {
    const [x, y] = this.#factors
    let i = (Math.imul(a, x | 1) + Math.imul(b, y | 1)) >>> (32 - this.#bits)
    for (; this.#table[2 * i + 1]; i = (i + 1) % 2 ** this.#bits)
      if (this.#table[2 * i] === a && this.#table[2 * i + 1] === b) return false
    this.#table[2 * i] = a
    this.#table[2 * i + 1] = b
    return true
  }
}

const HEADER = ['type', 'version', 'origin', 'exportedAt', 'filter', 'pruned']
const ROW = ['type', 'index', 'hash', 'entry', 'salt', 'personal', 'erased']
const ENTRY = 'v seq at action actor operationId campaignId requestId details personal'.split(' ')
const isEntry = (e) =>
  hasOnly(e, ENTRY) &&
  e.v === 1 &&
  isCount(e.seq) &&
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(e.at) &&
  [e.action, e.actor].every((text) => typeof text === 'string') &&
  [e.operationId, e.campaignId, e.requestId].every(isTextOrNull) &&
  isObject(e.details) &&
  isHash(e.personal)
const isSalt = (value) => value === null || (typeof value === 'string' && /^([0-9a-f]{2})*$/.test(value))

function checkHeader(header) {
  need(isObject(header) && header.type === 'export', 'the header is missing')
  need(header.version === 1, 'the version of the export is not 1')
  need(hasOnly(header, HEADER), 'the header has other members')
  const { origin, exportedAt, filter, pruned } = header
  need(typeof origin === 'string' && typeof exportedAt === 'string', 'origin or exportedAt is no text')
  need(filter === null || isObject(filter), 'the filter is no object')
  if (pruned === null) return { size: 0, frontier: [], tree: null }
  need(isObject(pruned) && hasOnly(pruned, ['size', 'frontier']), 'pruned has other members')
  need(isCount(pruned.size) && isPath(pruned.frontier), 'pruned is not of the format')
  const tree = treeOf(pruned.size, pruned.frontier)
  need(tree !== undefined, 'the frontier does not fit the size that was pruned')
  return { ...pruned, tree }
}

function checkRow({ index, hash, entry, salt, personal, erased }) {
  need(isCount(index) && isHash(hash) && isObject(entry), 'index, hash or entry is not of the format')
  need(isSalt(salt) && (personal === null || isObject(personal)), 'salt or personal is not of the format')
  need(
    Array.isArray(erased) && erased.every((name) => typeof name === 'string'),
    'erased is no list of texts'
  )
}

/**
 * Verifies an export, line by line and in memory that hardly grows. Throws where a key or a checkpoint that was given is
 * not one: that is no finding about the log.
 * @param {AsyncIterable<string> | Iterable<string>} lines
 * @param {{ checkpoints?: string[], keys?: string[] }} [given]
 */
export async function verifyExport(lines, { checkpoints = [], keys = [] } = {}) {
  const vkeys = keys.map(readKey)
  const outside = checkpoints.map((note) => readCheckpoint(note, vkeys))
  const out = collector(vkeys)
  const { find, notes } = out
  let header = null
  let end = null
  let pruned = { size: 0, frontier: [], tree: null }
  let [tree, whole, filtered, rewritten, prunedFound] = [null, true, false, false, false]
  let [expected, events, erasedRows, line, lastSeq] = [0, 0, 0, 0, null]
  const history = []
  const agreed = []
  const gaps = []
  const suspicious = []
  const prefixes = new Prefixes()
  // Checkpoints to compare when the tree has their size.
  const due = new Map()
  // By pseudonym: the rows that name it, and the events that account for it.
  const named = new Map()
  const accounts = new Map()

  const compare = (checkpoint, tree, what) => {
    const { size, root, good } = checkpoint
    if (rootOf(tree) === root) {
      if (good) agreed.push(size)
      return true
    }
    const from = agreed.findLast((known) => known < size) ?? pruned.size
    if (!rewritten)
      find('rewritten', from, null, `${what} has another root: something in [${from}, ${size}) was changed`)
    rewritten = true
    return false
  }
  const wait = (checkpoint, what, early) =>
    due.set(checkpoint.size, [...(due.get(checkpoint.size) ?? []), { checkpoint, what, early }])
  const misplaced = (size, what) => find('malformed', size, null, `${what} is not where it belongs`)
  const sized = () => {
    history[expected % HISTORY] = tree
    for (const { checkpoint, what, early } of due.get(expected) ?? [])
      if (compare(checkpoint, tree, what) && early) misplaced(checkpoint.size, what)
  }

  const readRow = (row, line) => {
    need(hasOnly(row, ROW), 'the row has other members')
    checkRow(row)
    const { index, hash, entry, salt, personal, erased } = row
    const [text, open] = [jcs(entry), jcs(personal)]
    // The shortest way to write what was read, in whatever order: with a member more the line would be longer.
    const rest = `${index}`.length + jcs(salt).length + jcs(erased).length
    if (line.length !== ROW_LENGTH + text.length + open.length + rest || SHORTER.test(line)) refuseTwice(line)
    const own = leafHash(text)
    const isOpen = salt !== null && personal !== null
    const opened = isOpen ? commitment(salt, open) : null
    const seq = isCount(entry.seq) ? entry.seq : null
    events++
    let counts = true
    if (index < expected) {
      // Rows that were missed and come later are out of order; of others there is one already.
      counts = gaps.some(([from, to]) => index >= from && index < to)
      const why = index < pruned.size ? 'the leaf was pruned' : 'the index is there already'
      if (counts) find('reordered', index, seq, 'the row stands behind later ones')
      else find('inserted', index, seq, why)
    } else {
      if (index > expected && !filtered) {
        find('missing', expected, null, `${index - expected} rows are missing: [${expected}, ${index})`)
        if (gaps.length < MAX_FINDINGS) gaps.push([expected, index])
        whole = false
      }
      expected = index + 1
      lastSeq = seq
      if (whole && !filtered) {
        tree = addLeaf(tree, hash)
        sized()
      }
    }
    if (own !== hash) {
      if (suspicious.length < 64) suspicious.push({ index, seq, own, hash, entry })
      else find('edited', index, seq, 'the entry is not what its hash says')
    }
    if (entry.v !== 1) find('malformed', index, seq, 'the version of the entry is not 1')
    else if (own === hash && !isEntry(entry)) find('malformed', index, seq, 'the entry is not of the format')
    if (erased.length > 0) {
      erasedRows++
      if (salt !== null) find('edited', index, seq, 'the row is called erased, and its salt is still there')
    } else if (!isOpen) find('missing', index, seq, 'personal members are gone without an erasure')
    else if (salt.length !== 32 || opened !== entry.personal)
      find('edited', index, seq, 'the personal members are not those the entry commits to')
    if (isHash(entry.personal) && prefixes.add(entry.personal))
      find('inserted', index, seq, 'it is a copy: an earlier event has the same commitment')
    if (!counts) return
    for (const name of new Set(erased)) {
      if (!named.has(name)) named.set(name, { index, seq, seqs: [] })
      named.get(name).seqs.push(seq)
    }
    if (!isObject(entry.details)) return
    const { pseudonym, size, frontier } = entry.details
    if (entry.action === 'audit.pseudonymised' && typeof pseudonym === 'string') {
      const times = (accounts.get(pseudonym)?.times ?? 0) + 1
      accounts.set(pseudonym, { index, seq, details: entry.details, times })
    }
    if (entry.action === 'audit.pruned' && size === pruned.size && Array.isArray(frontier))
      prunedFound ||= jcs(frontier) === jcs(pruned.frontier)
  }

  const readCheckpointLine = (value) => {
    need(!filtered, 'a filtered export has no checkpoints between rows')
    need(hasOnly(value, ['type', 'size', 'note']), 'the checkpoint has other members')
    const checkpoint = readCheckpoint(value.note, vkeys)
    const { size } = checkpoint
    need(value.size === size, 'its size is not that of its note')
    const what = `the checkpoint of size ${size}`
    out.signature(checkpoint, what, size === expected ? lastSeq : null)
    if (size > expected) wait(checkpoint, what, true)
    else if (!whole) return
    else if (size === expected) compare(checkpoint, tree, what)
    else if (size < pruned.size || expected - size >= HISTORY) misplaced(size, what)
    else if (compare(checkpoint, history[size % HISTORY], what)) misplaced(size, what)
  }

  const readLine = (text) => {
    need(!end, 'there is a line after the end')
    need(text.length <= MAX_LINE, 'it is too long')
    const value = parse(text)
    const type = value?.type
    if (header && type === 'event') return readRow(value, text)
    refuseTwice(text)
    if (!header) {
      pruned = checkHeader(value)
      header = value
      filtered = header.filter !== null
      tree = pruned.tree
      expected = pruned.size
      for (const one of outside) wait(one, `the outside checkpoint of size ${one.size}`, false)
      if (!filtered) sized()
    } else if (type === 'checkpoint') readCheckpointLine(value)
    else {
      need(type === 'end', 'it is of no known type')
      need(hasOnly(value, ['type', 'events', 'checkpoint']), 'the end has other members')
      end = { events: value.events, checkpoint: readCheckpoint(value.checkpoint, vkeys) }
    }
  }

  let stopped = false
  for await (const text of lines) {
    line++
    try {
      readLine(text)
    } catch (error) {
      if (!(error instanceof Malformed)) throw error
      find('malformed', header ? expected : null, null, `line ${line}: ${error.message}`)
      notes.push(`reading stopped at line ${line}: what follows, and what hangs on it, was not verified`)
      stopped = true
      break
    }
  }
  if (!line) {
    find('malformed', null, null, 'the export is empty: its header is missing')
    stopped = true
  }

  for (const a of suspicious) {
    for (const b of suspicious) {
      const isB = () => b.seq !== null && leafHash(jcs({ ...a.entry, seq: b.seq })) === b.hash
      if (a !== b && (a.own === b.hash || isB())) a.moved = b.moved = true
    }
  }
  for (const { index, seq, moved } of suspicious)
    if (moved) find('reordered', index, seq, 'the entry is that of another row')
    else find('edited', index, seq, 'the entry is not what its hash says')

  for (const one of outside) out.signature(one, `the outside checkpoint of size ${one.size}`)
  const truncated = (who, size) =>
    find('truncated', expected, null, `truncated at ${expected}: ${who} ${size}`)
  if (!stopped) {
    if (end) readEnd(end)
    else find('truncated', expected, null, 'the export ends before its end line')
    if (!filtered) {
      for (const [size, list] of due)
        if (size > expected)
          for (const { what } of list) truncated(`${what.replace(/ of size.*/, '')} has`, size)
      account()
    }
  }

  function readEnd({ checkpoint, events: said }) {
    const { size, origin } = checkpoint
    out.signature(checkpoint, "the end's checkpoint", size === expected ? lastSeq : null)
    if (size < expected)
      find('inserted', size, null, `there are leaves behind the ${size} that the end signs`)
    else if (size > expected && !filtered) truncated('the end signs', size)
    else if (whole && !filtered) compare(checkpoint, tree, "the end's checkpoint")
    // What the end says of the number is not signed: it matters where nothing else tells.
    if (said !== events && !out.has('missing', 'inserted', 'reordered', 'truncated'))
      find('malformed', null, null, `there are ${events} events, the end says ${JSON.stringify(said)}`)
    if (origin !== header.origin) notes.push("the header's origin is not that of the end's checkpoint")
  }

  function account() {
    for (const [name, { index, seq, seqs }] of named) {
      const { times = 0, details } = accounts.get(name) ?? {}
      const rows = sha256(seqs.sort((a, b) => a - b).join(','))
      const isRight = pruned.size
        ? isCount(details?.events) && details.events >= seqs.length
        : details?.events === seqs.length && details?.rows === rows
      const what = `no one event accounts for the ${seqs.length} rows of ${JSON.stringify(name)}`
      if (times !== 1 || !isRight) find('unaccounted', index, seq, what)
    }
    for (const [name, { index, seq, details }] of accounts)
      if (!named.has(name) && !pruned.size && details.events !== 0)
        find('unaccounted', index, seq, `it speaks of rows of ${JSON.stringify(name)}, and no row names it`)
    const what = `no event tells that the first ${pruned.size} leaves were pruned`
    if (pruned.size && !prunedFound) find('unaccounted', pruned.size, null, what)
  }

  if (filtered) {
    notes.push(
      'the export is filtered: each row was checked by itself, not that it is in the log nor that all are here'
    )
    if (outside.length) notes.push('checkpoints from outside cannot be compared with a filtered export')
  } else {
    if (!outside.length)
      notes.push(
        'no checkpoint from outside: a log cut off at its end, or made anew and signed again, cannot be told'
      )
    for (const { size } of outside)
      if (size < pruned.size)
        notes.push(`the outside checkpoint of size ${size} is of before the pruning: not compared`)
  }
  if (pruned.size) notes.push(`the first ${pruned.size} leaves were pruned: of them only hashes are here`)
  if (erasedRows)
    notes.push(`${erasedRows} rows were erased: nothing vouches for what their personal members are now`)
  const root = whole && header && !filtered ? rootOf(tree) : null
  return out.result({ size: filtered && end ? end.checkpoint.size : expected, root, events })
}

const single = (text, keys, check) => {
  const vkeys = keys.map(readKey)
  const out = collector(vkeys)
  let facts = {}
  try {
    const value = typeof text === 'string' ? parse(text) : text
    if (typeof text === 'string') refuseTwice(text)
    need(isObject(value), 'it is no object')
    facts = check(value, out, vkeys)
  } catch (error) {
    if (!(error instanceof Malformed)) throw error
    out.find('malformed', null, null, error.message)
  }
  return out.result(facts)
}

/**
 * Verifies the answer of GET /audit/{seq}/proof: that this event is in the log a checkpoint signs.
 * @param {unknown} proof the object, or its text
 * @param {{ keys?: string[] }} [given]
 */
export function verifyInclusion(proof, { keys = [] } = {}) {
  return single(proof, keys, (value, out, vkeys) => {
    const { seq, index, size, hash, path, entry, salt, personal } = value
    need(isCount(seq) && isCount(index) && isCount(size), 'seq, index or size is not of the format')
    checkRow({ ...value, erased: [] })
    need(isPath(path), 'the path is not of the format')
    const checkpoint = readCheckpoint(value.checkpoint, vkeys)
    out.signature(checkpoint, 'the checkpoint')
    if (leafHash(jcs(entry)) !== hash) out.find('edited', index, seq, 'the entry is not what its hash says')
    else if (!isEntry(entry)) out.find('malformed', index, seq, 'the entry is not of the format')
    if (entry.seq !== seq) out.find('edited', index, seq, 'the entry has another seq')
    if (salt === null)
      out.notes.push('personal members are erased or left out: nothing vouches for what is shown of them')
    else if (salt.length !== 32 || !personal || commitment(salt, jcs(personal)) !== entry.personal)
      out.find('edited', index, seq, 'the personal members are not those the entry commits to')
    if (checkpoint.size !== size || inclusionRoot(hash, index, size, path) !== checkpoint.root)
      out.find('rewritten', index, seq, 'the path does not lead to the root of the checkpoint')
    return { size: checkpoint.size, root: checkpoint.root, events: 1 }
  })
}

/**
 * Verifies the answer of GET /audit/consistency: that the later log begins with all of the earlier one.
 * @param {unknown} proof the object, or its text
 * @param {{ keys?: string[] }} [given]
 */
export function verifyConsistency(proof, { keys = [] } = {}) {
  return single(proof, keys, (value, out, vkeys) => {
    const { from, to, path, fromRoot, toRoot } = value
    need(isCount(from) && isCount(to) && isPath(path), 'from, to or path is not of the format')
    need(isHash(fromRoot) && isHash(toRoot), 'a root is not of the format')
    const ends = [[value.checkpoint, to, toRoot, 'the checkpoint']]
    if (value.fromCheckpoint !== null)
      ends.push([value.fromCheckpoint, from, fromRoot, 'the earlier checkpoint'])
    else
      out.notes.push(
        `no signature is over the earlier root: compare ${fromRoot} with a checkpoint of size ${from} you kept`
      )
    for (const [note, size, root, what] of ends) {
      const checkpoint = readCheckpoint(note, vkeys)
      out.signature(checkpoint, what)
      if (checkpoint.size !== size || checkpoint.root !== root)
        out.find('rewritten', null, null, `${what} has another size or root than the proof`)
    }
    if (!isConsistent(from, to, path, fromRoot, toRoot))
      out.find('rewritten', null, null, `the log of size ${to} does not begin with the one of size ${from}`)
    return { size: to, root: toRoot, events: 0 }
  })
}

/** The lines of a stream; one that is too long or not UTF-8 comes as the empty one, which is no JSON. */
async function* linesOf(stream) {
  const text = (bytes) => (bytes.length <= MAX_LINE && isUtf8(bytes) ? bytes.toString() : '')
  let rest = Buffer.alloc(0)
  for await (const chunk of stream) {
    const bytes = rest.length ? Buffer.concat([rest, chunk]) : chunk
    let from = 0
    for (let to = bytes.indexOf(10); to >= 0; to = bytes.indexOf(10, from)) {
      yield text(bytes.subarray(from, to))
      from = to + 1
    }
    rest = bytes.subarray(from)
    if (rest.length > MAX_LINE) break
  }
  if (rest.length) yield text(rest)
}

const USAGE = `Usage: node verify-audit.mjs EXPORT.ndjson|- [--checkpoint FILE]… [--key VKEY-or-FILE]… [--json]
       node verify-audit.mjs proof PROOF.json [--key VKEY-or-FILE]… [--json]
       node verify-audit.mjs consistency FILE [--key VKEY-or-FILE]… [--json]`

async function main(args) {
  const multiple = { type: 'string', multiple: true, default: [] }
  const options = { checkpoint: multiple, key: multiple, json: { type: 'boolean' } }
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true })
  const checks = new Map([
    ['proof', verifyInclusion],
    ['consistency', verifyConsistency]
  ])
  const check = positionals.length > 1 ? checks.get(positionals[0]) : undefined
  if (positionals.length !== (check ? 2 : 1) || (check && values.checkpoint.length)) throw new Error(USAGE)
  const read = (file) => readFileSync(file === '-' ? 0 : file, 'utf8')
  const lines = (text) => text.split('\n').flatMap((line) => line.trim() || [])
  const keys = values.key.flatMap((key) => (/^[^\s+]+\+[0-9a-f]{8}\+\S+$/.test(key) ? key : lines(read(key))))
  const checkpoints = values.checkpoint.map(read)
  const file = positionals.at(-1)
  const result = check
    ? check(read(file), { keys })
    : await verifyExport(
        linesOf(file === '-' ? process.stdin : createReadStream(file, { highWaterMark: 1 << 18 })),
        { checkpoints, keys }
      )
  console.log(values.json ? JSON.stringify(result, null, 2) : told(result))
  return result.ok ? 0 : 1
}

function told({ ok, size, root, events, findings, notes, signedBy }) {
  const places = findings.map(({ kind, index, seq, detail }) => {
    const place = index === null ? 'the whole' : `index ${index}${seq === null ? '' : ` (seq ${seq})`}`
    return `  ${kind} at ${place}: ${detail}`
  })
  return (
    [
      ok
        ? 'VERIFIED: nothing is wrong with what could be checked'
        : `NOT VERIFIED: ${findings.length} findings`,
      ...places,
      `  events ${events ?? '-'}, size ${size ?? '-'}, root ${root ?? '(not computed)'}`,
      `  signed by ${signedBy.join(', ') || 'no key that was checked'}`,
      ...(notes.length
        ? ['What could not be verified, or should be known:', ...notes.map((note) => `  ${note}`)]
        : [])
    ]
      // What an export says is not to steer a terminal.
      .map((text) => text.replace(/\p{C}/gu, '?'))
      .join('\n')
  )
}

if (process.argv[1] && import.meta.url === pathToFileURL(realpathSync(process.argv[1])).href) {
  try {
    process.exitCode = await main(process.argv.slice(2))
  } catch (error) {
    console.error(error.message)
    process.exitCode = 2
  }
}
