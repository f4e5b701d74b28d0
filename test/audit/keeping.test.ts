/** What becomes of the log over the years: rights, erasure, pruning, loss, and events from before there was a tree. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import t, { type Test } from 'tap'
import { adoptEarlierEvents } from '../../src/audit/adopt.ts'
import { appendAudit, insertEvents, listAudit, markedAs } from '../../src/audit/audit.sql.ts'
import { erase } from '../../src/audit/erase.ts'
import { keepAudit } from '../../src/audit/keep.ts'
import { nodesIn, readHead } from '../../src/audit/proof.sql.ts'
import { planPruning, prune } from '../../src/audit/prune.ts'
import { keepCheckpoint } from '../../src/audit/publish/publishing.sql.ts'
import { readLag } from '../../src/audit/seal.sql.ts'
import { seal } from '../../src/audit/seal.ts'
import { consistencyProof, inclusionProof } from '../../src/audit/tree.ts'
import { verifyDatabase } from '../../src/audit/verify-database.ts'
import { verifyExport } from '../../src/audit/verify-export.ts'
import { grantToService } from '../../src/db/grant.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { findAuditFacts } from '../../src/doctor/audit.sql.ts'
import { startJobs } from '../../src/jobs/jobs.ts'
import { advanceQueue } from '../../src/operations/queue.ts'
import { createRandom } from '../faults/harness/random.ts'
import { signingKey, testKeys, testMark } from '../support/audit-keys.ts'
import { runLocksmith } from '../support/command.ts'
import { testDatabase } from '../support/database.ts'
import { exportOf, secondOpinion } from './export.ts'
import { anEvent, writeLog } from './log.ts'

async function open(t: Test, size = 6) {
  const url = await testDatabase(t)
  const pool = createPool(url, size, testMark)
  t.teardown(() => pool.end())
  return { url, pool }
}

const random = createRandom(11)
const verify = (pool: Pool, checkpoints: string[] = []) =>
  verifyDatabase(pool, { checkpoints, verifiers: testKeys.signers }, testKeys)
const sealed = async (pool: Pool) => {
  while ((await seal(pool, testKeys, 0))?.sealed);
}

t.test(
  'the role that serves adds to the log, seals it, and can change or delete nothing in it',
  async (t) => {
    const { url, pool } = await open(t)
    const role = `service_${randomBytes(4).toString('hex')}`
    await pool.query(`CREATE ROLE ${role} LOGIN PASSWORD 'for-a-test'`)
    t.teardown(async () => {
      const admin = new pg.Client({ connectionString: url })
      await admin.connect()
      await admin.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
      await admin.end()
    })
    const serviceUrl = new URL(url)
    serviceUrl.username = role
    serviceUrl.password = 'for-a-test'
    t.equal(await grantToService(url, url), false, 'one role for both: nothing to give')
    t.equal(await grantToService(url, serviceUrl.href), true)
    const service = createPool(serviceUrl.href, 4, testMark)
    t.teardown(() => service.end())
    await writeLog(service, 20, random)
    for (const table of [
      'audit_event',
      'audit_personal',
      'audit_leaf',
      'audit_node',
      'audit_checkpoint',
      'audit_erasure'
    ])
      for (const statement of [
        `UPDATE ${table} SET ctid = ctid`,
        `DELETE FROM ${table}`,
        `TRUNCATE ${table}`
      ])
        await t.rejects(service.query(statement), { code: /42501|0A000/ }, statement)
    await t.rejects(service.query('ALTER TABLE audit_event DISABLE TRIGGER ALL'), { code: '42501' })
    await t.rejects(erase(service, 'anna', []), { code: '42501' })
    const planned = await planPruning(service, new Date(Date.now() + 60_000))
    await t.rejects(prune(service, new Date(Date.now() + 60_000), planned, 'x'), { code: '42501' })
    t.equal((await findAuditFacts(service)).mayChange, false)
    const jobs = await startJobs(serviceUrl.href, [advanceQueue], (error) => t.fail(String(error)))
    await jobs.stop()
    t.equal((await findAuditFacts(pool)).mayChange, true)
    t.match(await verify(pool), { ok: true, size: 20 })
  }
)

t.test('who is erased is in no event any more, the story is still told, and every proof holds', async (t) => {
  const { pool } = await open(t)
  const about = { userId: 'Carla', operationId: '01a20925-a3e6-7000-811c-b7882fb9886f' }
  await writeLog(pool, 30, random)
  await appendAudit(
    pool,
    {
      action: 'operation.requested',
      actor: 'key:abc123def456',
      requestId: 'r-1',
      sourceAddress: '192.0.2.9',
      ...about,
      details: {
        kind: 'reset',
        mail: 'smtp',
        revoke: 'all',
        reason: 'Carla lost her phone',
        manager: 'carla.boss@example.org'
      }
    },
    {
      action: 'step.done',
      actor: 'system',
      ...about,
      details: {
        step: 'check-user',
        attempt: 1,
        outcome: {
          user: { id: 'Carla', displayName: 'Carla C.', mailAddress: 'carla@example.org', enabled: true },
          remaining: 3
        }
      }
    },
    {
      action: 'participant.answered',
      actor: 'user:carla',
      userId: 'Carla',
      sourceAddress: '192.0.2.77',
      details: { round: 2, answer: 'confirmed' }
    },
    {
      action: 'campaign.created',
      actor: 'key:abc123def456',
      details: {
        name: 'Q3',
        definition: { audience: { users: ['anna', 'carla'] }, owner: 'carla@example.org' }
      }
    }
  )
  await sealed(pool)
  const { note } = (await keepCheckpoint(pool))!
  const { pseudonym, events } = await erase(pool, 'CARLA', ['carla@example.org'], 'her request of 3 May')
  t.equal(events, 4)
  await sealed(pool)
  const rest = await exportOf(pool)
  t.notMatch(rest, /carla|192\.0\.2\.77/i, 'nothing of her is left')
  t.match(rest, '192.0.2.9', 'who asked is somebody else')
  const { rows } = await pool.query(`SELECT string_agg(p::text, ' ') AS all FROM audit_personal p`)
  t.notMatch(rows[0].all, /carla/i)
  const story = await listAudit(pool, { userId: pseudonym }, { order: 'ASC', limit: 9 })
  t.match(story, [
    {
      action: 'operation.requested',
      actor: 'key:abc123def456',
      userId: pseudonym,
      details: { kind: 'reset', revoke: 'all' }
    },
    { action: 'step.done', details: { outcome: { user: { id: pseudonym, enabled: true }, remaining: 3 } } },
    { action: 'participant.answered', actor: `user:${pseudonym}`, details: { round: 2, answer: 'confirmed' } }
  ])
  t.equal((await listAudit(pool, { userId: 'carla' }, { limit: 9 })).length, 0)
  const [named] = await listAudit(pool, { action: 'campaign.created' }, { limit: 1 })
  t.match(
    named!.details,
    { name: 'Q3', definition: { audience: { users: ['anna', pseudonym] }, owner: pseudonym } },
    'others who are named stay'
  )
  t.match(await verify(pool, [note]), { ok: true, size: 35 })
  t.match(await secondOpinion(rest, [note]), { ok: true })
  t.equal((await erase(pool, 'nobody-at-all', [])).events, 0)
  t.equal(
    (await listAudit(pool, { action: 'audit.pseudonymised' }, { limit: 9 })).length,
    1,
    'nothing was done, and nothing said'
  )
})

t.test('an erasure that nobody wrote down is no erasure', async (t) => {
  const { pool } = await open(t)
  await writeLog(pool, 10, random)
  await erase(pool, 'anna', [])
  await sealed(pool)
  t.match(await verify(pool), { ok: true })
  const { rows } = await pool.query<{ seq: number }>(
    'SELECT min(seq) AS seq FROM audit_personal WHERE salt IS NOT NULL'
  )
  const { seq } = rows[0]!
  await pool.query(
    `BEGIN; SET LOCAL session_replication_role = replica;
     UPDATE audit_personal SET salt = NULL, user_id = 'erased-1', place = 'erased-1' WHERE seq = ${seq};
     INSERT INTO audit_erasure (pseudonym, seq) VALUES ('erased-1', ${seq}); COMMIT`
  )
  t.match(await verify(pool), { ok: false, findings: [{ kind: 'unaccounted', seq }] })
  t.match(await secondOpinion(await exportOf(pool)), { ok: false, findings: [{ kind: 'unaccounted' }] })
})

t.test(
  'what is pruned is gone, what is left verifies and can be proved, and the log says who agreed',
  async (t) => {
    const { pool } = await open(t)
    for (const [size, index] of [
      [300, 5],
      [40, 290],
      [100, 400]
    ] as const) {
      await writeLog(pool, size, random)
      const old = (await keepCheckpoint(pool))!
      const { rows } = await pool.query<{ at: Date }>(
        'SELECT e.at FROM audit_event e JOIN audit_leaf l ON l.seq = e.seq WHERE l.index = $1',
        [index]
      )
      const before = new Date(rows[0]!.at.getTime() + 1)
      const planned = await planPruning(pool, before)
      t.ok(planned.events > 0)
      const wrong = { ...planned, events: planned.events + 1 }
      t.equal(await prune(pool, before, wrong, 'a-1'), false, 'only what was approved')
      t.equal(await prune(pool, before, planned, 'a-2'), true)
      await sealed(pool)
      await writeLog(pool, 20, random)
      const { rows: left } = await pool.query(
        'SELECT min(index) AS first, count(*) AS events FROM audit_leaf l JOIN audit_event e ON e.seq = l.seq'
      )
      t.equal(left[0].first, planned.size)
      t.match(await verify(pool, [old.note]), { ok: true, events: left[0].events })
      t.match(await secondOpinion(await exportOf(pool), [old.note]), { ok: true })
      const { size: now } = await readHead(pool)
      for (let index = planned.size; index < now; index += 13)
        t.ok((await inclusionProof(index, now, nodesIn(pool))).length > 0)
      await consistencyProof(planned.size, now, nodesIn(pool))
    }
    const [event] = await listAudit(pool, { action: 'audit.pruned' }, { limit: 1 })
    t.match(event, { actor: 'host', details: { approval: 'a-2' } })
    await pool.query(`BEGIN; SET LOCAL session_replication_role = replica;
    DELETE FROM audit_event WHERE seq = ${event!.seq}; COMMIT`)
    t.match(await verify(pool), { ok: false, findings: [{ kind: 'unaccounted' }] })
  }
)

t.test('a pruned event does not come back, neither as it was nor as a new one', async (t) => {
  const { pool } = await open(t)
  const old = Array.from({ length: 6 }, (_, n) => ({ seq: 0, at: `2024-01-0${n + 1}T00:00:00.000000Z` }))
  for (const place of old) place.seq = (await pool.query(`SELECT nextval('audit_seq') AS seq`)).rows[0].seq
  await insertEvents(
    pool,
    markedAs(
      pool,
      old,
      old.map(() => anEvent(random))
    )
  )
  await writeLog(pool, 5, random)
  await backUp(pool)
  const before = new Date('2025-01-01')
  t.equal(await prune(pool, before, await planPruning(pool, before), 'a-1'), true)
  await sealed(pool)
  t.match(await verify(pool), { ok: true })
  const comeBack = async (seq: string) => {
    const columns =
      'version, at, action, actor, operation_id, campaign_id, request_id, details, personal, mac'
    await pool.query(
      `WITH e AS (INSERT INTO audit_event (seq, ${columns}) SELECT ${seq}, ${columns} FROM backup_audit_event WHERE seq = 3 RETURNING seq),
            p AS (INSERT INTO audit_personal SELECT e.seq, b.salt, b.actor, b.user_id, b.place, b.source_address, b.details
                    FROM backup_audit_personal b, e WHERE b.seq = 3)
       INSERT INTO audit_tail (seq) SELECT seq FROM e`
    )
    return seal(pool, testKeys, 0)
  }
  t.match(await comeBack(`nextval('audit_seq')`), { sealed: 0, foreign: 1 })
  // As it is once the whole group of 256 is gone, and with it the leaf.
  await pool.query(
    `BEGIN; SET LOCAL session_replication_role = replica; DELETE FROM audit_leaf WHERE index < 6; COMMIT`
  )
  t.match(await comeBack('3'), { sealed: 1 })
  t.match(await verify(pool), { ok: false, findings: [{ kind: 'inserted', seq: 3 }, { kind: 'inserted' }] })
  t.match(await secondOpinion(await exportOf(pool)), { ok: false, findings: [{ kind: 'inserted', seq: 3 }] })
})

t.test('an export of whatever shape is judged, and what was changed in it is named', async (t) => {
  const { pool } = await open(t)
  await appendAudit(pool, {
    action: 'operation.requested',
    actor: 'key:abc123def456',
    userId: 'anna',
    details: { kind: 'reset', mail: 'none', revoke: 'all', reason: 'phone lost' }
  })
  await writeLog(pool, 9, random)
  const lines = (await exportOf(pool)).trimEnd().split('\n')
  t.match(await verifyExport(lines, { verifiers: testKeys.signers }), { ok: true, size: 10 })
  for (const [what, change, kind] of [
    [
      'another reason',
      (all: string[]) => all.map((line) => line.replace('phone lost', 'phone sold')),
      'edited'
    ],
    ['one left out', (all: string[]) => all.toSpliced(4, 1), 'missing'],
    ['cut off', (all: string[]) => all.slice(0, 5), 'truncated'],
    [
      'more than an entry has',
      (all: string[]) => all.map((line) => line.replace('"entry":{', '"entry":{"x":1,')),
      'edited'
    ],
    ['no JSON', (all: string[]) => all.with(3, '{'), 'malformed'],
    ['no line of ours', (all: string[]) => all.with(3, '{"type":"__proto__"}'), 'malformed'],
    [
      'no number',
      (all: string[]) => all.map((line) => line.replace('"index":3', '"index":"3"')),
      'malformed'
    ],
    ['no beginning', (all: string[]) => all.slice(1), 'malformed'],
    ['more behind its end', (all: string[]) => [...all, all[2]!], 'malformed']
  ] as const) {
    const { findings } = await verifyExport(change(lines), { verifiers: testKeys.signers })
    t.match(findings, [{ kind }], what)
  }
})

t.test(
  'after a restore from an old backup it says so, seals nothing, and goes on once somebody says so',
  async (t) => {
    const { url, pool } = await open(t)
    const file = join(t.testdir(), 'checkpoint')
    const settings = { checkpoints: { everySeconds: 1, file } }
    const said: string[] = []
    const log = { info() {}, warn() {}, error: (_: object, text: string) => void said.push(text) } as never
    await writeLog(pool, 30, random)
    const backup = await backUp(pool)
    await writeLog(pool, 12, random)
    const keeping = keepAudit({ pool, keys: testKeys, settings, log })
    await until(() => existsSync(file))
    await keeping.stop()
    const note = readFileSync(file, 'utf8')
    t.match(note, /\n42\n/)
    await backup.restore()
    t.match(await verify(pool, [note]), {
      ok: false,
      findings: [{ kind: 'truncated', index: 30, detail: 'Truncated at 30: a checkpoint has 42 events.' }]
    })
    t.match(await secondOpinion(await exportOf(pool), [note]), {
      ok: false,
      findings: [{ kind: 'truncated', index: 30 }]
    })
    const again = keepAudit({ pool, keys: testKeys, settings, log })
    await appendAudit(pool, anEvent(random))
    await until(() => said.length > 0)
    t.match(said[0], /truncated at 30: the last checkpoint that left the house has 42 events/)
    t.match(await readLag(pool), { unsealed: 1 })
    t.equal(readFileSync(file, 'utf8'), note, 'the evidence stays')
    await again.stop()
    t.match(await locksmith(['host', 'audit', 'verify'], url, file), { code: 1, out: /TRUNCATED {2}leaf 30/ })
    t.match(await locksmith(['host', 'audit', 'go-on', '--reason', 'disk broke'], url, file), {
      code: 0,
      out: /goes on from here/
    })
    t.ok(existsSync(`${file}.42`), 'what shows the loss is kept')
    const after = keepAudit({ pool, keys: testKeys, settings, log })
    await until(async () => (await readLag(pool)).unsealed === 0)
    await until(() => existsSync(file))
    await after.stop()
    const [event] = await listAudit(pool, { action: 'audit.went-on-after-loss' }, { limit: 1 })
    t.match(event, { details: { size: 30, lost: note, reason: 'disk broke' } })
    t.match(await verify(pool), { ok: true, size: 32 })
    t.match(await verify(pool, [note]), { ok: false }, 'whoever has the old one still sees it')
  }
)

t.test('events from before there was a tree are in it, as they were', async (t) => {
  const { pool } = await open(t)
  await pool.query(
    `CREATE TABLE audit_event_before (seq bigint, at timestamptz, action text, actor text, user_id text, place text,
       operation_id uuid, request_id text, details jsonb)`
  )
  const at = '2026-03-01T12:00:00.123456Z'
  const campaign = '01a2093a-77c1-7000-8b1e-9d3f5c7a1e42'
  await pool.query(
    `INSERT INTO audit_event_before VALUES
       (7, $1, 'operation.requested', 'key:first', 'Anna', 'anna', '01a20925-a3e6-7000-811c-b7882fb9886f', 'r-1', '{"kind": "reset", "reason": "left"}'),
       (9, $1, 'participant.answered', 'user:Anna', 'Anna', 'anna', NULL, NULL, $2),
       (12, $1, 'key.address-refused', 'key:abc', NULL, NULL, NULL, NULL, '{"address": "192.0.2.1"}')`,
    [at, { campaign, round: 1, answer: 'confirmed' }]
  )
  await pool.query(`SELECT setval('audit_seq', 12)`)
  t.equal(await adoptEarlierEvents(pool), 3)
  t.equal(await adoptEarlierEvents(pool), 0, 'once')
  await sealed(pool)
  t.match(await listAudit(pool, {}, { order: 'ASC', limit: 9 }), [
    {
      seq: 7,
      userId: 'Anna',
      actor: 'key:first',
      requestId: 'r-1',
      details: { kind: 'reset', reason: 'left' },
      index: 0
    },
    { seq: 9, actor: 'user:Anna', campaignId: campaign, details: { round: 1, answer: 'confirmed' } },
    { seq: 12, sourceAddress: '192.0.2.1' },
    { seq: 13, action: 'audit.adopted', details: { events: 3 } }
  ])
  t.match(await exportOf(pool), `"at":"${at}"`)
  t.match(await verify(pool), { ok: true, size: 4 })
})

const locksmith = (args: string[], databaseUrl: string, file: string) =>
  runLocksmith(args, {
    DATABASE_URL: databaseUrl,
    AUDIT_SIGNING_KEY: signingKey,
    AUDIT_CHECKPOINT_FILE: file
  })

/** All tables of the audit as they are now, and a way back to that. */
async function backUp(pool: Pool) {
  const tables = [
    'audit_event',
    'audit_personal',
    'audit_tail',
    'audit_leaf',
    'audit_node',
    'audit_tree',
    'audit_checkpoint'
  ]
  for (const table of tables) await pool.query(`CREATE TABLE backup_${table} AS TABLE ${table}`)
  return {
    async restore() {
      const statements = tables.map(
        (table) => `DELETE FROM ${table}; INSERT INTO ${table} SELECT * FROM backup_${table};`
      )
      await pool.query(`BEGIN; SET LOCAL session_replication_role = replica; ${statements.join(' ')} COMMIT`)
    }
  }
}

async function until(is: () => boolean | Promise<boolean>) {
  const end = Date.now() + 20_000
  while (!(await is())) {
    if (Date.now() > end) throw new Error('it did not come to pass')
    await sleep(50)
  }
}
