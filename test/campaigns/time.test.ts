import t from 'tap'
import { advance } from '../../src/campaigns/mailing.sql.ts'
import { createPool } from '../../src/db/pool.ts'
import { inTransaction } from '../../src/db/transaction.ts'
import { testMark } from '../support/audit-keys.ts'
import { letPass, linkTo, people, press, startCampaigning } from '../support/campaigns.ts'
import { testDatabase } from '../support/database.ts'
import { eventually } from '../support/locksmith.ts'
import { plantCampaign, plantPeople } from '../support/planted-campaign.ts'

/** As it is where nothing is set for tests: gaps of a few minutes count. */
const watchful = { campaigns: { everyMs: 100, checkMs: 100, toleranceSeconds: 300 } }
const rest = (ms = 2_000) => new Promise((resolve) => setTimeout(resolve, ms))

t.test('a clock that jumps locks nobody out, and sends nobody two mails in one moment', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t, watchful)
  people(sandbox, 3)
  const path = await here.begin({ minimumResponse: 0 })
  await here.asked(path, 3)
  await letPass(world.pool, { days: 400 })
  await eventually(
    async () => (await call('GET', '/audit?action=campaign.time-given-back')).body.items,
    (items) => items.length > 0
  )
  await rest()
  t.match((await call('GET', path)).body, { state: 'open', round: { counts: { asked: 3 } } })
  t.equal(sandbox.mails().length, 3, 'the first reminder is still seven days away')
  const { nextMailAt } = (await call('GET', `${path}/participants`)).body.items[0]
  const { rows } = await world.pool.query(`SELECT locksmith_now() + interval '6 days 23 hours' AS soon`)
  t.ok(new Date(nextMailAt) > rows[0].soon)
  // Back again, by which time stands still rather than running.
  await letPass(world.pool, { days: -400 })
  await rest()
  t.match((await call('GET', path)).body, { state: 'open', round: { counts: { asked: 3 } } })
  t.equal(sandbox.mails().length, 3)
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
})

t.test('a clock that jumps between two looks at it makes no mail due', async (t) => {
  const { sandbox, world, ...here } = await startCampaigning(t, watchful)
  people(sandbox, 3)
  const path = await here.begin({ minimumResponse: 0 })
  await here.asked(path, 3)
  let jumped = false
  const { pool } = world
  const connect = pool.connect.bind(pool)
  // In the transaction that looks for what is due, right after it saw that the page is there.
  pool.connect = (async (...done: []) => {
    // With a callback it is a query outside of any.
    if (done.length > 0) return connect(...done)
    const tx = await connect()
    const { query, release } = tx
    tx.query = (async (...asked: [string]) => {
      const answer = await query.apply(tx, asked as never)
      if (!jumped && /AS seen FROM confirm_watch/.test(asked[0])) {
        jumped = true
        await letPass(pool, { days: 400 })
      }
      return answer
    }) as typeof query
    tx.release = (error) => {
      Object.assign(tx, { query, release })
      tx.release(error)
    }
    return tx
  }) as typeof pool.connect
  await eventually(
    () => jumped,
    (is) => is
  )
  await rest()
  t.equal(sandbox.mails().length, 3)
})

t.test(
  'while the confirm page is away nobody is mailed or locked out, the owner is told, and the time is given back',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t, watchful)
    people(sandbox, 2)
    const path = await here.begin({ minimumResponse: 0 })
    await here.asked(path, 2)
    const origin = world.confirmOrigin
    world.confirmOrigin = 'http://127.0.0.1:9'
    await rest(500)
    await letPass(world.pool, { days: 20 })
    const [mail] = await eventually(
      async () => {
        await letPass(world.pool, { hours: 1 })
        return sandbox.mails({ to: 'it@example.org' })
      },
      (mails) => mails.length > 0
    )
    t.match(mail, { text: /cannot be reached/i })
    t.equal(sandbox.mails().length, 3, 'and nobody else is')
    t.match((await call('GET', path)).body, { state: 'open', round: { counts: { asked: 2 } } })
    world.confirmOrigin = origin
    await eventually(
      async () => (await call('GET', '/audit?action=campaign.time-given-back')).body.items,
      (items) => items.length === 1
    )
    await rest()
    t.equal(sandbox.mails().length, 3)
    t.equal(await press(linkTo(sandbox, 'person-1')!), 303)
  }
)

t.test(
  'time in which nobody could answer is given back also where the campaign is held meanwhile',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t, watchful)
    people(sandbox, 2)
    const path = await here.begin({ minimumResponse: 0 })
    await here.asked(path, 2)
    const nextMail = async () => {
      const { nextMailAt } = (await call('GET', `${path}/participants`)).body.items[0]
      const { rows } = await world.pool.query(
        'SELECT extract(epoch FROM $1::timestamptz - locksmith_now())::float8 / 86400 AS days',
        [nextMailAt]
      )
      return rows[0].days
    }
    const origin = world.confirmOrigin
    world.confirmOrigin = 'http://127.0.0.1:9'
    await rest(500)
    await letPass(world.pool, { days: 3 })
    t.equal((await call('POST', `${path}/pause`)).body.state, 'paused')
    await letPass(world.pool, { days: 2 })
    t.equal((await call('POST', `${path}/resume`)).body.state, 'open')
    world.confirmOrigin = origin
    await rest(1_000)
    const days = await nextMail()
    t.ok(days > 6.9 && days < 7.1, `three days and two, once: ${days} of 7 are left`)
  }
)

