import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import {
  addLeaf,
  inclusionRoot,
  isConsistent,
  jcs,
  leafHash,
  readKey,
  rootOf,
  signersOf,
  verifyConsistency,
  verifyExport,
  verifyInclusion
} from '../../tools/verify-audit.mjs'
import {
  canonical,
  consistency,
  hashed,
  inclusion,
  type Line,
  Log,
  leaf,
  type Row,
  random,
  root,
  Signer,
  texts
} from '../support/audit-export.ts'

const prunedOf = (lines: Line[]) =>
  (lines[0] as { pruned?: unknown }).pruned as { size: number; frontier: string[] } | null
const isRow = (line: Line): line is Row => line.type === 'event'
/** kind@index of each finding. */
const found = ({ findings }: { findings: { kind: string; index: number | null }[] }) =>
  findings.map(({ kind, index }) => `${kind}@${index}`)

t.test("the vectors of Certificate Transparency and of Go's notes", async (t) => {
  // transparency-dev/merkle, testonly/constants.go
  const leaves = [
    '',
    '00',
    '10',
    '2021',
    '3031',
    '40414243',
    '5051525354555657',
    '606162636465666768696a6b6c6d6e6f'
  ]
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
  let tree = null
  t.equal(rootOf(tree), roots[0])
  const hashes: string[] = []
  for (const [i, data] of leaves.entries()) {
    const hash = leafHash(Buffer.from(data, 'hex').toString())
    hashes.push(hash)
    t.equal(hash, leaf(Buffer.from(data, 'hex')))
    tree = addLeaf(tree, hash)
    t.equal(rootOf(tree), roots[i + 1])
    t.equal(root(hashes), roots[i + 1])
  }
  const path = [
    'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
    'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7'
  ]
  t.equal(inclusionRoot(hashes[5]!, 5, 8, path), roots[8])
  const from6 = ['0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a', ...path.slice(1)]
  t.equal(isConsistent(6, 8, from6, roots[6]!, roots[8]!), true)

  // golang.org/x/mod/sumdb/note, example_test.go
  const vkey = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n\n" +
    '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  const key = readKey(vkey)
  t.same(signersOf(note, [key]), [key])
  t.same(signersOf(note.replace('problem', 'Problem'), [key]), [])
  t.same(signersOf(note, [{ ...key, name: 'PeterPan' }]), [])
  for (const wrong of [vkey.replace('c74f', 'c74e'), vkey.replace('+AR', '+Ah'), vkey.slice(0, -4), 'x'])
    t.throws(() => readKey(wrong))
})

t.test('canonical JSON', async (t) => {
  const value = JSON.parse(
    '{"\\u20ac":"\\u20ac$\\u000f\\nA\'B\\"\\\\","\\r":[333333333.33333329,1E30,4.50,2e-3,1e-27,-0],"1":{"f":true,"F":null},"\\ud83d\\ude00":0,"\\ufb33":1,"__proto__":{}}'
  )
  t.equal(
    jcs(value),
    '{"\\r":[333333333.3333333,1e+30,4.5,0.002,1e-27,0],"1":{"F":null,"f":true},"__proto__":{},"\u20ac":"\u20ac$\\u000f\\nA\'B\\"\\\\","\u{1f600}":0,"\ufb33":1}'
  )
  t.throws(() => jcs('\ud800'))
  t.throws(() => jcs(JSON.parse('{"\\udc00":1}')))
  t.throws(() => jcs(JSON.parse('1e999')))
  t.throws(() => jcs(JSON.parse('['.repeat(200) + ']'.repeat(200))))
})

