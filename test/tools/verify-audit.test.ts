import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import * as tool from '../../tools/verify-audit.mjs'
import * as own from '../support/audit-export.ts'
import {
  hashed,
  type Line,
  Log,
  leaf,
  type Row,
  random,
  root,
  type Shape,
  Signer,
  texts
} from '../support/audit-export.ts'

const { verifyConsistency, verifyExport, verifyInclusion } = tool
const said = ({ findings }: { findings: { kind: string; index: number | null }[] }) =>
  findings.map(({ kind, index }) => `${kind}@${index}`).join(' ')

t.test("the vectors of Certificate Transparency and of Go's notes", async (t) => {
  // transparency-dev/merkle, testonly/constants.go
  const leaves = '|00|10|2021|3031|40414243|5051525354555657|606162636465666768696a6b6c6d6e6f'.split('|')
  const roots = [
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
    'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
    'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
    '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
    'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
    '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328'
  ]
  const hashes = leaves.map((data) => leaf(Buffer.from(data, 'hex')))
  const frontier: string[] = []
  for (const [i, expected] of roots.entries()) {
    t.same([tool.rootOf(frontier), root(hashes.slice(0, i))], [expected, expected])
    if (i < 8) tool.addLeaf(frontier, i, tool.leafHash(Buffer.from(leaves[i]!, 'hex').toString()))
  }
  const path = [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'
  ]
  t.equal(tool.inclusionRoot(hashes[5]!, 5, 8, path), roots[8])
  const from6 = ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', ...path.slice(1)]
  t.ok(tool.isConsistent(6, 8, from6, roots[6]!, roots[8]!))

  // golang.org/x/mod/sumdb/note, example_test.go
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  const key = tool.readKey(vkey)
  t.same(tool.signersOf(note, [key]), [key])
  t.same(tool.signersOf(note.replace('problem', 'Problem'), [key]), [])
  t.same(tool.signersOf(note, [{ ...key, name: 'PeterPan' }]), [])
  for (const wrong of [vkey.replace('c74f', 'c74e'), vkey.replace('+AR', '+Ah'), vkey.slice(0, -4), 'x'])
    t.throws(() => tool.readKey(wrong))
})

t.test('canonical JSON', async (t) => {
  const text =
    '{"\\u20ac":"\\u20ac$\\u000f\\nA\'B\\"\\\\","\\r":[333333333.33333329,1E30,4.50,2e-3,1e-27,-0],"1":{"f":true,"F":null},"\\ud83d\\ude00":0,"\\ufb33":1,"__proto__":{}}'
  t.equal(
    tool.jcs(JSON.parse(text)),
    '{"\\r":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"1":{"F":null,"f":true},"__proto__":{},"\u20ac":"\u20ac$\\u000f\\nA\'B\\"\\\\","\u{1f600}":0,"\ufb33":1}'
  )
  for (const wrong of ['"\\ud800"', '{"\\udc00":1}', '1e999', '['.repeat(200) + ']'.repeat(200)])
    t.throws(() => tool.jcs(JSON.parse(wrong)))
  for (const { entry } of new Log(5, 9).rows) t.equal(own.canonical(entry), tool.jcs(entry))
})

t.test('untouched logs of any size hold', async (t) => {
  for (let size = 0; size <= 200; size += size < 40 ? 1 : 13) {
    const next = random(size)
    const log = new Log(size, size)
    if (size > 5) log.erase('p-1', [1, 3])
    if (size > 9) log.erase('p-2', [3, 4, 8])
    const n = log.rows.length
    const checkpoints = [next(n + 1), n].map((size) => log.signer.checkpoint(log.leaves(size)))
    const given = { checkpoints, keys: [log.signer.vkey] }
    const result = await verifyExport(texts(log.lines({ at: [0, n, next(n + 1), next(n + 1)] })), given)
    t.match(result, { ok: true, size: n, root: root(log.leaves()), events: n, findings: [] }, `${size}`)
    const pruned = next(n + 1)
    log.add('audit.pruned', { size: pruned, frontier: own.frontier(log.leaves(pruned)) })
    const less = await verifyExport(texts(log.lines({ at: [pruned, n], pruned })), given)
    t.match(less, { ok: true, size: n + 1, root: root(log.leaves()), events: n + 1 - pruned }, `${size}`)
  }
})

