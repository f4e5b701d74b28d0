/** Who asks for a number while others do is given one along with them, and nothing of it is seen in the log. */
import { setTimeout as sleep } from 'node:timers/promises'
import t, { type Test } from 'tap'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import { seal } from '../../src/audit/seal.ts'
import { verifyDatabase } from '../../src/audit/verify-database.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { createRandom } from '../faults/harness/random.ts'
import { testKeys, testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { anEvent } from './log.ts'

const random = createRandom(4_711)

async function open(t: Test, size = 20) {
  const pool = createPool(await testDatabase(t), size, testMark)
  t.teardown(() => pool.end())
  return pool
}

/** Of all its connections, opened before: how often one was asked for numbers. */
async function connections(t: Test, pool: Pool, many: number) {
  const clients = await Promise.all(Array.from({ length: many }, () => pool.connect()))
  t.teardown(() => {
    for (const client of clients) client.release()
  })
  const asked: string[] = []
  for (const client of clients) {
    const { query } = client
    client.query = ((text: string, ...rest: never[]) => {
      if (text.includes('nextval')) asked.push(text)
      return (query as (...args: unknown[]) => unknown).call(client, text, ...rest)
    }) as typeof client.query
  }
  return { clients, asked }
}

const numbersOf = async (pool: Pool) =>
  (await pool.query<{ seq: number }>('SELECT seq FROM audit_event ORDER BY seq')).rows.map(({ seq }) => seq)

t.test('many who ask at once ask once or twice, and each has numbers of its own', async (t) => {
  const pool = await open(t)
  const { clients, asked } = await connections(t, pool, 16)
  const events = (n: number) => Array.from({ length: 1 + (n % 3) }, () => anEvent(random))
  await Promise.all(clients.map((client, n) => appendAudit(client, ...events(n))))
  t.equal(asked.length, 2, 'the first one for itself, and one for all others')
  const numbers = await numbersOf(pool)
  t.equal(numbers.length, 31)
  t.equal(new Set(numbers).size, 31)
  while ((await seal(pool, testKeys, 0))?.isMore);
  t.match(await verifyDatabase(pool, { verifiers: testKeys.signers }, testKeys), { ok: true, events: 31 })
})

t.test('whoever was committed before another one began has the lower number', async (t) => {
  const pool = await open(t)
  const { clients } = await connections(t, pool, 8)
  const numberOf = async (tx: (typeof clients)[number]) => {
    await tx.query('BEGIN')
    await appendAudit(tx, anEvent(random))
    const { rows } = await tx.query<{ seq: number }>(
      `SELECT seq FROM audit_event WHERE xmin = pg_current_xact_id()::xid`
    )
    await tx.query('COMMIT')
    return rows[0]!.seq
  }
  let committed = 0
  await Promise.all(
    clients.map(async (client) => {
      for (let n = 0; n < 40; n++) {
        const before = committed
        const own = await numberOf(client)
        if (own <= before) t.fail(`${own} was begun after ${before} was committed`)
        committed = Math.max(committed, own)
      }
    })
  )
  t.equal((await numbersOf(pool)).length, 320)
})

t.test('whose transaction is no more is refused alone, also where it asked for others', async (t) => {
  const pool = await open(t)
  const { clients } = await connections(t, pool, 6)
  const [first, broken, ...others] = clients
  await broken!.query('BEGIN')
  await t.rejects(broken!.query('SELECT 1 / 0'))
  const all = await Promise.allSettled(
    [first!, broken!, ...others].map((client) => appendAudit(client, anEvent(random)))
  )
  t.same(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', ...others.map(() => 'fulfilled')]
  )
  t.match(all[1], { reason: { code: '25P02' } })
  await broken!.query('ROLLBACK')
  await appendAudit(broken!, anEvent(random))
  t.equal((await numbersOf(pool)).length, 6)
})

t.test('the numbers of one database are none of another', async (t) => {
  const [here, there] = await Promise.all([open(t), open(t)])
  await there.query(`SELECT setval('audit_seq', 1000000)`)
  await Promise.all(
    Array.from({ length: 40 }, (_, n) => appendAudit(n % 2 === 0 ? here : there, anEvent(random)))
  )
  t.ok((await numbersOf(here)).every((seq) => seq < 1_000_000))
  const numbers = await numbersOf(there)
  t.equal(numbers.length, 20)
  t.ok(numbers.every((seq) => seq > 1_000_000))
})

t.test('who asks by a connection that stands still keeps no others waiting for long', async (t) => {
  const pool = await open(t)
  const { clients } = await connections(t, pool, 5)
  const [first, stuck, ...others] = clients
  const { query } = stuck!
  stuck!.query = (async (...args: unknown[]) => {
    await sleep(3_000)
    return (query as (...args: unknown[]) => unknown).apply(stuck, args)
  }) as unknown as typeof query
  const began = performance.now()
  const took = await Promise.all(
    [first!, stuck!, ...others].map(async (client) => {
      await appendAudit(client, anEvent(random))
      return performance.now() - began
    })
  )
  t.ok(took[1]! >= 3_000)
  t.ok(Math.max(...took.slice(2)) < 2_900, `the others after ${took.slice(2).map(Math.round)} ms`)
  t.equal(new Set(await numbersOf(pool)).size, 5)
})