t.test('untouched logs of any size hold', async (t) => {
  for (let size = 0; size <= 300; size += size < 40 ? 1 : 13) {
    const next = random(size)
    const log = new Log(size, size)
    if (size > 5) log.erase('p-1', [1, 3])
    if (size > 9) log.erase('p-2', [3, 4, 8])
    const n = log.rows.length
    const at = [0, n, next(n + 1), next(n + 1), next(n + 1)]
    const checkpoints = [next(n + 1), n].map((size) => log.signer.checkpoint(log.leaves(size)))
    const result = await verifyExport(texts(log.lines({ at })), { checkpoints, keys: [log.signer.vkey] })
    t.match(result, { ok: true, size: n, root: root(log.leaves()), events: n, findings: [] }, `${size}`)
    const pruned = next(n + 1)
    const gone = root(log.leaves(pruned))
    log.add('audit.pruned', {
      size: pruned,
      frontier: prunedOf(log.lines({ pruned }))?.frontier ?? []
    })
    const less = await verifyExport(texts(log.lines({ at: [pruned, n], pruned })), {
      checkpoints,
      keys: [log.signer.vkey]
    })
    t.match(
      less,
      { ok: true, size: n + 1, root: root(log.leaves()), events: n + 1 - pruned },
      `${size} ${gone}`
    )
  }
})

/** A log of 40 rows and more with checkpoints at 10, 20 and 30, and what is done to its export. */
const tampered = async (
  tamper: (lines: Line[], log: Log, row: (index: number) => Row) => unknown,
  {
    at = [10, 20, 30],
    outside = [] as number[],
    ...rest
  }: { at?: number[]; outside?: number[]; pruned?: number; filter?: { [name: string]: string } } = {}
) => {
  const log = new Log(34, 7)
  log.erase('p-1', [12, 25])
  while (log.rows.length < 41) log.add('step.done', {})
  const checkpoints = outside.map((size) => log.signer.checkpoint(log.leaves(size)))
  if (rest.pruned) log.add('audit.pruned', prunedOf(log.lines(rest))!)
  const lines = log.lines({ at, ...rest })
  const row = (index: number) => lines.find((line) => isRow(line) && line.index === index) as Row
  const changed = tamper(lines, log, row)
  const given = (Array.isArray(changed) ? changed : lines).map((line) =>
    typeof line === 'string' ? line : JSON.stringify(line)
  )
  return verifyExport(given, { checkpoints, keys: [log.signer.vkey] })
}
const without = (lines: Line[], ...indexes: number[]) =>
  lines.filter((line) => !isRow(line) || !indexes.includes(line.index))
const renumbered = (lines: Line[]) => {
  let index = 0
  return lines.map((line) => (isRow(line) ? { ...line, index: index++ } : line))
}
const placed = (lines: Line[], line: Line, behind: Row) => {
  const place = lines.indexOf(behind) + 1
  return [...lines.slice(0, place), line, ...lines.slice(place)]
}
const forge = (row: Row, change: object) =>
  Object.assign(row, hashed({ ...row, entry: { ...row.entry, ...change } }))

