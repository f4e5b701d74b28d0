import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { createPool } from '../../src/db/pool.ts'
import { testDatabase } from '../support/database.ts'
import { of, startDoctor } from '../support/doctor.ts'
import { startProxy } from '../support/proxy.ts'

t.test('it only reads: GETs alone, nothing affected, no user made or touched, no mail', async (t) => {
  for (const version of [31, 33, 34] as const) {
    const { sandbox, look } = await startDoctor(t, { sandbox: { version, seed: true } })
    const before = JSON.stringify([...sandbox.users()].filter(({ id }) => id !== 'admin'))
    sandbox.forgetCalls()
    await look()
    const calls = sandbox.calls()
    t.ok(calls.length > 10)
    t.ok(
      calls.every(({ method, effects }) => method === 'GET' && effects.length === 0),
      `${version}`
    )
    t.equal(JSON.stringify([...sandbox.users()].filter(({ id }) => id !== 'admin')), before)
    t.strictSame(sandbox.mails(), [])
    t.strictSame(sandbox.counters().refused, { maxDelay: 0, rateLimit: 0 })
  }
})

t.test('no secret is in any answer', async (t) => {
  const { sandbox, look, world, databaseUrl } = await startDoctor(t)
  const appApi = { id: 'locksmith', version: '1.0.0', secret: 'the-secret-of-the-exapp' }
  const secrets = [sandbox.admin.password, appApi.secret, new URL(databaseUrl).password, 'smtp-password-4711']
  const verifySmtp = async () => {
    throw Object.assign(new Error('535 smtp-password-4711'), { code: 'EAUTH', responseCode: 535 })
  }
  for (const settings of [{}, { adminsElsewhere: true }, { rubbish: true }, { maintenance: true }]) {
    sandbox.settings({
      adminsElsewhere: false,
      appApi: { ...appApi, secret: 'x' },
      ...settings
    })
    const report = await look({ config: { ...world.config, appApi }, verifySmtp })
    for (const secret of secrets.filter(Boolean)) t.notOk(JSON.stringify(report).includes(secret))
    t.match(of(report, 'smtp'), {
      state: 'warning',
      found: /EAUTH 535/,
      mend: /SMTP_URL with the right user/
    })
  }
})

t.test(
  'a Nextcloud that hangs keeps a person waiting for half a minute at most',
  { timeout: 70_000 },
  async (t) => {
    const { sandbox, look, world } = await startDoctor(t)
    const timed = async () => {
      const started = performance.now()
      const report = await look()
      return { report, ms: performance.now() - started }
    }
    sandbox.addFault({ match: {}, do: 'hang-before' })
    const dead = await timed()
    t.ok(dead.ms < 10_000, `${dead.ms}`)
    t.match(of(dead.report, 'nextcloud'), {
      state: 'error',
      found: /did not answer in time/,
      mend: /Look whether Nextcloud runs/
    })
    t.match(of(dead.report, 'admin-account'), { state: 'skipped' })
    sandbox.clearFaults()

    sandbox.addFault({
      match: { pathRegex: 'settings|config|oc\\.js|apps|login|capabilities' },
      do: 'hang-before'
    })
    const half = await timed()
    t.ok(half.ms < 30_000, `${half.ms}`)
    t.match(of(half.report, 'admin-account'), { state: 'ok' })
    for (const name of ['encryption', 'allow-list', 'password-reset', 'admin-password', 'own-address'])
      t.match(of(half.report, name), { state: 'unknown', found: /Could not be asked/ }, name)
    sandbox.clearFaults()
    t.notOk((await world.pool.query('SELECT FROM circuit WHERE open_since IS NOT NULL')).rowCount)
  }
)

t.test('while the database is away no credential is sent, and the rest is said', async (t) => {
  const proxy = await startProxy(t, await testDatabase(t))
  const { sandbox, look } = await startDoctor(t, { databaseUrl: proxy.url })
  proxy.cut()
  await sleep(100)
  const report = await look()
  t.match(of(report, 'database'), { state: 'error', mend: /^Set DATABASE_URL/ })
  t.match(of(report, 'nextcloud'), { state: 'ok' })
  t.match(of(report, 'password-reset'), { state: 'ok' })
  t.match(of(report, 'smtp'), { state: 'ok' })
  t.match(of(report, 'admin-account'), { state: 'skipped', found: /see database/ })
  t.ok(sandbox.calls().every(({ actor }) => actor === null))
  proxy.mend()
})

t.test('a database without the newest tables, and one with newer ones', async (t) => {
  const { look, world } = await startDoctor(t)
  await world.pool.query(`INSERT INTO schema_migration (name, run_on) VALUES ('9999_later', now())`)
  t.match(of(await look(), 'database'), { state: 'warning', found: /9999_later/ })
  await world.pool.query(`DELETE FROM schema_migration WHERE name LIKE '9999%' OR name LIKE '0007%'`)
  t.match(of(await look(), 'database'), {
    state: 'error',
    found: /0007_idempotency/,
    mend: 'locksmith migrate'
  })
  const nowhere = createPool('postgres://nobody:secret-of-nobody@127.0.0.1:1/none', 1)
  t.teardown(() => nowhere.end())
  const report = await look({ pool: nowhere })
  t.match(of(report, 'database'), { state: 'error', found: /ECONNREFUSED/ })
  t.notMatch(JSON.stringify(report), /secret-of-nobody/)
})

t.test('a circuit that is open is said, and looked at where that is due', async (t) => {
  const { sandbox, look, world } = await startDoctor(t)
  const open = (due: string) =>
    world.pool.query(
      `UPDATE circuit SET open_since = locksmith_now(), variant = 'down', detail = 'It broke off.',
              next_probe_at = locksmith_now() + $1::interval, probes = 0`,
      [due]
    )
  await open('1 minute')
  sandbox.forgetCalls()
  const report = await look()
  t.match(of(report, 'circuit'), { state: 'error', found: /It broke off/ })
  t.match(of(report, 'admin-account'), { state: 'skipped', found: /see circuit/ })
  t.ok(sandbox.calls().every(({ actor }) => actor === null))
  await open('-1 second')
  t.match(of(await look(), 'circuit'), { state: 'ok' })
})

t.test('clocks that differ', async (t) => {
  const { sandbox, look } = await startDoctor(t)
  sandbox.advanceClock(60)
  t.match(of(await look(), 'nextcloud-clock'), { state: 'warning', found: /60 s ahead/, mend: /NTP/ })
  sandbox.advanceClock(3_600)
  t.match(of(await look(), 'nextcloud-clock'), { state: 'error', found: /61 min ahead/ })
})
