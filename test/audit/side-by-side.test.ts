/** A long log is verified by several threads: what they say of it is what one alone says. */
import t, { type Test } from 'tap'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import { exportNdjson } from '../../src/audit/export.ts'
import { planPruning, prune } from '../../src/audit/prune.ts'
import { seal } from '../../src/audit/seal.ts'
import { verifyDatabase, verifyWithin } from '../../src/audit/verify-database.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { createRandom } from '../faults/harness/random.ts'
import { testKeys, testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { anEvent } from './log.ts'
import { tamperings } from './tampering.ts'

const seed = 4_711
const verifiers = testKeys.signers

/** Of more parts than threads; its end is not that of a part. */
async function openLongLog(t: Test, parts = 3) {
  const url = await testDatabase(t)
  const pool = createPool(url, 4, testMark)
  t.teardown(() => pool.end())
  const random = createRandom(seed)
  for (let n = 0; n < parts; n++) {
    await appendAudit(pool, ...Array.from({ length: 2_000 + (n === 0 ? 7 : 0) }, () => anEvent(random)))
    while ((await seal(pool, testKeys, 0))?.isMore);
  }
  return { url, pool, random }
}

const byThreads = (pool: Pool, threads = 2) =>
  verifyDatabase(pool, { verifiers }, testKeys, { threads, from: 0 })
const byOne = (pool: Pool) => inTransaction(pool, (tx) => verifyWithin(tx, { verifiers }, testKeys))

t.test('an untouched log verifies, by however many threads', async (t) => {
  const { pool } = await openLongLog(t)
  for (const threads of [1, 3]) {
    const verdict = await byThreads(pool, threads)
    t.match(verdict, { ok: true, size: 6_007, events: 6_007 })
    t.same(verdict, await byOne(pool), `${threads} threads`)
  }
})

t.test('of what was done to it the same is said, one thing after another', async (t) => {
  const { pool, random } = await openLongLog(t)
  let findings = 0
  for (const name of [
    'insertion: at the end',
    'deletion: of an event',
    'deletion: of a leaf',
    'insertion: between two, the others moved up',
    'reordering: two events change numbers',
    'a hash above the leaves',
    'truncation: of the last ones'
  ]) {
    await inTransaction(pool, async (tx) => {
      await tx.query('SET LOCAL session_replication_role = replica')
      await tamperings[name]!(tx, random)
    })
    const verdict = await byThreads(pool)
    t.equal(verdict.ok, false, name)
    t.same(verdict, await byOne(pool), name)
    findings = Math.max(findings, verdict.findings.length)
  }
  t.ok(findings > 8, `up to ${findings} findings`)
})

t.test('of a log that was pruned all is looked at, also what stands before its beginning', async (t) => {
  const { pool } = await openLongLog(t)
  const { rows } = await pool.query<{ at: Date }>(
    'SELECT e.at FROM audit_event e JOIN audit_leaf l USING (seq) WHERE l.index = 2_007'
  )
  const before = rows[0]!.at
  const planned = await planPruning(pool, before)
  t.ok(await prune(pool, before, planned, '01a20925-a3e6-7000-811c-b7882fb9886f'))
  while ((await seal(pool, testKeys, 0))?.isMore);
  const { size, events, ok } = await byThreads(pool)
  t.match({ size, events, ok }, { size: 6_008, events: 6_008 - planned.size, ok: true })
  await pool.query(`
    BEGIN; SET LOCAL session_replication_role = replica;
    CREATE TEMP TABLE copied AS SELECT * FROM audit_event ORDER BY seq DESC LIMIT 1;
    UPDATE copied SET seq = 1, at = at - interval '1 year', action = 'stop.lifted';
    INSERT INTO audit_event SELECT * FROM copied;
    INSERT INTO audit_personal SELECT 1, salt, actor, user_id, place, source_address, details FROM audit_personal ORDER BY seq DESC LIMIT 1;
    INSERT INTO audit_leaf VALUES (0, 1, sha256('x'), substr(sha256('y'), 1, 16));
    COMMIT`)
  const verdict = await byThreads(pool)
  t.equal(verdict.ok, false)
  t.ok(
    verdict.findings.some(({ kind, seq }) => kind === 'inserted' && seq === 1),
    JSON.stringify(verdict.findings)
  )
  t.same(verdict, await byOne(pool))
  await pool.query(`UPDATE audit_tree SET pruned_frontier = ''`)
  const headless = await byThreads(pool)
  t.ok(
    headless.findings.some(({ kind }) => kind === 'malformed'),
    JSON.stringify(headless.findings)
  )
  t.equal(headless.ok, false)
  t.same(headless, await byOne(pool))
})

t.test('leaves where none of ours can be are found, up to the last number that there is', async (t) => {
  const { pool } = await openLongLog(t, 2)
  for (const last of ['9007199254741993', '9223372036854775807']) {
    await pool.query(`
      BEGIN; SET LOCAL session_replication_role = replica;
      INSERT INTO audit_leaf SELECT ${last} - n, ${last} - n, sha256('x'), substr(sha256('y'), 1, 16)
        FROM generate_series(0, 2100) n ON CONFLICT DO NOTHING;
      COMMIT`)
    const verdict = await byThreads(pool)
    t.match(
      verdict.findings.find(({ index }) => index === 4_007),
      { kind: 'missing' },
      last
    )
    t.same(verdict, await byOne(pool))
    const lines: string[] = []
    await inTransaction(pool, async (tx) => {
      for await (const piece of exportNdjson(tx, undefined)) lines.push(piece)
    })
    t.match(lines.join('').trimEnd().split('\n').at(-1), /"type":"end"/, 'and the log can be exported')
  }
})

t.test('where a connection breaks meanwhile it ends with that, and verifies nothing', async (t) => {
  const { pool } = await openLongLog(t)
  const cutting = setInterval(() => {
    pool
      .query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
          WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%audit_leaf l%'`
      )
      .catch(() => {})
  }, 5)
  await t.rejects(byThreads(pool))
  clearInterval(cutting)
  t.match(await byThreads(pool), { ok: true }, 'and the next one does')
})
