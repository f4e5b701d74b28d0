/** What somebody with rights in the database, and without the key, may try while Locksmith works. */
import { randomBytes } from 'node:crypto'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { hasEarlier } from '../../src/audit/adopt.sql.ts'
import { adoptEarlierEvents } from '../../src/audit/adopt.ts'
import { appendAudit, listAudit } from '../../src/audit/audit.sql.ts'
import { erase } from '../../src/audit/erase.ts'
import { keepAudit } from '../../src/audit/keep.ts'
import { readAuditKeys } from '../../src/audit/keys.ts'
import { refuseLoss } from '../../src/audit/loss.ts'
import { readHead } from '../../src/audit/proof.sql.ts'
import { planPruning, prune } from '../../src/audit/prune.ts'
import { seal } from '../../src/audit/seal.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { verifyDatabase } from '../../src/audit/verify-database.ts'
import { grantToService } from '../../src/db/grant.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { createRandom } from '../faults/harness/random.ts'
import { otherSigningKey, signingKey, testKeys, testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { writeLog } from './log.ts'

const random = createRandom(7)
const quiet = { info() {}, warn() {}, error() {} }

async function open(t: Test, events = 0) {
  const pool = createPool(await testDatabase(t), 6, testMark)
  t.teardown(() => pool.end())
  if (events > 0) await writeLog(pool, events, random)
  return pool
}
const verify = async (pool: Pool, checkpoints: string[] = [], keys = testKeys) =>
  (await verifyDatabase(pool, { checkpoints, verifiers: keys.signers }, keys)).findings
const sealed = async (pool: Pool) => {
  while ((await seal(pool, testKeys, 0))?.sealed);
}
const headOf = async (pool: Pool) => (await readHead(pool)).checkpoint!

t.test('events from before the tree are not taken in once there is one', async (t) => {
  const pool = await open(t, 5)
  await pool.query(`CREATE TABLE audit_event_before (seq bigint, at timestamptz, action text, actor text, user_id text,
    operation_id uuid, request_id text, details jsonb)`)
  await pool.query(
    `INSERT INTO audit_event_before VALUES (1000001, '2020-01-01', 'operation.approved', 'key:innocent', 'bob', NULL, NULL, '{"approval":"x"}')`
  )
  await adoptEarlierEvents(pool).catch(() => {})
  await sealed(pool)
  t.equal((await listAudit(pool, { actor: 'key:innocent' }, { limit: 10 })).length, 0)
  t.match(await verify(pool), [{ kind: 'inserted' }])
})

t.test(
  'the role that serves cannot put a table or a function in the place of one of the owner',
  async (t) => {
    const url = await testDatabase(t)
    const owner = createPool(url, 2, testMark)
    t.teardown(() => owner.end())
    const role = `service_${randomBytes(4).toString('hex')}`
    await owner.query(`CREATE ROLE ${role} LOGIN PASSWORD 'for-a-test'`)
    t.teardown(async () => {
      const admin = createPool(url, 1)
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
      await admin.end()
    })
    const serviceUrl = new URL(url)
    serviceUrl.username = role
    serviceUrl.password = 'for-a-test'
    await grantToService(url, serviceUrl.href)
    const service = createPool(serviceUrl.href, 1)
    t.teardown(() => service.end())
    const { rows } = await owner.query<{ name: string }>('SELECT quote_ident(current_user) AS name')
    const schema = rows[0]!.name
    await service.query(`CREATE SCHEMA ${schema}; GRANT USAGE ON SCHEMA ${schema} TO PUBLIC;
    CREATE TABLE ${schema}.audit_event_before (seq bigint); GRANT SELECT ON ${schema}.audit_event_before TO PUBLIC;
    CREATE FUNCTION ${schema}.locksmith_now() RETURNS timestamptz LANGUAGE sql AS $$SELECT timestamptz '2001-01-01'$$`)
    t.match(await owner.query('SELECT locksmith_now() > $1::date AS ours', ['2020-01-01']), {
      rows: [{ ours: true }]
    })
    t.equal(await hasEarlier(owner), false)
  }
)

t.test('an event with a number that none of ours can have is named, and stops nothing', async (t) => {
  const pool = await open(t, 5)
  const last = '9223372036854775807'
  await pool.query(`INSERT INTO audit_event (seq, action, actor, details, personal, mac)
    SELECT ${last}, action, actor, details, personal, mac FROM audit_event LIMIT 1`)
  await pool.query(`INSERT INTO audit_tail VALUES (${last})`)
  await appendAudit(pool, { action: 'key.revoked', actor: 'host', details: { keyId: 'k', name: 'n' } })
  await sealed(pool)
  t.equal((await readHead(pool)).size, 6, 'what came with it is sealed')
  const [newest] = await listAudit(pool, {}, { limit: 1 })
  t.equal(newest?.action, 'key.revoked', 'it is not shown')
  t.equal(newest?.index, 5)
  t.match(await verify(pool), [{ kind: 'inserted', seq: Number(last) }])
})

t.test('only what is signed leaves the house', async (t) => {
  const pool = await open(t, 5)
  const file = join(t.testdir(), 'checkpoint')
  const genuine = await headOf(pool)
  writeFileSync(file, genuine)
  await pool.query(`UPDATE audit_tree SET checkpoint = replace(checkpoint, E'\n5\n', E'\n900000\n')`)
  const keeping = keepAudit({
    pool,
    keys: testKeys,
    log: quiet,
    settings: { checkpoints: { everySeconds: 1, file } }
  })
  await sleep(1500)
  await keeping.stop()
  t.equal(readFileSync(file, 'utf8'), genuine)
})

t.test('a loss is accepted only by an event of Locksmith', async (t) => {
  const pool = await open(t, 5)
  const {
    rows: [tree]
  } = await pool.query('SELECT * FROM audit_tree')
  await writeLog(pool, 5, random)
  const note = await headOf(pool)
  await pool.query(`SET session_replication_role = replica`)
  await pool.query(`UPDATE audit_tree SET size = $1, frontier = $2, checkpoint = $3`, [
    tree.size,
    tree.frontier,
    tree.checkpoint
  ])
  await t.rejects(refuseLoss(pool, testKeys, note))
  await pool.query(
    `INSERT INTO audit_event (seq, action, actor, details, personal, mac)
     VALUES (999, 'audit.went-on-after-loss', 'host', jsonb_build_object('lost', $1::text), '', '')`,
    [note]
  )
  await t.rejects(refuseLoss(pool, testKeys, note), 'forged acceptance')
})

t.test('pruned says nothing about a loss', async (t) => {
  const pool = await open(t, 5)
  await writeLog(pool, 5, random)
  const note = await headOf(pool)
  await pool.query(`UPDATE audit_tree SET size = 900, pruned = 800`)
  await t.rejects(refuseLoss(pool, testKeys, note))
})

t.test('a sealed event that stands in the tail again does not hold up the others', async (t) => {
  const pool = await open(t, 5)
  await pool.query('INSERT INTO audit_tail SELECT min(seq) FROM audit_leaf')
  await writeLog(pool, 3, random)
  t.equal((await readHead(pool)).size, 8)
})

t.test('a process that did not seal itself knows the size all the same', async (t) => {
  const pool = await open(t, 5)
  const {
    rows: [tree]
  } = await pool.query('SELECT * FROM audit_tree')
  const idle = startSealing({ pool, keys: testKeys, log: quiet, everyMs: 300 })
  t.teardown(() => idle.stop())
  await sleep(150)
  await writeLog(pool, 5, random)
  await sleep(500)
  const client = await pool.connect()
  await client.query(`SET session_replication_role = replica`)
  await client.query(`DELETE FROM audit_leaf WHERE index >= 5`)
  await client.query(`UPDATE audit_tree SET size = $1, frontier = $2, checkpoint = $3`, [
    tree.size,
    tree.frontier,
    tree.checkpoint
  ])
  client.release(true)
  await appendAudit(pool, { action: 'service.resumed', actor: 'host', details: {} })
  await sleep(800)
  t.equal((await readHead(pool)).size, 5)
})

t.test('numbers and texts of any kind', async (t) => {
  const pool = await open(t)
  for (const n of [1e21, 1e-7, -0, 0.1 + 0.2, 1e300, 5e-324, 123456789012345680000])
    await appendAudit(pool, { action: 'operation.succeeded', actor: 'system', details: { outcome: { n } } })
  await sealed(pool)
  t.strictSame(await verify(pool), [], 'numbers')
  for (const text of ['a\ud800b', 'nul\0'])
    await appendAudit(pool, {
      action: 'service.stopped',
      actor: 'host',
      userId: text,
      details: { reason: text }
    }).catch((e) => t.fail(`${JSON.stringify(text)} ${e.message}`))
  await appendAudit(pool, {
    action: 'service.resumed',
    actor: 'host',
    userId: 'a\ud800b',
    details: {}
  }).catch((e) => t.fail(e.message))
  await sealed(pool)
  t.strictSame(await verify(pool), [], 'texts')
})

t.test('names are erased wherever they stand', async (t) => {
  const pool = await open(t)
  await appendAudit(
    pool,
    {
      action: 'service.stopped',
      actor: 'host',
      details: { reason: 'Alice@example.org lost her laptop, told malice so' }
    },
    {
      action: 'participant.answered',
      actor: 'contact:ÄRNE@example.org',
      userId: 'x',
      details: { round: 1, answer: 'yes' }
    },
    { action: 'service.stopped', actor: 'host', details: { reason: 'O"Brien' } },
    { action: 'service.resumed', actor: 'oidc:https://id#auth0#zoe', details: {} }
  )
  await sealed(pool)
  await erase(pool, 'alice', ['a-l.i+c(e', 'alice@example.org'])
  await erase(pool, 'arne', ['ärne@example.org'])
  await erase(pool, 'O"Brien', [])
  await erase(pool, 'auth0#zoe', [])
  await sealed(pool)
  const all = JSON.stringify((await pool.query('SELECT * FROM audit_personal')).rows)
  t.match(all, 'malice')
  for (const name of [/\bAlice/i, 'ÄRNE', 'Brien', 'zoe']) t.notMatch(all, name)
  t.strictSame(await verify(pool), [])
})

t.test('right after an erasure or a pruning, nothing is found', async (t) => {
  const pool = await open(t, 40)
  await erase(pool, 'anna', [])
  t.strictSame(await verify(pool), [], 'erased')
  const before = new Date(Date.now() + 1000)
  await prune(pool, before, await planPruning(pool, before), 'id')
  t.strictSame(await verify(pool), [], 'pruned')
})

t.test('a key that was replaced is not needed for ever', async (t) => {
  const pool = await open(t, 10)
  const both = readAuditKeys(`${otherSigningKey}\n${signingKey}`)!
  const other = readAuditKeys(otherSigningKey)!
  await appendAudit(pool, { action: 'service.resumed', actor: 'host', details: {} })
  while ((await seal(pool, both, 0))?.sealed);
  t.strictSame(await verify(pool, [], both), [])
  t.strictSame(await verify(pool, [], other), [])
})
