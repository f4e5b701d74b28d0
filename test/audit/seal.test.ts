import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { appendAudit, listAudit } from '../../src/audit/audit.sql.ts'
import { partsOf } from '../../src/audit/entry.ts'
import { readSealed } from '../../src/audit/forward/read.sql.ts'
import { readAuditKeys } from '../../src/audit/keys.ts'
import { readLeaves } from '../../src/audit/log.sql.ts'
import { parseVerifierKey, verifierKeyOf } from '../../src/audit/note.ts'
import { nodesIn, readHead } from '../../src/audit/proof.sql.ts'
import { keepCheckpoint } from '../../src/audit/publish/publishing.sql.ts'
import { readLag } from '../../src/audit/seal.sql.ts'
import { seal, sealPoints } from '../../src/audit/seal.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { consistencyProof, inclusionProof, rootAt } from '../../src/audit/tree.ts'
import { verifyDatabase } from '../../src/audit/verify-database.ts'
import { canonicalJson } from '../../src/canonical.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { Secret } from '../../src/secret.ts'
import { verifyConsistency, verifyInclusion } from '../../tools/verify-audit.mjs'
import { createRandom } from '../faults/harness/random.ts'
import { otherSigningKey, signingKey, testKeys, testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { anEvent, writeLog } from './log.ts'

async function open(t: Test, size = 20) {
  const url = await testDatabase(t)
  const pool = createPool(url, size, testMark)
  t.teardown(() => pool.end())
  return { url, pool }
}

const write = (pool: Pool, many = 1, seed = 1) =>
  appendAudit(
    pool,
    ...Array.from(
      { length: many },
      (
        (random) => () =>
          anEvent(random)
      )(createRandom(seed))
    )
  )
const verify = (pool: Pool, checkpoints: string[] = []) =>
  verifyDatabase(pool, { checkpoints, verifiers: testKeys.signers }, testKeys)
const leaves = async (pool: Pool) =>
  (await pool.query<{ seq: number }>('SELECT seq FROM audit_leaf ORDER BY index')).rows.map(({ seq }) => seq)

t.test(
  'what many write at once is sealed once each, by whoever comes first, and the log is one',
  async (t) => {
    const { pool } = await open(t)
    const fail = (about: object, text: string) => void t.fail(text, about)
    const log = { warn: fail, error: fail }
    const sealers = [1, 2, 3].map(() => startSealing({ pool, keys: testKeys, log, everyMs: 5 }))
    await Promise.all(
      Array.from({ length: 12 }, async (_, writer) => {
        for (let n = 0; n < 15; n++) await write(pool, 1 + (n % 3), writer)
      })
    )
    await Promise.all(sealers.map((sealer) => sealer.stop()))
    const sealed = await leaves(pool)
    t.equal(sealed.length, 12 * 30)
    t.equal(new Set(sealed).size, sealed.length)
    t.match(await readLag(pool), { unsealed: 0, refused: 0, oldestSeconds: 0 })
    t.match(await verify(pool), { ok: true, size: 360, events: 360 })
  }
)

t.test(
  'sealing reads what is new, whatever is in the log and whatever the statistics say of it',
  async (t) => {
    const { pool } = await open(t, 1)
    await write(pool, 3_000)
    while ((await seal(pool, testKeys, 0))?.isMore);
    await write(pool, 2_000)
    // As they may be at any time: by them the tail is long, and what joins it is read as a whole.
    await pool.query('ANALYZE audit_event, audit_leaf, audit_tail')
    while ((await seal(pool, testKeys, 0))?.isMore);
    await write(pool, 3)
    const readAsAWhole = async () => {
      await pool.query('SELECT pg_stat_force_next_flush()')
      const { rows } = await pool.query<{ read: number }>(
        `SELECT sum(seq_tup_read)::int AS read FROM pg_stat_user_tables WHERE relname IN ('audit_event', 'audit_leaf', 'audit_personal')`
      )
      return rows[0]!.read
    }
    const before = await readAsAWhole()
    t.match(await readLag(pool), { unsealed: 3 })
    t.match(await seal(pool, testKeys, 0), { sealed: 3 })
    t.equal((await readLeaves(pool, 5, { after: 4_990 })).length, 5)
    t.equal((await readAsAWhole()) - before, 0)
  }
)

t.test('a page of the log costs what is on it, wherever in the log it is', async (t) => {
  const { pool } = await open(t, 1)
  await write(pool, 5_000)
  while ((await seal(pool, testKeys, 0))?.isMore);
  await pool.query('ANALYZE audit_event, audit_leaf, audit_personal')
  const read = async () => {
    await pool.query('SELECT pg_stat_force_next_flush()')
    const { rows } = await pool.query<{ read: number }>(
      `SELECT sum(seq_tup_read + idx_tup_fetch)::int + (SELECT sum(idx_tup_read)::int FROM pg_stat_user_indexes) AS read
         FROM pg_stat_user_tables WHERE relname IN ('audit_event', 'audit_leaf', 'audit_personal')`
    )
    return rows[0]!.read
  }
  const [{ seq } = { seq: 0 }] = await listAudit(pool, {}, { limit: 1 })
  for (const [what, page] of Object.entries({
    'a table': () => listAudit(pool, {}, { after: seq - 500, order: 'ASC', limit: 500 }),
    'what happened before': () => listAudit(pool, {}, { before: seq + 1, limit: 500 }),
    'of one action': () =>
      listAudit(pool, { action: 'operation.requested' }, { before: seq + 1, limit: 500 }),
    'the log itself': () => readLeaves(pool, 500, { after: 4_499 }),
    'what is forwarded': () => readSealed(pool, 4_500, 500)
  })) {
    const before = await read()
    const { length } = await page()
    const cost = (await read()) - before
    t.ok(length > 50, `${what}: ${length} events`)
    t.ok(cost < 16 * 500, `${what}: ${cost} rows and entries of indexes were read`)
  }
})

t.test('how long the oldest event waits is told, also where the one before it was taken away', async (t) => {
  const { pool } = await open(t)
  await write(pool, 2)
  await pool.query(`BEGIN; SET LOCAL session_replication_role = replica;
    DELETE FROM audit_event WHERE seq = (SELECT min(seq) FROM audit_tail); COMMIT`)
  const { unsealed, oldestSeconds } = await readLag(pool)
  t.equal(unsealed, 2)
  t.ok(oldestSeconds > 0)
})

t.test('an event is written as JSON has it, a secret as what it says of itself', (t) => {
  const details = JSON.parse('{"list":[{"__proto__":{"a":1},"b":null}],"n":1e-7}')
  const event = {
    action: 'operation.requested',
    actor: 'host',
    details: {
      ...details,
      at: new Date(0),
      never: new Date(Number.NaN),
      secret: new Secret('hush'),
      gone: undefined,
      nan: Number.NaN
    }
  }
  const { content } = partsOf(event as never)
  t.equal(canonicalJson(content.details), canonicalJson(JSON.parse(JSON.stringify(event.details))))
  t.notMatch(JSON.stringify(content), 'hush')
  t.end()
})

t.test('what is committed late is sealed later, and is not lost', async (t) => {
  const { pool } = await open(t)
  const late = await pool.connect()
  await late.query('BEGIN')
  await appendAudit(late, anEvent(createRandom(1)))
  await write(pool, 2)
  await seal(pool, testKeys, 0)
  await late.query('COMMIT')
  late.release()
  await write(pool)
  await seal(pool, testKeys, 0)
  t.same(await leaves(pool), [2, 3, 1, 4])
  t.match(await verify(pool), { ok: true })
})

t.test('what was rolled back leaves no trace but a number', async (t) => {
  const { pool } = await open(t)
  await write(pool)
  await inTransaction(pool, async (tx) => {
    await appendAudit(tx, anEvent(createRandom(1)))
    throw new Error('no')
  }).catch(() => {})
  await write(pool)
  await seal(pool, testKeys, 0)
  t.same(await leaves(pool), [1, 3])
  t.match(await verify(pool), { ok: true })
})

for (const [what, key] of [
  ['of somebody without the key', (text: string) => Buffer.from(text).subarray(0, 16)],
  ['of a process with another key', readAuditKeys(otherSigningKey)!.marks[0]]
] as const)
  t.test(`a row ${what} is not sealed, and keeps no other from it`, async (t) => {
    const { url, pool } = await open(t)
    const stranger = createPool(url, 1, key)
    t.teardown(() => stranger.end())
    await write(pool)
    await write(stranger)
    await write(pool)
    t.match(await seal(pool, testKeys, 0), { sealed: 2, foreign: 1 })
    t.match(await seal(pool, testKeys, 0), { sealed: 0, foreign: 0 }, 'once is enough')
    t.match(await readLag(pool), { unsealed: 0, refused: 1 })
    t.match(await verify(pool), { ok: false, findings: [{ kind: 'inserted', seq: 2 }] })
  })

t.test('an event that is deleted before it is sealed is missed', async (t) => {
  const { pool } = await open(t)
  await write(pool, 3)
  await pool.query(
    `BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM audit_event WHERE seq = 2; COMMIT`
  )
  t.match(await seal(pool, testKeys, 0), { sealed: 2, foreign: 1 })
  t.match(await verify(pool), { ok: false, findings: [{ kind: 'missing', seq: 2 }] })
})

t.test(
  'nothing is built on a head that was not signed, nor on one that is older than what was seen',
  async (t) => {
    const { pool } = await open(t)
    await write(pool, 5)
    await seal(pool, testKeys, 0)
    await write(pool)
    await t.rejects(seal(pool, testKeys, 6), { name: 'BrokenTree' })
    for (const change of [
      `frontier = frontier || sha256('x')`,
      `frontier = sha256('x') || sha256('y')`,
      'size = 4',
      'checkpoint = NULL',
      `checkpoint = replace(checkpoint, E'\\n5\\n', E'\\n6\\n')`
    ]) {
      const before = (await pool.query('SELECT frontier, size, checkpoint FROM audit_tree')).rows[0]
      await pool.query(`UPDATE audit_tree SET ${change}`)
      await t.rejects(seal(pool, testKeys, 0), { name: 'BrokenTree' }, change)
      await pool.query(
        'UPDATE audit_tree SET frontier = $1, size = $2, checkpoint = $3',
        Object.values(before)
      )
    }
    t.match(await seal(pool, testKeys, 5), { sealed: 1, size: 6 })
  }
)

t.test('a key is replaced: both sign meanwhile, and the log says so', async (t) => {
  const { url, pool } = await open(t)
  const [old, both, fresh] = [signingKey, `${otherSigningKey}\n${signingKey}`, otherSigningKey].map(
    (text) => readAuditKeys(text)!
  ) as [typeof testKeys, typeof testKeys, typeof testKeys]
  const verifiers = (keys: typeof testKeys) =>
    keys.signers.map((signer) => parseVerifierKey(verifierKeyOf(signer))!)
  await write(pool, 3)
  await seal(pool, old, 0)
  await t.rejects(seal(pool, fresh, 0), /old one, too/, 'not without the old one')
  await write(pool, 1)
  t.match(
    await seal(pool, both, 0),
    { sealed: 1, foreign: 0 },
    'whoever still writes with the old key is ours'
  )
  t.match(await seal(pool, both, 0), { sealed: 1 })
  const { rows } = await pool.query(`SELECT details FROM audit_event WHERE action = 'audit.key-changed'`)
  t.same(rows, [{ details: { from: verifierKeyOf(old.signers[0]), to: verifierKeyOf(fresh.signers[0]) } }])
  for (const keys of [old, fresh])
    t.match(
      await verifyDatabase(pool, { verifiers: verifiers(keys) }),
      { ok: true, size: 5 },
      'whoever knows either verifies'
    )
  const later = createPool(url, 1, fresh.marks[0])
  t.teardown(() => later.end())
  await write(later)
  t.match(await seal(later, fresh, 0), { sealed: 1, size: 6 })
  t.match(await verifyDatabase(pool, { verifiers: verifiers(fresh) }, both), { ok: true, size: 6 })
  t.match(await verifyDatabase(pool, { verifiers: verifiers(old) }), {
    ok: false,
    findings: [{ kind: 'signature' }]
  })
})

t.test(
  'proofs of every event, and from every earlier log, are taken by the second implementation',
  async (t) => {
    const { pool } = await open(t)
    await writeLog(pool, 530, createRandom(7))
    const note = (await keepCheckpoint(pool))!.note
    const { size } = await readHead(pool)
    t.equal(size, 530)
    const read = nodesIn(pool)
    const keys = testKeys.signers.map(verifierKeyOf)
    const { rows } = await pool.query<{ index: number; hash: Buffer }>(
      'SELECT index, hash FROM audit_leaf ORDER BY index'
    )
    const hex = (hash: Buffer) => hash.toString('hex')
    let bad = 0
    for (const { index, hash } of rows.filter(({ index }) => index % 7 === 0 || index > 500 || index < 5)) {
      const path = (await inclusionProof(index, size, read)).map(hex)
      const proof = { seq: 1, index, size, hash: hex(hash), path, checkpoint: note, ...anyEntry(hash) }
      const taken = verifyInclusion(proof, { keys }).findings.some(
        ({ kind }: { kind: string }) => kind === 'rewritten'
      )
      const other = { ...proof, path: path.with(0, hex(hash)) }
      const refused = verifyInclusion(other, { keys }).findings.some(
        ({ kind }: { kind: string }) => kind === 'rewritten'
      )
      if (taken || !refused) bad++
    }
    t.equal(bad, 0)
    for (const from of [1, 2, 255, 256, 257, 300, 511, 512, 513, 529, 530]) {
      const proof = {
        from,
        to: size,
        path: (await consistencyProof(from, size, read)).map(hex),
        fromRoot: hex(await rootAt(from, read)),
        toRoot: hex(await rootAt(size, read)),
        fromCheckpoint: null,
        checkpoint: note
      }
      t.match(verifyConsistency(proof, { keys }), { ok: true }, `from ${from}`)
      t.match(
        verifyConsistency(
          { ...proof, fromRoot: proof.fromRoot.replace(/./, (c) => (c === '0' ? '1' : '0')) },
          { keys }
        ),
        { ok: false }
      )
    }
  }
)

/** The way to the root is what is looked at here; entries are elsewhere. */
const anyEntry = (_hash: Buffer) => ({ entry: {}, salt: null, personal: null })

for (const point of [...sealPoints, 'committed'])
  t.test(`the process that seals is killed: ${point}`, async (t) => {
    const { url, pool } = await open(t, 4)
    await writeLog(pool, 300, createRandom(3))
    await write(pool, 30)
    const before = (await keepCheckpoint(pool))!
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('sealer.ts', import.meta.url)), url, point],
      {
        stdio: ['ignore', 'pipe', 'inherit']
      }
    )
    await once(child.stdout, 'data')
    await write(pool, 5)
    child.kill('SIGKILL')
    await once(child, 'exit')
    t.match(await verify(pool, [before.note]), { ok: true, size: point === 'committed' ? 330 : 300 })
    // Its connection may take a moment to be gone, and what it holds with it.
    let sealed: Awaited<ReturnType<typeof seal>>
    do sealed = await seal(pool, testKeys, 300)
    while (sealed === undefined)
    t.match(await verify(pool, [before.note]), { ok: true, size: 335 })
    t.match(await readLag(pool), { unsealed: 0, refused: 0 })
  })