t.test('what was changed is found, and where', async (t) => {
  const is = async (name: string, expected: string[], ...how: Parameters<typeof tampered>) => {
    const result = await tampered(...how)
    t.same(found(result), expected, name)
    t.equal(result.ok, expected.length === 0)
    return result
  }
  await is('nothing', [], () => {})
  await is('an entry', ['edited@14'], (_l, _o, row) => void (row(14).entry.action = 'step.failed'))
  await is('a time', ['edited@0'], (_l, _o, row) => void (row(0).entry.at = 'never'))
  await is('the stored hash', ['rewritten@0', 'edited@5'], (_l, _o, row) => void (row(5).hash = leaf('')))
  await is(
    'personal members',
    ['edited@11'],
    (_l, _o, row) => void (row(11).personal = { actor: 'user:mallory' })
  )
  await is('a salt', ['edited@11'], (_l, _o, row) => void (row(11).salt = row(10).salt))
  await is(
    'a salt that is shorter',
    ['edited@11'],
    (_l, _o, row) => void (row(11).salt = row(11).salt!.slice(2))
  )
  await is(
    'an entry with its hash',
    ['rewritten@20'],
    (_l, _o, row) => void forge(row(24), { action: 'none' })
  )
  await is(
    'an entry behind the last checkpoint',
    ['rewritten@30'],
    (_l, _o, row) => void forge(row(35), { action: 'none' })
  )
  await is(
    'an entry of no version',
    ['rewritten@10', 'malformed@17'],
    (_l, _o, row) => void forge(row(17), { v: 2 })
  )
  await is(
    'an entry of another form',
    ['rewritten@10', 'malformed@17'],
    (_l, _o, row) => void forge(row(17), { more: 1 })
  )

  await is('a row left out', ['missing@14'], (lines) => without(lines, 14))
  await is('three rows left out', ['missing@14', 'missing@20'], (lines) => without(lines, 14, 15, 20))
  await is('the first row left out', ['missing@0'], (lines) => without(lines, 0))
  await is('a row left out, the others renumbered', ['rewritten@10', 'truncated@40'], (lines) =>
    renumbered(without(lines, 14))
  )
  await is('a row twice', ['inserted@14'], (lines, _o, row) => placed(lines, row(14), row(14)))
  await is('a row later again', ['inserted@14'], (lines, _o, row) => placed(lines, row(14), row(33)))
  await is('a copy, renumbered', ['rewritten@10', 'inserted@15', 'inserted@41'], (lines, _o, row) =>
    renumbered(placed(lines, { ...row(14) }, row(14)))
  )
  await is('a copy with another seq', ['rewritten@10', 'inserted@15', 'inserted@41'], (lines, _o, row) => {
    const copy = structuredClone(row(14))
    return renumbered(placed(lines, forge(copy, { seq: 15 }), row(14)))
  })
  await is('rows in another order', ['missing@14', 'reordered@14'], (lines, _o, row) => {
    const moved = row(14)
    return placed(without(lines, 14), moved, row(15))
  })
  await is('two entries for each other', ['reordered@13', 'reordered@18'], (_l, _o, row) => {
    const [a, b] = [{ ...row(13) }, { ...row(18) }]
    Object.assign(row(13), { entry: b.entry, salt: b.salt, personal: b.personal })
    Object.assign(row(18), { entry: a.entry, salt: a.salt, personal: a.personal })
  })
  await is(
    'two entries for each other, but for seq, and one edited',
    ['edited@9', 'reordered@13', 'reordered@18'],
    (_l, _o, row) => {
      const [a, b] = [{ ...row(13) }, { ...row(18) }]
      Object.assign(row(13), { entry: { ...b.entry, seq: a.entry.seq! }, salt: b.salt, personal: b.personal })
      Object.assign(row(18), { entry: { ...a.entry, seq: b.entry.seq! }, salt: a.salt, personal: a.personal })
      row(9).entry.requestId = null
    }
  )

  await is('the end line is gone', ['truncated@41'], (lines) => lines.slice(0, -1))
  await is('the end is cut off', ['truncated@41'], (lines) => lines.slice(0, -1), { outside: [41, 20] })
  await is('rows at the end are gone', ['truncated@38'], (lines) => without(lines, 38, 39, 40))
  await is(
    'so many that a checkpoint is behind',
    ['unaccounted@12', 'truncated@29'],
    (lines) => lines.filter((line) => !isRow(line) || line.index < 29),
    { at: [10, 30] }
  )
  const short = (lines: Line[], log: Log) => {
    const end = { type: 'end', events: 35, checkpoint: log.signer.checkpoint(log.leaves(35)) }
    return [...lines.filter((line) => !isRow(line) || line.index < 35).slice(0, -1), end]
  }
  await is('cut off and signed, nothing to tell it', [], short)
  const cut = await is('cut off and signed, an outside checkpoint', ['truncated@35'], short, {
    outside: [40]
  })
  t.match(cut.findings[0]!.detail, 'truncated at 35: the outside checkpoint has 40')
  await is('a row behind the end', ['inserted@41'], (lines, log) => {
    log.add('forged', {})
    return placed(lines, log.rows.at(-1)!, lines.at(-2) as Row)
  })
  await is('made anew and signed', ['rewritten@0'], () => texts(new Log(41, 8).lines()), {
    outside: [20, 30]
  })
  await is(
    'made anew after 30',
    ['rewritten@30'],
    (lines, log, row) => {
      forge(row(33), { actor: 'contact' })
      const hashes = lines.flatMap((line) => (isRow(line) ? line.hash : []))
      return [...lines.slice(0, -1), { type: 'end', events: 41, checkpoint: log.signer.checkpoint(hashes) }]
    },
    { outside: [5, 41] }
  )

  const note = (change: (note: string, log: Log) => string) => (lines: Line[], log: Log) => {
    const line = lines.find((line) => line.type === 'checkpoint' && line.size === 20) as Line & {
      note: string
    }
    line.note = change(line.note, log)
  }
  const forger = new Signer('audit.example.org', '11'.repeat(32))
  await is(
    'another key',
    ['signature@19'],
    note((_n, log) => forger.checkpoint(log.leaves(20)))
  )
  await is(
    'another key next to the right one',
    [],
    note((_n, log) => log.signer.checkpoint(log.leaves(20), forger))
  )
  await is(
    'a witness first',
    [],
    note((note) => note.replace('\n\n', '\n\n\u2014 witness.example AAAAAAAA\n'))
  )
  await is(
    'another name',
    ['signature@19'],
    note((_n, log) => new Signer('else').checkpoint(log.leaves(20), log.signer))
  )
  await is(
    'no signature',
    ['signature@19'],
    note((note) => note.slice(0, note.indexOf('\u2014')))
  )
  await is(
    'a right signature and a wrong one',
    ['signature@19'],
    note((note, log) => note + log.signer.line('x'))
  )
  await is(
    'a root that was not',
    ['rewritten@10', 'signature@19'],
    note((note) => note.replace(/\n.{44}\n/, `\n${'A'.repeat(43)}=\n`))
  )
  await is(
    'a split view',
    ['rewritten@10'],
    note((_n, log) => log.signer.checkpoint([...log.leaves(19), leaf('')]))
  )
  await is(
    'an extension',
    ['malformed@20'],
    note((note) => note.replace('\n\n', '\nmore\n\n'))
  )
  await is(
    'another size',
    ['malformed@20'],
    (lines) => void Object.assign(lines.find((l) => l.type === 'checkpoint' && l.size === 20)!, { size: 21 })
  )
  await is('a checkpoint elsewhere', ['malformed@20'], (lines, _o, row) => {
    const line = lines.find((line) => line.type === 'checkpoint' && line.size === 20)!
    return placed(
      lines.filter((other) => other !== line),
      line,
      row(33)
    )
  })
  await is('a checkpoint too early', ['malformed@20'], (lines, _o, row) => {
    const line = lines.find((line) => line.type === 'checkpoint' && line.size === 20)!
    return placed(
      lines.filter((other) => other !== line),
      line,
      row(3)
    )
  })
  await is('the end by another key', ['signature@40'], (lines, log) => [
    ...lines.slice(0, -1),
    { type: 'end', events: 41, checkpoint: forger.checkpoint(log.leaves()) }
  ])

  await is(
    'personal members taken away',
    ['missing@11'],
    (_l, _o, row) => void Object.assign(row(11), { salt: null, personal: null })
  )
  await is(
    'an erasure of no account',
    ['unaccounted@11'],
    (_l, _o, row) => void Object.assign(row(11), { salt: null, erased: ['p-9'] })
  )
  await is(
    'an erasure more than accounted for',
    ['unaccounted@12'],
    (_l, _o, row) => void Object.assign(row(14), { salt: null, erased: ['p-1'] })
  )
  await is('an erasure less', ['missing@12', 'unaccounted@25'], (_l, _o, row) => void (row(12).erased = []))
  await is(
    'an account left out',
    ['unaccounted@12', 'rewritten@30'],
    (_l, _o, row) => void forge(row(34), { action: 'other' })
  )
  await is(
    'two accounts',
    ['unaccounted@12', 'rewritten@30'],
    (_l, _o, row) => void forge(row(33), { action: 'audit.pseudonymised', details: row(34).entry.details })
  )
  await is(
    'an account of what no row names',
    ['rewritten@30', 'unaccounted@33'],
    (_l, _o, row) =>
      void forge(row(33), {
        action: 'audit.pseudonymised',
        details: { pseudonym: 'p-7', events: 1, rows: '' }
      })
  )
  await is(
    'an erased row that keeps its salt',
    ['edited@12'],
    (_l, _o, row) => void (row(12).salt = row(13).salt)
  )

  await is('pruned', [], () => {}, { pruned: 15, outside: [10, 15, 20] })
  await is(
    'pruned, and no event tells it',
    ['rewritten@15', 'unaccounted@15'],
    (_l, _o, row) => void forge(row(41), { action: 'other' }),
    { pruned: 15, at: [15] }
  )
  await is(
    'pruned, another frontier',
    ['rewritten@15', 'unaccounted@15'],
    (lines) => {
      prunedOf(lines)!.frontier[1] = leaf('')
    },
    { pruned: 15, at: [] }
  )
  await is(
    'a frontier of another length',
    ['malformed@null'],
    (lines) => void prunedOf(lines)!.frontier.pop(),
    { pruned: 15 }
  )
  await is(
    'a row that was pruned',
    ['inserted@14'],
    (lines, log, row) => placed(lines, log.rows[14]!, row(15)),
    { pruned: 15 }
  )

  const some = { at: [], filter: { action: 'step.done' } }
  const filtered = await is(
    'a filter',
    [],
    (lines) =>
      without(lines, 3, 4, 5, 30)
        .slice(0, -1)
        .concat({ ...lines.at(-1)!, events: 37 } as Line),
    some
  )
  t.match(filtered, { size: 41, root: null, events: 37 })
  await is(
    'a filter, an entry',
    ['edited@6'],
    (_l, _o, row) => {
      row(6).entry.actor = 'oidc'
    },
    some
  )
  await is('a filter, a row less than the end says', ['malformed@null'], (lines) => without(lines, 3), some)
})