type Note = Line & { size: number; note: string; checkpoint: string }
type Given = { lines: Line[]; log: Log; row(index: number): Row; note: Note; end: Note }
type Case = [string, (given: Given) => Line[] | unknown, (Shape & { outside?: number[] })?]

const forger = new Signer('audit.example.org', '11'.repeat(32))
const isRow = (line: Line): line is Row => line.type === 'event'
const forge = (row: Row, change: object) =>
  Object.assign(row, hashed({ ...row, entry: { ...row.entry, ...change } }))
const without = (lines: Line[], from: number, to = from) =>
  lines.filter((line) => !isRow(line) || line.index < from || line.index > to)
const put = (lines: Line[], line: Line, behind: Line) => lines.toSpliced(lines.indexOf(behind) + 1, 0, line)
const renumbered = (lines: Line[], index = 0) =>
  lines.map((line) => (isRow(line) ? { ...line, index: index++ } : line))
/** Two rows change all that is in them, but for one member of the entry. */
const swap = (a: Row, b: Row, but = '') => {
  const put = (from: Row, to: Row) => {
    const entry = but ? { ...from.entry, [but]: to.entry[but]! } : from.entry
    return { ...from, entry, index: to.index, hash: to.hash }
  }
  const [x, y] = [put(b, a), put(a, b)]
  Object.assign(a, x)
  Object.assign(b, y)
}
const erased = (...erased: string[]) => ({ salt: null, personal: {}, erased })
const head = (end: Note, log: Log, size: number) => ({
  ...end,
  checkpoint: log.signer.checkpoint(log.leaves(size))
})
const other = new Signer('else')
const some = { at: [], filter: { action: 'step.done' } }

