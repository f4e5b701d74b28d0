import t, { type Test } from 'tap'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { createCircuit } from '../../src/nextcloud/circuit.ts'
import { type Circumstances, NextcloudError, type Variant } from '../../src/nextcloud/errors.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { eventually, startLocksmith } from '../support/locksmith.ts'

const failure = (variant: Variant, more: Circumstances = {}) =>
  new NextcloudError(variant, `It is ${variant}.`, more)
const down = failure('down')

/** Several replicas' circuits on one database whose clock goes by hand. */
async function circuits(t: Test, count = 1) {
  const pool = createPool(await testDatabase(t), 10, testMark)
  t.teardown(() => pool.end())
  const said: string[] = []
  const options = { failuresToOpen: 3, firstProbeSeconds: 5, mostProbeSeconds: 30 }
  const log = { onOpen: () => said.push('open'), onClosed: () => said.push('closed') }
  const all = Array.from({ length: count }, () => createCircuit(pool, options, log))
  await setClock(pool, 0)
  return { pool, all, first: all[0]!, said, setClock: (seconds: number) => setClock(pool, seconds) }
}

const setClock = (pool: Pool, seconds: number) =>
  pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     'SELECT to_timestamp(${1_900_000_000 + seconds})'`
  )

/** Seconds until the next look. */
async function nextLook(pool: Pool): Promise<number | null> {
  const { rows } = await pool.query(
    'SELECT extract(epoch FROM next_probe_at - locksmith_now())::float AS s FROM circuit WHERE open_since IS NOT NULL'
  )
  return rows[0]?.s ?? null
}

const isOpen = async (pool: Pool) => (await nextLook(pool)) !== null
const fails = async () => {
  throw down
}

for (const variant of ['down', 'rubbish', 'effect-unknown'] as const) {
  t.test(`three failures in a row open it (${variant}), and a success in between does not`, async (t) => {
    const { first, pool, said } = await circuits(t)
    const error = failure(variant)
    for (const one of [error, error, undefined, error, error]) await first.note(one)
    t.notOk(await isOpen(pool))
    await first.note(error)
    t.equal(await nextLook(pool), 5)
    await t.rejects(first.assertClosed(), { message: /It is .* So it is since/ })
    await first.note(error)
    t.same(said, ['open'], 'said once')
  })
}

t.test('what is not the server’s fault as a whole does not open it', async (t) => {
  const { first, pool } = await circuits(t)
  for (const error of [
    failure('unknown-user'),
    failure('credentials-refused'),
    failure('busy', { isLimit: true }),
    failure('effect-unknown', { isLimit: true }),
    failure('down', { isOurs: true, notSent: true })
  ])
    for (let i = 0; i < 4; i++) await first.note(error)
  t.notOk(await isOpen(pool))
  await first.note(down)
  await first.note(down)
  await first.note(failure('down', { isOurs: true }))
  await first.note(down)
  t.ok(await isOpen(pool), 'nor does it count as a success')
})

t.test('maintenance opens it at once, and is looked at no sooner than Nextcloud asks for', async (t) => {
  for (const [afterMs, seconds] of [
    [undefined, 5],
    [0, 5],
    [60_000, 60],
    [3_600_000, 120]
  ] as const) {
    const { first, pool } = await circuits(t)
    await first.note(failure('maintenance', afterMs === undefined ? {} : { afterMs }))
    t.equal(await nextLook(pool), seconds)
  }
})

t.test('an address that is blocked opens it for five minutes', async (t) => {
  const { first, pool } = await circuits(t)
  await first.note(failure('busy', { isBlocked: true }))
  t.equal(await nextLook(pool), 300)
  const error = await first.assertClosed().catch((error) => error)
  t.match(error, { variant: 'busy', notSent: true })
  t.equal(error.at.getTime(), (1_900_000_000 + 300) * 1_000, 'and says when it is looked at')
})

t.test('one of many replicas makes the probe that is due, and nobody before', async (t) => {
  const { all, first, pool, setClock } = await circuits(t, 12)
  for (let i = 0; i < 3; i++) await first.note(down)
  let probes = 0
  const probe = async () => {
    probes++
    await fails()
  }
  const look = () => Promise.all(all.map((circuit) => circuit.probeIfDue(probe)))
  await setClock(4.9)
  await look()
  t.equal(probes, 0)
  await setClock(5)
  t.ok((await look()).every((back) => !back))
  t.equal(probes, 1)
  t.ok(await isOpen(pool))
})

t.test('probes get rarer, up to the maximum, and heed what the server says meanwhile', async (t) => {
  const { first, pool, setClock } = await circuits(t)
  for (let i = 0; i < 3; i++) await first.note(down)
  let now = 0
  const pauses: number[] = []
  for (let i = 0; i < 6; i++) {
    const next = (await nextLook(pool))!
    pauses.push(next)
    await setClock((now += next))
    await first.probeIfDue(fails)
  }
  t.same(pauses, [5, 5, 10, 20, 30, 30])
  await setClock((now += 30))
  await first.probeIfDue(() => Promise.reject(failure('maintenance', { afterMs: 90_000 })))
  t.equal(await nextLook(pool), 90)
  await setClock((now += 90))
  await first.probeIfDue(() => Promise.reject(failure('busy', { isBlocked: true })))
  t.equal(await nextLook(pool), 300)
})

t.test(
  'a probe that succeeds closes it for all; then the first failure opens it again, until one succeeds',
  async (t) => {
    const { all, first, pool, said, setClock } = await circuits(t, 2)
    const second = all[1]!
    for (let i = 0; i < 3; i++) await first.note(down)
    await eventually(
      () =>
        second.assertClosed().then(
          () => false,
          () => true
        ),
      (open) => open,
      2
    )
    await setClock(5)
    t.ok(await first.probeIfDue(async () => {}))
    t.same(said, ['open', 'closed'])
    await first.assertClosed()
    await eventually(
      () =>
        second.assertClosed().then(
          () => true,
          () => false
        ),
      (closed) => closed,
      2
    )
    await second.note(down)
    t.ok(await isOpen(pool), 'one is enough, in each replica that knew')
    t.ok((await nextLook(pool))! > 5, 'and it rests longer, since a probe does not find what is wrong')
    await setClock(60)
    t.ok(await first.probeIfDue(async () => {}))
    await first.note(undefined)
    await first.note(down)
    t.notOk(await isOpen(pool), 'and after a success it takes three again')
  }
)

t.test('a probe whose own failure is no answer of Nextcloud’s is told, and leaves it open', async (t) => {
  const { first, pool, setClock } = await circuits(t)
  await first.note(failure('maintenance'))
  await setClock(5)
  await t.rejects(
    first.probeIfDue(() => Promise.reject(new TypeError('x'))),
    { message: 'x' }
  )
  t.ok(await isOpen(pool))
})

t.test(
  'while it is open no call of any replica reaches the server but the probes, and all goes on after',
  async (t) => {
    const env = { RETRY_FIRST_SECONDS: '1', RETRY_MAX_SECONDS: '1' }
    const here = await startLocksmith(t, { env })
    const { sandbox, databaseUrl } = here
    const there = await startLocksmith(t, { sandbox, databaseUrl, env, worker: false })
    for (let i = 0; i < 8; i++)
      sandbox.createUser({ id: `user${i}`, password: 'Old-Password-4711', email: `user${i}@example.org` })
    sandbox.addFault({ match: {}, do: 'html-500' })
    const ids: string[] = []
    for (let i = 0; i < 8; i++)
      ids.push((await here.call('POST', `/users/user${i}/reset`, { body: { mail: 'none' } })).body.id)
    await eventually(
      async () => (await here.world.pool.query('SELECT FROM circuit WHERE open_since IS NOT NULL')).rowCount,
      (open) => open === 1
    )
    // Whatever was under way comes to its end, and the other replica hears of it.
    await new Promise((resolve) => setTimeout(resolve, 1_200))
    const before = sandbox.calls().length
    for (let i = 0; i < 20; i++) t.equal((await there.call('GET', `/users/user${i % 8}`)).status, 502)
    const calls = await eventually(
      () => sandbox.calls().slice(before),
      (calls) => calls.length > 1
    )
    t.same([...new Set(calls.map(({ path }) => path.split('?')[0]))], ['/ocs/v2.php/cloud/capabilities'])
    sandbox.clearFaults()
    for (const id of ids)
      await eventually(
        async () => (await here.call('GET', `/operations/${id}`)).body.state,
        (state) => state === 'succeeded'
      )
  }
)