t.test('what is not of the format', async (t) => {
  const lines = texts(new Log(5, 1).lines())
  const is = async (expected: string, given: string[]) => t.same(found(await verifyExport(given)), [expected])
  await is('malformed@null', [])
  await is('malformed@null', lines.slice(1))
  await is('malformed@null', [lines[0]!.replace('"version":1', '"version":2'), ...lines.slice(1)])
  await is('malformed@5', [...lines, ''])
  await is('malformed@5', [...lines, lines.at(-1)!])
  for (const line of [
    '',
    '{',
    'null',
    '[]',
    '{"type":"header"}',
    lines[0]!,
    lines[3]!.replace('{"type"', '{"more":1,"type"'),
    lines[3]!.replace('"action":', '"action":"step.failed","action":'),
    lines[3]!.replace('"action":', '"\\u0061ction":"step.failed", "action":'),
    lines[3]!.replace('"step":2', '"step":"\\ud800"'),
    lines[3]!.replace('"step":2', '"step":1e999'),
    lines[3]!.replace('"step":2', `"step":${'['.repeat(5000)}${']'.repeat(5000)}`),
    lines[3]!.replace('"step":2', `"step":${'{"a":'.repeat(5e5)}1${'}'.repeat(5e5)}`),
    lines[3]!.replace('"step":2', `"step":"${'x'.repeat(5e6)}"`)
  ])
    await is('malformed@2', [...lines.slice(0, 3), line, ...lines.slice(4)])
  await is('edited@2', [
    ...lines.slice(0, 3),
    lines[3]!.replace('"step":2', '"step":2,"__proto__":{"x":1}'),
    ...lines.slice(4)
  ])
  const spaced = lines.map((line) => line.replace('{', '{ ').replaceAll('\u00e9', '\\u00e9'))
  t.same((await verifyExport(spaced)).findings, [], 'other ways to write the same')
  await t.rejects(verifyExport(lines, { keys: ['x'] }))
  await t.rejects(verifyExport(lines, { checkpoints: ['x'] }))
  const { notes } = await verifyExport(lines)
  t.match(notes.join(), /no --key.*no checkpoint from outside/)
})

