/**
 * Nothing that is done to the log goes unseen, and nothing is seen that was not done; all of it while Locksmith writes
 * and seals. `TAMPERINGS` says how many are tried (1,000 by `npm run test:faults`), `SEED` which ones.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import { keepCheckpoint } from '../../src/audit/publish/publishing.sql.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { verifyWithin } from '../../src/audit/verify-database.ts'
import { verifyExport } from '../../src/audit/verify-export.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { createRandom } from '../faults/harness/random.ts'
import { testKeys, testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { exportOf, secondOpinion } from './export.ts'
import { anEvent, writeLog } from './log.ts'
import { tamperings } from './tampering.ts'

const many = Number(process.env.TAMPERINGS ?? 76)
const seed = Number(process.env.SEED ?? 4_711)
const verifiers = testKeys.signers

/** Writes and seals until the test is over. */
async function startService(t: Test, pool: Pool) {
  const stopping = new AbortController()
  const random = createRandom(seed)
  const sealing = startSealing({ pool, keys: testKeys, log: { warn() {}, error() {} }, everyMs: 100 })
  const writing = (async () => {
    while (!stopping.signal.aborted) {
      await appendAudit(pool, anEvent(random))
      await sleep(500, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  t.teardown(async () => {
    stopping.abort()
    await writing
    await sealing.stop()
  })
}

t.test(`each of ${many} tamperings is found, named, and placed; with seed ${seed}`, async (t) => {
  const random = createRandom(seed)
  // Most in one that is soon read; some in one with subtrees whose hashes are kept.
  const [small, large] = await Promise.all([openLog(t, 40), openLog(t, 300)])
  const names = Object.keys(tamperings)
  const found = new Set<string>()
  for (let n = 0; n < many; n++) {
    const name = names[n % names.length]!
    const pool = name === 'a hash above the leaves' || random.below(12) === 0 ? large : small
    await keepCheckpoint(pool)
    const said = await tamper(pool, name, n)
    if (!t.equal(said, undefined, `${name} (${n})`)) break
    found.add(name)
  }
  t.equal(found.size, Math.min(names.length, many), 'every kind was tried')
})

async function openLog(t: Test, size: number): Promise<Pool> {
  const pool = createPool(await testDatabase(t), 6, testMark)
  t.teardown(() => pool.end())
  await writeLog(pool, size, createRandom(seed + size))
  await startService(t, pool)
  return pool
}

/** @returns what was not as it should be */
async function tamper(pool: Pool, name: string, n: number): Promise<string | undefined> {
  for (;;) {
    const tx = await pool.connect()
    try {
      await tx.query('BEGIN ISOLATION LEVEL REPEATABLE READ')
      // Whoever seals waits for a moment; whoever writes does not.
      const tree = await tx.query<{ checkpoint: string }>('SELECT checkpoint FROM audit_tree FOR UPDATE')
      // The very last head: what was sealed after an earlier one could be cut off again, and nobody would know.
      const outside = tree.rows[0]!.checkpoint
      const options = { checkpoints: [outside], verifiers }
      const before = await verifyWithin(tx, options, testKeys)
      if (!before.ok) return `a false alarm: ${JSON.stringify(before.findings)}`
      await tx.query(`SET LOCAL session_replication_role = replica`)
      const random = createRandom(seed * 100_003 + n)
      const { index, kinds } = await tamperings[name]!(tx, random)
      const verdict = await verifyWithin(tx, options, testKeys)
      const [first] = verdict.findings
      const isFound =
        first !== undefined &&
        kinds.includes(first.kind) &&
        (index === null || first.index === index || (first.kind === 'signature' && first.index === index - 1))
      if (!isFound) return `at ${index}: ${JSON.stringify(verdict.findings.slice(0, 3))}`
      return await disagreement(tx, outside)
    } catch (error) {
      // The service sealed meanwhile: another moment.
      if (!['40001', '23505'].includes((error as { code?: string }).code ?? '')) throw error
    } finally {
      await tx.query('ROLLBACK')
      tx.release()
    }
  }
}

/** Both implementations say the same of an export. @returns where they do not */
async function disagreement(
  tx: Parameters<typeof exportOf>[0],
  outside: string
): Promise<string | undefined> {
  const lines = (await exportOf(tx)).trimEnd().split('\n')
  const own = await verifyExport(lines, { checkpoints: [outside], verifiers })
  const other = await secondOpinion(lines.join('\n'), [outside])
  const essence = ({ ok, findings }: { ok: boolean; findings: { kind: string; index: number | null }[] }) =>
    JSON.stringify({ ok, first: findings[0] && [findings[0].kind, findings[0].index] })
  return essence(own) === essence(other)
    ? undefined
    : `ours ${essence(own)}, the other ${essence(other)} ${JSON.stringify(own.findings.slice(0, 3))} ${JSON.stringify(other.findings.slice(0, 3))}`
}