/** Of a log of 41 rows, with checkpoints at 10, 20 and 30, 12 and 25 erased as p-1, and 34 accounting for it. */
const cases: Case[] = [
  ['', () => {}, { outside: [5, 41] }],
  ['edited@14', ({ row }) => (row(14).entry.action = 'step.failed')],
  ['edited@14', ({ row }) => (row(14).entry.more = 1)],
  ['edited@5 rewritten@5', ({ row }) => (row(5).hash = leaf(''))],
  ['edited@11', ({ row }) => (row(11).personal = { actor: 'user:mallory' })],
  ['edited@11', ({ row }) => (row(11).salt = row(10).salt)],
  ['edited@11', ({ row }) => (row(11).salt = row(11).salt!.slice(2))],
  ['rewritten@20', ({ row }) => forge(row(24), { action: 'none' })],
  ['rewritten@30', ({ row }) => forge(row(35), { action: 'none' })],
  ['malformed@17 rewritten@17', ({ row }) => forge(row(17), { v: 2 })],
  ['missing@14', ({ lines }) => without(lines, 14)],
  ['missing@0 missing@14', ({ lines }) => without(without(lines, 14, 16), 0)],
  ['missing@14', ({ row }) => Object.assign(row(14), { entry: null })],
  ['missing@11', ({ row }) => Object.assign(row(11), erased())],
  ['rewritten@10 truncated@40', ({ lines }) => renumbered(without(lines, 14))],
  ['inserted@14', ({ lines, row }) => put(lines, row(14), row(33))],
  ['inserted@15 inserted@41', ({ lines, row }) => renumbered(put(lines, { ...row(14) }, row(14)))],
  ['missing@14 inserted@14', ({ lines, row }) => put(without(lines, 14), row(14), row(15))],
  ['reordered@13 reordered@18', ({ row }) => swap(row(13), row(18))],
  ['reordered@13 reordered@18', ({ row }) => swap(row(13), row(18), 'seq')],
  ['truncated@41', ({ lines }) => lines.slice(0, -1), { outside: [41, 20] }],
  ['truncated@38', ({ lines }) => without(lines, 38, 40)],
  ['unaccounted@12 truncated@29', ({ lines }) => without(lines, 29, 40)],
  [
    'truncated@35',
    ({ lines, log, end }) => [...without(lines, 35, 40).slice(0, -1), head(end, log, 35)],
    { outside: [40] }
  ],
  ['inserted@41', ({ lines, log, row }) => put(lines, hashed(log.add('forged', {})), row(40))],
  ['rewritten@0', () => new Log(41, 8).lines(), { outside: [20, 30] }],
  ['signature@19', ({ note, log }) => (note.note = forger.checkpoint(log.leaves(20)))],
  ['', ({ note, log }) => (note.note = log.signer.checkpoint(log.leaves(20), forger))],
  ['', ({ note }) => (note.note = note.note.replace('\n\n', '\n\n\u2014 witness AAAAAAAA\n'))],
  ['', ({ note, log }) => (note.note += log.signer.line('x'))],
  ['signature@19', ({ note, log }) => (note.note = other.checkpoint(log.leaves(20), log.signer))],
  ['signature@19', ({ note }) => (note.note = note.note.replace(/\u2014.*\n/, ''))],
  ['signature@19', ({ note }) => (note.note = 'x')],
  ['signature@19', ({ note }) => (note.note = note.note.replace('\n\n', '\nmore\n\n'))],
  ['signature@20', ({ note }) => (note.size = 21)],
  ['rewritten@10', ({ note, log }) => (note.note = log.signer.checkpoint([...log.leaves(19), leaf('')]))],
  ['signature@40', ({ end, log }) => (end.checkpoint = forger.checkpoint(log.leaves()))],
  ['unaccounted@11', ({ row }) => Object.assign(row(11), erased('__proto__'))],
  ['unaccounted@12', ({ row }) => Object.assign(row(14), erased('p-1'))],
  ['missing@12 unaccounted@25', ({ row }) => void (row(12).erased = [])],
  ['unaccounted@12 rewritten@30', ({ row }) => forge(row(34), { action: 'other' })],
  ['unaccounted@12 edited@33 rewritten@33 inserted@34', ({ row }) => forge(row(33), row(34).entry)],
  ['unaccounted@12', ({ row }) => (row(12).salt = row(13).salt)],
  ['', () => {}, { pruned: 15, outside: [10, 15, 20] }],
  ['unaccounted@15 rewritten@30', ({ row }) => forge(row(41), { action: 'x' }), { pruned: 15 }],
  ['inserted@14', ({ lines, log, row }) => put(lines, log.rows[14]!, row(15)), { pruned: 15 }],
  [
    'malformed@null',
    ({ lines }) => lines.with(0, { ...lines[0], pruned: { size: 15, frontier: [] } } as Line)
  ],
  ['', ({ lines }) => without(lines, 3, 9), some],
  ['edited@6', ({ row }) => (row(6).entry.actor = 'oidc'), some]
]

t.test('what was changed is found, and where', async (t) => {
  for (const [expected, tamper, { outside = [], ...shape } = {}] of cases) {
    const log = new Log(34, 7)
    log.erase('p-1', [12, 25])
    while (log.rows.length < 41) log.add('step.done', {})
    const checkpoints = outside.map((size) => log.signer.checkpoint(log.leaves(size)))
    if (shape.pruned) log.add('audit.pruned', { size: 15, frontier: own.frontier(log.leaves(15)) })
    const lines = log.lines({ at: [10, 20, 30], ...shape })
    const row = (index: number) => lines.find((line) => isRow(line) && line.index === index) as Row
    const note = lines.find((line) => line.type === 'checkpoint' && line.size === 20) as Note
    const changed = tamper({ lines, log, row, note, end: lines.at(-1) as Note })
    const given = texts(Array.isArray(changed) ? (changed as Line[]) : lines)
    const result = await verifyExport(given, { checkpoints, keys: [log.signer.vkey] })
    t.same([said(result), result.ok], [expected, expected === ''], String(tamper))
  }
})