const flipped = (hex: string, bit: number) => {
  const bytes = Buffer.from(hex, 'hex')
  bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytes.toString('hex')
}
/** Each path that differs from this one in one bit: in any, or in one of each hash. */
function* flips(path: string[], all: boolean, next: (below: number) => number) {
  for (const [i, hash] of path.entries())
    for (const bit of all ? Array(256).keys() : [next(256)]) yield path.with(i, flipped(hash, bit))
}

t.test('every proof up to 64 leaves is good, and none with a bit flipped', async (t) => {
  const next = random(3)
  const leaves = Array.from({ length: 64 }, (_, i) => leaf(`${i}`))
  const roots = Array.from({ length: 65 }, (_, n) => root(leaves.slice(0, n)))
  const wrong: string[] = []
  const check = (is: boolean, name: string) => void (is || wrong.push(name))
  for (let n = 1; n <= 64; n++) {
    // All the bits of each hash of one path, and of the others one bit of each.
    const all = n % 4 ? next(n) : -1
    for (let i = 0; i < n; i++) {
      const path = inclusion(i, leaves.slice(0, n))
      const leads = (index: number, size: number, path: string[], hash = leaves[i]!) =>
        inclusionRoot(hash, index, size, path) === roots[n]
      check(leads(i, n, path), `inclusion ${i} ${n}`)
      for (const other of flips(path, i === all, next)) check(!leads(i, n, other), `flip ${i} ${n}`)
      check(!leads(i, n, path, flipped(leaves[i]!, next(256))), 'leaf')
      check(
        !leads(i, n, [...path, roots[n]!]) && (path.length === 0 || !leads(i, n, path.slice(1))),
        'length'
      )
      check(!leads(n, n, path), 'index')
      if (n > 1) check(!leads((i + 1) % n, n, path), 'index')
    }
    for (let m = 0; m <= n; m++) {
      const path = consistency(m, leaves.slice(0, n))
      const holds = (path: string[], from = roots[m]!, to = roots[n]!) => isConsistent(m, n, path, from, to)
      check(holds(path), `consistency ${m} ${n}`)
      for (const other of flips(path, m === all, next)) check(!holds(other), `flip ${m} ${n}`)
      // Of the empty tree every tree is a continuation: there the later root is the checkpoint's to say.
      check(
        !holds(path, flipped(roots[m]!, next(256))) &&
          (m === 0 || !holds(path, roots[m], flipped(roots[n]!, next(256)))),
        'root'
      )
      check(!holds([...path, roots[n]!]), 'length')
    }
  }
  t.same(wrong, [])
})

