/** What the doctor and the metrics say of the audit log: what is so, and no more. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import { keepAudit } from '../../src/audit/keep.ts'
import { readHead } from '../../src/audit/proof.sql.ts'
import { seal } from '../../src/audit/seal.ts'
import { readConfig } from '../../src/config.ts'
import { createPool } from '../../src/db/pool.ts'
import { of, startDoctor } from '../support/doctor.ts'
import { eventually } from '../support/locksmith.ts'

const event = { action: 'service.resumed', actor: 'host', details: {} } as const

t.test('events that nobody seals, and rows of strangers, are errors; sealed ones are well', async (t) => {
  const { look, world, databaseUrl } = await startDoctor(t)
  const { pool, auditKeys } = world
  t.match(of(await look(), 'audit-log'), { state: 'ok' })
  await appendAudit(pool, event)
  t.match(of(await look(), 'audit-log'), { state: 'ok' }, 'a moment is no reason to worry')
  await pool.query(
    `BEGIN; SET LOCAL session_replication_role = replica; UPDATE audit_event SET at = at - interval '1 minute'; COMMIT`
  )
  t.match(of(await look(), 'audit-log'), {
    state: 'error',
    found: /1 event\(s\) have not been put into the tree, for/
  })
  await seal(pool, auditKeys, 0)
  t.match(of(await look(), 'audit-log'), {
    state: 'error',
    found: /1 row\(s\) in the audit log were not written by/
  })
  await pool.query('DELETE FROM audit_tail')
  const stranger = createPool(databaseUrl, 1, (text) => Buffer.from(text).subarray(0, 16))
  t.teardown(() => stranger.end())
  await appendAudit(pool, event)
  await seal(pool, auditKeys, 0)
  t.match(of(await look(), 'audit-log'), { state: 'ok' })
  await appendAudit(stranger, event)
  await seal(pool, auditKeys, 0)
  t.match(of(await look(), 'audit-log'), { state: 'error', found: /not written by Locksmith/ })
})

t.test(
  'a log that was set back is an error at once, with what to do, until a person lets it go on',
  async (t) => {
    const file = join(t.testdir(), 'checkpoint')
    const { look, world } = await startDoctor(t, { env: { AUDIT_CHECKPOINT_FILE: file } })
    const { pool, auditKeys } = world
    await appendAudit(pool, event)
    await seal(pool, auditKeys, 0)
    const {
      rows: [tree]
    } = await pool.query('SELECT * FROM audit_tree')
    await appendAudit(pool, event)
    await seal(pool, auditKeys, 0)
    writeFileSync(file, (await readHead(pool)).checkpoint!)
    t.match(of(await look(), 'audit-log'), { state: 'ok' })
    await pool.query('UPDATE audit_tree SET size = $1, frontier = $2, checkpoint = $3', [
      tree.size,
      tree.frontier,
      tree.checkpoint
    ])
    await appendAudit(pool, event)
    t.match(of(await look(), 'audit-log'), {
      state: 'error',
      found: /truncated at 1: the last checkpoint that left the house has 2 events\. .*audit go-on/,
      means: /1 event\(s\) wait/
    })
    rmSync(file)
    t.match(of(await look(), 'audit-log'), { state: 'ok', found: /All but the last 1 event/ })
  }
)

t.test('who can change the log, and where its checkpoints go, is said as it is', async (t) => {
  const { look, databaseUrl } = await startDoctor(t)
  t.match(of(await look(), 'audit-rights'), { state: 'ok', found: /embedded database has one role/ })
  t.match(of(await look(), 'audit-checkpoints'), { state: 'ok', found: /our own log alone/ })
  const config = readConfig({ DATABASE_URL: databaseUrl })
  t.match(of(await look({ config }), 'audit-rights'), { state: 'warning', mend: /MIGRATION_DATABASE_URL/ })
  t.match(of(await look({ config, simulated: false }), 'audit-checkpoints'), {
    state: 'warning',
    mend: /AUDIT_CHECKPOINT_FILE/
  })
  t.notOk((await look()).findings.some(({ name }) => name === 'audit-forwarding'))
})

t.test('what does not leave the house is said, with why, until it does', async (t) => {
  const folder = join(t.testdir(), 'not-there-yet')
  const { look, world, call } = await startDoctor(t, {
    env: {
      AUDIT_CHECKPOINT_FILE: join(folder, 'checkpoint'),
      AUDIT_CHECKPOINT_SECONDS: '1',
      AUDIT_FORWARD_URL: 'https://127.0.0.1:1/events'
    }
  })
  const { pool, auditKeys: keys, config, log, metrics } = world
  const keeping = keepAudit({ pool, keys, settings: config.audit, log, observe: metrics.forwarded })
  t.teardown(() => keeping.stop())
  await appendAudit(pool, event)
  const said = (name: string, state: string) =>
    eventually(
      async () => of(await look(), name),
      (finding) => finding.state === state
    )
  t.match(await said('audit-checkpoints', 'warning'), {
    found: /file: the file cannot be written \(ENOENT\)/
  })
  t.match(await said('audit-forwarding', 'warning'), { means: /Nothing is lost/ })
  const { text } = await call('GET', '/metrics')
  for (const what of ['publish', 'forward'])
    t.match(text, new RegExp(`locksmith_audit_failing_seconds\\{what="${what}"\\} (?!0\\n)`), what)
  t.match(text, /locksmith_audit_forwarded_total\{result="failed"\} [1-9]/)
  mkdirSync(folder)
  t.match(await said('audit-checkpoints', 'ok'), { found: /leave the house/ })
  t.match((await call('GET', '/metrics')).text, /locksmith_audit_failing_seconds\{what="publish"\} 0\n/)
})
