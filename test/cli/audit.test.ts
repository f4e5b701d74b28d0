import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { keepAudit } from '../../src/audit/keep.ts'
import { readLag } from '../../src/audit/seal.sql.ts'
import { keyOf } from '../access/caller.ts'
import { signingKey } from '../support/audit-keys.ts'
import { runLocksmith } from '../support/command.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

/** A Locksmith that seals, with a reset behind it, and its command line. */
async function start(t: Test) {
  const locksmith = await startLocksmith(t)
  const { world, databaseUrl, call, sandbox } = locksmith
  const { pool, auditKeys: keys, config, log } = world
  const keeping = keepAudit({ pool, keys, settings: config.audit, log })
  t.teardown(() => keeping.stop())
  sandbox.createUser({ id: 'anna', email: 'anna@example.org' })
  await call('POST', '/users/anna/reset', { body: { reason: 'phone lost' }, headers: { prefer: 'wait=20' } })
  const env = { DATABASE_URL: databaseUrl, AUDIT_SIGNING_KEY: signingKey }
  const run = (...args: string[]) => runLocksmith(['host', 'audit', ...args], env)
  const sealed = () =>
    eventually(
      () => readLag(pool),
      ({ unsealed }) => unsealed === 0
    )
  await sealed()
  return { ...locksmith, run, sealed }
}

t.test('the log is exported and verified, here and elsewhere, and a change of it is named', async (t) => {
  const { run } = await start(t)
  const key = (await run('key', '--public')).out.trim()
  t.match(key, /^locksmith\.example\.org\/audit\+[0-9a-f]{8}\+/)
  t.match(await run('verify'), { code: 0, out: /Verified: 9 events, 9 leaves, root [0-9a-f]{64}\n$/ })
  const folder = t.testdir()
  const [file, head] = [join(folder, 'audit.ndjson'), join(folder, 'checkpoint')]
  const { out } = await run('export')
  writeFileSync(file, out)
  writeFileSync(head, (await run('checkpoint')).out)
  const verify = (...more: string[]) =>
    run('verify', '--export', file, '--key', key, '--checkpoint', head, '--json', ...more)
  const good = await verify()
  t.match(
    { code: good.code, ...JSON.parse(good.out) },
    { code: 0, ok: true, size: 9, findings: [], notes: [] }
  )
  const lines = out.trimEnd().split('\n')
  writeFileSync(file, `${lines.toSpliced(4, 1).join('\n')}\n`)
  const bad = await verify()
  t.match({ code: bad.code, ...JSON.parse(bad.out) }, { code: 1, findings: [{ kind: 'missing', index: 3 }] })
  t.match(await run('export', '--csv'), { code: 0, out: /"operation.succeeded","success"/ })
  t.match(await run('verify', '--key', 'x'), { code: 1, err: /--key x is no key/ })
  t.match(await run('verify', '--checkpoint', join(folder, 'none')), {
    code: 1,
    err: /cannot be read: ENOENT/
  })
  t.match(await run('frobnicate'), { code: 1, err: /audit prune --before TIME/ })
  t.match(await run('key', 'logs.example.org/one'), {
    code: 0,
    out: /^PRIVATE\+KEY\+logs\.example\.org\/one\+/
  })
  t.ok(readFileSync(head, 'utf8').startsWith('locksmith.example.org/audit\n9\n'))
})

t.test('what is old is deleted once another person has agreed to just that, and not again', async (t) => {
  const locksmith = await start(t)
  const { run, call, world, sealed } = locksmith
  const { rows } = await world.pool.query(`SELECT at FROM audit_event WHERE action = 'operation.succeeded'`)
  const before = rows[0].at.toISOString()
  t.match(await run('prune', '--before', '2001-01-01'), { code: 0, out: /nothing older/ })
  t.match(await run('prune', '--before', 'yesterday'), { code: 1, err: /Say from when on/ })
  const asked = await run('prune', '--before', before)
  t.match(asked, { code: 0, out: /8 events from before .* would be deleted for good\. Nothing was done yet/ })
  const [, id = '', hash = ''] = /approvals\/(\S+)\/approve {2}\{"hash": "(\w+)"\}/.exec(asked.out)!
  const prune = (...more: string[]) => run('prune', '--before', before, '--approval', id, ...more)
  t.match(await prune(), { code: 1, err: /It is pending\. Nothing was done/ })
  const boss = await keyOf(locksmith, ['approvals:decide'], { owner: 'boss@example.org' })
  await world.pool.query(
    `UPDATE api_key SET created_at = now() - interval '2 days', since = now() - interval '2 days' WHERE id = $1`,
    [boss.id]
  )
  const { authorization } = boss
  t.match((await call('GET', `/approvals/${id}`, { authorization })).body, {
    action: { kind: 'audit-prune', pruning: { before, size: 8, events: 8 } },
    targets: [],
    hash
  })
  t.match(
    await call('POST', `/approvals/${id}/approve`, { body: { hash } }),
    { status: 403 },
    'not by whose host it is'
  )
  t.match(await call('POST', `/approvals/${id}/approve`, { authorization, body: { hash } }), { status: 200 })
  t.match(await run('prune', '--before', '2099-01-01', '--approval', id), {
    code: 1,
    err: /It was approved for --before/
  })
  t.match(await prune(), { code: 0, out: /8 events are deleted; what is left verifies/ })
  t.match(await prune(), { code: 1, err: /was done already/ })
  await sealed()
  t.match(await run('verify'), { code: 0, out: /Verified: 3 events, 11 leaves/ })
  t.match((await call('GET', '/audit?action=audit.pruned')).body.items, [
    { details: { approval: id, events: 8, size: 8 } }
  ])
  t.match(await call('GET', '/audit/1/proof'), { status: 404, body: { code: 'unknown-event' } })
})

t.test('a person is taken out of the log on the host, and the log still verifies', async (t) => {
  const { run, call, sealed } = await start(t)
  t.match(await run('pseudonymise'), { code: 1, err: /Say whom/ })
  t.match(await run('pseudonymise', 'nobody'), { code: 0, out: /Nothing was done/ })
  const { out } = await run(
    'pseudonymise',
    'Anna',
    '--also',
    'anna@example.org',
    '--reason',
    'asked in writing'
  )
  const [, pseudonym] = /^(erased-\w+) stands in the person's place now, in 9 events/.exec(out) ?? []
  await sealed()
  t.match(await run('verify'), { code: 0 })
  t.equal((await call('GET', `/users/${pseudonym}/history`)).body.items.length, 9)
  t.equal((await call('GET', '/users/anna/history')).body.items.length, 0)
  t.notMatch((await run('export')).out, /anna/i)
})