t.test('the answers of the proof routes', async (t) => {
  const log = new Log(21, 5)
  const keys = [log.signer.vkey]
  const checkpoint = log.signer.checkpoint(log.leaves())
  const { type: _, erased: __, ...row } = log.rows[9]!
  const proof = { ...row, seq: row.entry.seq, size: 21, path: inclusion(9, log.leaves()), checkpoint }
  t.match(verifyInclusion(proof, { keys }), {
    ok: true,
    size: 21,
    root: root(log.leaves()),
    findings: [],
    notes: []
  })
  t.match(verifyInclusion(JSON.stringify(proof)), { ok: true, notes: [/no --key/] })
  t.match(verifyInclusion({ ...proof, salt: null, personal: null }, { keys }), {
    ok: true,
    notes: [/erased/]
  })
  for (const [kind, change] of [
    ['edited', { entry: { ...row.entry, action: 'x' } }],
    ['edited', { seq: 1 }],
    ['edited', { personal: { actor: 'user:mallory' } }],
    ['edited', { personal: null }],
    ['rewritten', { path: proof.path.toReversed() }],
    ['rewritten', { index: 10 }],
    ['rewritten', { size: 20 }],
    ['rewritten', { hash: leaf('forged'), entry: row.entry }],
    ['signature', { checkpoint: new Signer('else').checkpoint(log.leaves()) }],
    ['malformed', { path: ['00'] }],
    ['malformed', { checkpoint: null }]
  ] as const) {
    const result = verifyInclusion({ ...proof, ...change }, { keys })
    t.ok(
      result.findings.some((finding: { kind: string }) => finding.kind === kind) && !result.ok,
      `${kind} ${JSON.stringify(change).slice(0, 40)}`
    )
  }
  const fromCheckpoint = log.signer.checkpoint(log.leaves(13))
  const later = {
    from: 13,
    to: 21,
    path: consistency(13, log.leaves()),
    fromCheckpoint,
    fromRoot: root(log.leaves(13)),
    toRoot: root(log.leaves()),
    checkpoint
  }
  t.match(verifyConsistency(later, { keys }), { ok: true, notes: [] })
  t.match(verifyConsistency({ ...later, fromCheckpoint: null }, { keys }), { ok: true, notes: [/compare/] })
  for (const [kind, change] of [
    ['rewritten', { from: 12 }],
    ['rewritten', { path: later.path.slice(1) }],
    ['rewritten', { toRoot: later.fromRoot }],
    ['signature', { fromCheckpoint: fromCheckpoint.replace('21', '20').replace(/.{6}\n$/, 'AAAA==\n') }],
    ['malformed', { fromRoot: 'x' }]
  ] as const) {
    const result = verifyConsistency({ ...later, ...change }, { keys })
    t.ok(
      result.findings.some((finding: { kind: string }) => finding.kind === kind),
      `${kind} ${JSON.stringify(change).slice(0, 40)}`
    )
  }
})