t.test('what is not of the format', async (t) => {
  const lines = texts(new Log(5, 1).lines())
  const is = async (expected: string, given: string[]) => t.equal(said(await verifyExport(given)), expected)
  await is('truncated@0', [])
  await is('malformed@null', lines.slice(1))
  await is('malformed@null', [lines[0]!.replace('"version":1', '"version":2'), ...lines.slice(1)])
  await is('malformed@5', [...lines, lines.at(-1)!])
  const step = (text: string) => lines[3]!.replace('"step":2', `"step":${text}`)
  const deep = step(`${'{"a":'.repeat(5e5)}1${'}'.repeat(5e5)}`)
  const unread = [
    '',
    '{',
    'null',
    '[]',
    '{"type":"x"}',
    lines[0]!,
    lines[3]!.replace('"index":2', '"index":-2')
  ]
  for (const line of [...unread, step('"\\ud800"'), step('1e999'), step(`"${'x'.repeat(5e6)}"`), deep])
    await is('malformed@2', lines.with(3, line))
  await is('edited@2', lines.with(3, step('2,"__proto__":{"x":1}')))
  await is(
    '',
    lines.map((line) => line.replace('{', '{ "more": 1,').replaceAll('\u00e9', '\\u00e9'))
  )
  await t.rejects(verifyExport(lines, { keys: ['x'] }))
  const { notes, findings } = await verifyExport(lines, { checkpoints: ['x'] })
  t.match([notes, findings], [[/no --key/], [{ kind: 'signature', index: null }]])
})

t.test('every proof up to 64 leaves is good, and none with a bit flipped', async (t) => {
  const next = random(3)
  const leaves = Array.from({ length: 64 }, (_, i) => leaf(`${i}`))
  const roots = Array.from({ length: 65 }, (_, n) => root(leaves.slice(0, n)))
  const flipped = (hex: string, bit = next(256)) => {
    const bytes = Buffer.from(hex, 'hex')
    bytes[bit >> 3]! ^= 1 << (bit & 7)
    return bytes.toString('hex')
  }
  const wrong: string[] = []
  /** All the bits of the hashes of some paths, and of the others one bit of each; and other lengths. */
  const check = (name: string, path: string[], all: boolean, holds: (path: string[]) => boolean) => {
    const bits = (hash: string) =>
      all ? Array.from(Array(256), (_, bit) => flipped(hash, bit)) : [flipped(hash)]
    const others = path.flatMap((hash, i) => bits(hash).map((other) => path.with(i, other)))
    others.push([...path, leaves[0]!])
    if (path.length) others.push(path.slice(1), path.slice(0, -1))
    if (!holds(path) || others.some(holds)) wrong.push(name)
  }
  for (let n = 1; n <= 64; n++) {
    const all = n % 4 ? next(n) : -1
    for (let i = 0; i < n; i++) {
      const leads = (path: string[], index = i, hash = leaves[i]!) =>
        tool.inclusionRoot(hash, index, n, path) === roots[n]
      const path = own.inclusion(i, leaves.slice(0, n))
      check(`inclusion ${i} ${n}`, path, i === all, (path) => leads(path))
      if (leads(path, n) || (n > 1 && leads(path, (i + 1) % n)) || leads(path, i, flipped(leaves[i]!)))
        wrong.push('leaf')
    }
    for (let m = 0; m <= n; m++) {
      const holds = (path: string[], from = roots[m]!, to = roots[n]!) =>
        tool.isConsistent(m, n, path, from, to)
      const path = own.consistency(m, leaves.slice(0, n))
      check(`consistency ${m} ${n}`, path, m === all, (path) => holds(path))
      // Of the empty tree every tree is a continuation: there the later root is the checkpoint's to say.
      if (holds(path, flipped(roots[m]!)) || (m && holds(path, roots[m], flipped(roots[n]!))))
        wrong.push('root')
    }
  }
  t.same(wrong, [])
})