t.test('nobody has less time than was promised with the first mail, however long months are', async (t) => {
  const pool = createPool(await testDatabase(t), 2, testMark)
  t.teardown(() => pool.end())
  const round = await plantCampaign(pool, { remindAfter: ['P40D'], closesAfter: 'P2M' })
  await plantPeople(pool, round, [{ userId: 'lea' }])
  await pool.query(`UPDATE participant SET asked_at = '2027-07-01T09:00:00Z'`)
  await pool.query(
    `CREATE OR REPLACE FUNCTION locksmith_now() RETURNS timestamptz LANGUAGE sql STABLE AS
     $$SELECT '2027-08-10T09:00:00Z'::timestamptz$$`
  )
  const mail = { ...round, place: 'lea', number: 1, mailId: 'x' }
  await inTransaction(pool, (tx) => advance(tx, mail, 'accepted'))
  const lea = async () => (await pool.query('SELECT over_at, reached, bounce FROM participant')).rows[0]
  t.match(await lea(), { over_at: new Date('2027-09-01T09:00:00Z'), reached: true })
  // A mail server that refuses a reminder has not known the first mail to arrive.
  await inTransaction(pool, (tx) => advance(tx, mail, 'rejected'))
  t.match(await lea(), { reached: false, bounce: 'soft' })
})

t.test('dates that pass while a campaign is held begin no round', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 1)
  const { rows } = await world.pool.query(`SELECT locksmith_now() + interval '1 day' AS at`)
  const schedule = { every: 'P1M', startsAt: rows[0].at.toISOString(), timeZone: 'UTC' }
  const path = await here.begin({ schedule })
  await call('POST', `${path}/pause`)
  await letPass(world.pool, { days: 2 })
  const { body } = await call('POST', `${path}/resume`)
  t.match(body, { state: 'scheduled', round: null })
  t.ok(Date.parse(body.nextRoundAt) - rows[0].at > 27 * 86_400_000, 'a month later')
  await rest()
  t.equal(sandbox.mails().length, 0)
})

t.test('after stop nobody is mailed and no round closes, until resume', async (t) => {
  const { sandbox, world, call, ...here } = await startCampaigning(t)
  people(sandbox, 2)
  const path = await here.begin({ remindAfter: ['P7D'], minimumResponse: 0, onSilence: 'report-only' })
  await here.asked(path, 2)
  await call('POST', '/stop', { body: {} })
  await letPass(world.pool, { days: 8 })
  await rest()
  t.equal(sandbox.mails().length, 2)
  t.match(await call('POST', '/campaigns', { body: { name: 'x', audience: {}, owner: 'it@example.org' } }), {
    status: 503
  })
  t.equal(await press(linkTo(sandbox, 'person-0')!), 303, 'an answer does nothing to anybody')
  await call('POST', '/resume', { body: {} })
  await eventually(
    () => sandbox.mails().length,
    (n) => n === 3
  )
  await letPass(world.pool, { days: 8 })
  await here.once(path, 'ended')
})

t.test(
  'rounds recur for two years at nine in the morning, across daylight saving, one at a time',
  async (t) => {
    const { sandbox, world, call, ...here } = await startCampaigning(t, {
      campaigns: { everyMs: 100, checkMs: 50, toleranceSeconds: 1_000 * 86_400 }
    })
    people(sandbox, 1)
    // On a winter's day; the clock of campaigns is moved there.
    const { rows } = await world.pool.query(
      `SELECT extract(epoch FROM '2027-01-10T12:00:00Z'::timestamptz - locksmith_now())::float8 / 86400 AS days`
    )
    await letPass(world.pool, { days: rows[0].days })
    const schedule = { every: 'P3M', startsAt: '2027-01-11T09:00:00+01:00', timeZone: 'Europe/Berlin' }
    const path = await here.begin({
      schedule,
      remindAfter: [],
      closesAfter: 'P14D',
      onSilence: 'report-only',
      skipConfirmedWithin: 'P4M'
    })
    const began: string[] = []
    const asked: number[] = []
    for (let round = 1; round <= 9; round++) {
      const { body } = await call('GET', path)
      t.equal(body.state, 'scheduled')
      const until = await world.pool.query(
        `SELECT extract(epoch FROM $1::timestamptz - locksmith_now())::float8 / 3600 AS hours`,
        [body.nextRoundAt]
      )
      began.push(body.nextRoundAt)
      await letPass(world.pool, { hours: until.rows[0].hours })
      // Whoever confirms is left alone in the next round, and asked in the one after that.
      const open = await eventually(
        async () => (await call('GET', path)).body,
        ({ state, round: now }) =>
          (state === 'open' && now.counts.asked + now.counts.out > 0) ||
          (state === 'scheduled' && now?.number === round)
      )
      asked.push(open.round.counts.asked)
      if (open.round.counts.asked === 1) t.equal(await press(linkTo(sandbox, 'person-0')!), 303)
      await here.once(path, 'scheduled')
    }
    t.same(began, [
      '2027-01-11T08:00:00.000Z',
      '2027-04-11T07:00:00.000Z',
      '2027-07-11T07:00:00.000Z',
      '2027-10-11T07:00:00.000Z',
      '2028-01-11T08:00:00.000Z',
      '2028-04-11T07:00:00.000Z',
      '2028-07-11T07:00:00.000Z',
      '2028-10-11T07:00:00.000Z',
      '2029-01-11T08:00:00.000Z'
    ])
    t.same(asked, [1, 0, 1, 0, 1, 0, 1, 0, 1])
    t.equal(sandbox.mails({ to: 'person-0@customer.example' }).length, 5)
  }
)