t.test('the command', async (t) => {
  const dir = t.testdir({})
  const log = new Log(30, 2)
  const put = (name: string, text: string) => {
    writeFileSync(join(dir, name), text)
    return join(dir, name)
  }
  const run = (args: string[], input = '') => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/verify-audit.mjs', ...args], {
      input,
      encoding: 'utf8'
    })
    return { status, stdout, stderr }
  }
  const text = `${texts(log.lines({ at: [10] })).join('\n')}\n`
  const file = put('export.ndjson', text)
  const key = put('keys', `${log.signer.vkey}\n`)
  const kept = put('kept', log.signer.checkpoint(log.leaves(20)))
  t.match(run([file, '--key', key, '--checkpoint', kept]), {
    status: 0,
    stdout:
      /^VERIFIED[\s\S]*events 30, size 30, root [0-9a-f]{64}\n {2}signed by audit\.example\.org\+[0-9a-f]{8}\n$/
  })
  const json = run(['-', '--json', '--key', log.signer.vkey], text.replace('"step":7', '"step":8'))
  t.equal(json.status, 1)
  t.match(JSON.parse(json.stdout), {
    ok: false,
    size: 30,
    events: 30,
    findings: [{ kind: 'edited', index: 7 }]
  })
  t.match(run(['-'], text.replace('10.0.0.7', '\u009b31m')), {
    status: 1,
    stdout: /^NOT VERIFIED: 1 finding/
  })
  t.match(run(['-'], ''), { status: 1, stdout: /empty/ })
  for (const args of [
    [],
    [join(dir, 'none')],
    [file, '--key', 'x'],
    [file, '--checkpoint', key],
    ['--what', file],
    ['proof', file, file]
  ])
    t.equal(run(args).status, 2, args.join(' '))
  writeFileSync(file, Buffer.concat([Buffer.from(text.split('\n')[0]!), Buffer.from([10, 34, 255, 34, 10])]))
  t.match(run([file]), { status: 1, stdout: /malformed at index 0: line 2: .*UTF-8/ })
})

t.test('the generator writes canonical JSON as the verifier does', async (t) => {
  for (const { entry } of new Log(5, 9).rows) t.equal(canonical(entry), jcs(entry))
})