t.test('the answers of the proof routes', async (t) => {
  const log = new Log(21, 5)
  const keys = [log.signer.vkey]
  const checkpoint = log.signer.checkpoint(log.leaves())
  const { erased: _, ...row } = log.rows[9]!
  const proof = { ...row, seq: row.entry.seq, size: 21, path: own.inclusion(9, log.leaves()), checkpoint }
  t.match(verifyInclusion(proof, { keys }), { ok: true, size: 21, root: root(log.leaves()), notes: [] })
  t.match(verifyInclusion({ ...proof, salt: null }), { ok: true, notes: [/no --key/, /erased/] })
  const changes: [string, object][] = [
    ['edited@9', { entry: { ...row.entry, action: 'x' } }],
    ['edited@9', { seq: 1 }],
    ['edited@9', { personal: { actor: 'user:mallory' } }],
    ['edited@9', { personal: null }],
    ['rewritten@9', { path: proof.path.toReversed() }],
    ['rewritten@10', { index: 10 }],
    ['signature@20', { checkpoint: new Signer('else').checkpoint(log.leaves()) }],
    ['signature@19', { size: 20, checkpoint: null }],
    ['malformed@null', { path: ['00'] }]
  ]
  for (const [expected, change] of changes)
    t.equal(said(verifyInclusion({ ...proof, ...change }, { keys })), expected)

  const [fromRoot, toRoot] = [root(log.leaves(13)), root(log.leaves())]
  const fromCheckpoint = log.signer.checkpoint(log.leaves(13))
  const later = {
    from: 13,
    to: 21,
    path: own.consistency(13, log.leaves()),
    fromCheckpoint,
    fromRoot,
    toRoot,
    checkpoint
  }
  t.match(verifyConsistency(later, { keys }), { ok: true, notes: [] })
  t.match(verifyConsistency({ ...later, fromCheckpoint: null }, { keys }), { ok: true, notes: [/compare/] })
  t.equal(said(verifyConsistency({ ...later, from: 12 }, { keys })), 'signature@11 rewritten@null')
  for (const change of [{ path: later.path.slice(1) }, { toRoot: fromRoot }])
    t.equal(said(verifyConsistency({ ...later, ...change }, { keys })), 'rewritten@null')
  for (const wrong of [null, [], { ...later, fromRoot: 'x' }])
    t.equal(said(verifyConsistency(wrong)), 'malformed@null')
})

t.test('the command', async (t) => {
  const log = new Log(30, 2)
  const dir = t.testdir({})
  const put = (name: string, text: string | Buffer) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const run = (args: string[], input = '') =>
    spawnSync(process.execPath, ['tools/verify-audit.mjs', ...args], { input, encoding: 'utf8' })
  const text = `${texts(log.lines({ at: [10] })).join('\n')}\n`
  const file = put('export.ndjson', text)
  const key = put('keys', `${log.signer.vkey}\n`)
  const kept = put('kept', log.signer.checkpoint(log.leaves(20)))
  const told =
    /^VERIFIED.*\n {2}events 30, size 30, root [0-9a-f]{64}\n {2}signed by audit\.example\.org\+[0-9a-f]{8}\n$/
  t.match(run([file, '--key', key, '--checkpoint', kept, '--checkpoint', kept]), { status: 0, stdout: told })
  const json = run(['-', '--json', '--key', log.signer.vkey], text.replace('"step":7', '"step":8'))
  t.match(
    [json.status, JSON.parse(json.stdout)],
    [1, { ok: false, size: 30, findings: [{ kind: 'edited', index: 7 }] }]
  )
  t.match(run(['-'], text.replace('"export"', '"\u009b31m"')), {
    status: 1,
    stdout: /^NOT VERIFIED\n {2}malformed at no leaf/
  })
  t.match(run(['-'], ''), { status: 1, stdout: /truncated at 0/ })
  t.match(run(['-'], `${text.split('\n')[0]}\n${'x'.repeat(9e6)}`), {
    status: 1,
    stdout: /malformed at 0: line 2: it is too long/
  })
  t.match(run(['consistency', put('proof', '{}')]), { status: 1, stdout: /malformed/ })
  const binary = put('binary', Buffer.concat([Buffer.from(text), Buffer.from([34, 255, 34, 10])]))
  const wrong = [
    [],
    [join(dir, 'none')],
    [file, '--key', 'x'],
    ['--what', file],
    ['proof', file, file],
    ['proof', file],
    [binary]
  ]
  for (const args of wrong) t.equal(run(args).status, 2, args.join(' '))
})
