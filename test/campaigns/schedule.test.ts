import t, { type Test } from 'tap'
import type { Schedule } from '../../src/campaigns/campaign.ts'
import { firstDate, nextDate, upcoming } from '../../src/campaigns/schedule.ts'
import { createPool, type Pool } from '../../src/db/pool.ts'
import { runClock } from '../support/clock.ts'
import { testDatabase } from '../support/database.ts'

let pool: Pool
t.before(async () => {
  pool = createPool(await testDatabase(t), 2)
})
t.teardown(() => pool.end())

/** The clock stands still there. */
const itIs = (at: string) => runClock(pool, { epoch: Date.parse(at), speed: 0 })

/** Each round begins on time, and the next one is asked for just then. */
async function walk(schedule: Schedule, from: string, until: string) {
  await itIs(from)
  const dates: { at: Date; occurrence: number }[] = []
  for (let next = await firstDate(pool, schedule); next && next.at < new Date(until); ) {
    dates.push(next)
    await itIs(next.at.toISOString())
    next = await nextDate(pool, schedule, next.occurrence + 1)
  }
  return dates
}

/** The same in far fewer questions: ten dates are looked at from each tenth. */
async function browse(schedule: Schedule, from: string, until: string) {
  const dates: Date[] = []
  for (let at = new Date(from); at < new Date(until); at = dates.at(-1)!) {
    await itIs(at.toISOString())
    dates.push(...(await upcoming(pool, schedule, 10)).filter((date) => date > at))
  }
  return dates.filter((date) => date < new Date(until))
}

/** What a clock on a wall there shows: 2026-03-29 09:00. */
const wall = (timeZone: string) => {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (at: Date) => format.format(at)
}

/** Calendar days of two years from 2026-01-01 on that fit, at that time. */
function calendar(time: string, fits: (day: Date, index: number) => boolean) {
  const days = Array.from({ length: 730 }, (_, index) => new Date(Date.UTC(2026, 0, 1 + index)))
  return days.filter(fits).map((day) => `${day.toISOString().slice(0, 10)} ${time}`)
}

/** The offset of the zone on 1 January 2026, and how often a year its clocks change. */
const zones = {
  'Europe/Berlin': ['+01:00', 2],
  'America/New_York': ['-05:00', 2],
  'Pacific/Auckland': ['+13:00', 2],
  'Asia/Kolkata': ['+05:30', 0]
} as const

for (const [timeZone, [offset, changes]] of Object.entries(zones)) {
  const startsAt = `2026-01-01T09:00:00${offset}`
  const until = `2028-01-01T00:00:00${offset}`
  const shown = async (schedule: Schedule) =>
    (await walk(schedule, startsAt, until)).map(({ at }) => wall(timeZone)(at))

  t.test(`${timeZone}: 09:00 stays 09:00 for two years, however dates are counted`, async (t) => {
    const first = (day: Date) => day.getUTCDate() === 1
    t.strictSame(await shown({ every: 'P1M', startsAt, timeZone }), calendar('09:00', first))
    t.strictSame(
      await shown({ every: 'P3M', startsAt, timeZone }),
      calendar('09:00', (day) => first(day) && day.getUTCMonth() % 3 === 0)
    )
    t.strictSame(
      await shown({ every: 'P1W', startsAt, timeZone }),
      calendar('09:00', (_, index) => index % 7 === 0)
    )
    // Where the clock stands is no date of cron: its first one is the next.
    const fifteenth = calendar('09:00', (day) => day.getUTCDate() === 15)
    t.strictSame(await shown({ cron: '0 9 15 * *', timeZone }), fifteenth)
    const mondays = calendar('09:00', (day) => day.getUTCDay() === 1)
    t.strictSame(await shown({ cron: '0 9 * * MON', timeZone }), mondays)
  })

  t.test(`${timeZone}: each day has one date, also when 02:30 is left out or comes twice`, async (t) => {
    const days = calendar('', () => true).map((day) => day.trim())
    for (const schedule of [
      { every: 'P1D', startsAt: startsAt.replace('09:00:00', '02:30:00'), timeZone },
      { cron: '30 2 * * *', timeZone }
    ]) {
      const dates = await browse(schedule, `2025-12-31T12:00:00${offset}`, until)
      const shown = dates.map(wall(timeZone))
      t.strictSame(
        shown.map((each) => each.slice(0, 10)),
        days
      )
      const moved = shown.filter((each) => !each.endsWith('02:30'))
      t.equal(moved.length, changes, 'one each spring')
      for (const each of moved) t.match(each, 'every' in schedule ? / 03:30$/ : / 03:00$/)
    }
  })
}

t.test('a campaign that begins in the hour that comes twice begins when it was told', async (t) => {
  for (const startsAt of ['2026-10-25T02:30:00+02:00', '2026-10-25T02:30:00+01:00']) {
    await itIs('2026-10-01T00:00:00Z')
    const dates = await upcoming(pool, { every: 'P1D', startsAt, timeZone: 'Europe/Berlin' }, 2)
    t.strictSame(dates, [new Date(startsAt), new Date('2026-10-26T02:30:00+01:00')])
  }
})

t.test('months are counted from the beginning: the 31st comes back after a short month', async (t) => {
  await itIs('2027-01-01T00:00:00Z')
  const timeZone = 'Europe/Berlin'
  const at = (dates: Date[]) => dates.map(wall(timeZone))
  const ends = await upcoming(pool, { every: 'P1M', startsAt: '2027-12-31T09:00:00+01:00', timeZone }, 5)
  t.strictSame(
    at(ends),
    ['2027-12-31', '2028-01-31', '2028-02-29', '2028-03-31', '2028-04-30'].map((day) => `${day} 09:00`)
  )
  const leap = await upcoming(pool, { every: 'P1Y', startsAt: '2028-02-29T09:00:00+01:00', timeZone }, 5)
  t.strictSame(
    at(leap),
    ['2028-02-29', '2029-02-28', '2030-02-28', '2031-02-28', '2032-02-29'].map((day) => `${day} 09:00`)
  )
  const cron = await upcoming(pool, { cron: '0 9 29 2 *', timeZone }, 2)
  t.strictSame(at(cron), ['2028-02-29 09:00', '2032-02-29 09:00'])
  const mixed = await upcoming(
    pool,
    { every: 'P1M1DT12H', startsAt: '2027-01-31T09:00:00+01:00', timeZone },
    3
  )
  t.strictSame(at(mixed), ['2027-01-31 09:00', '2027-03-01 21:00', '2027-04-03 09:00'])
})

t.test('dates that passed while nothing ran are skipped, and counted', async (t) => {
  const every = {
    every: 'P1M',
    startsAt: '2026-01-31T09:00:00+01:00',
    timeZone: 'Europe/Berlin'
  }
  await itIs('2026-08-31T06:59:59Z')
  t.strictSame(await nextDate(pool, every, 2), { at: new Date('2026-08-31T07:00:00Z'), occurrence: 7 })
  await itIs('2026-08-31T07:00:00Z')
  t.strictSame(await nextDate(pool, every, 2), { at: new Date('2026-09-30T07:00:00Z'), occurrence: 8 })
  const cron = { cron: '0 9 1 */3 *', timeZone: 'Europe/Berlin' }
  t.strictSame(await nextDate(pool, cron, 2), { at: new Date('2026-10-01T07:00:00Z'), occurrence: 2 })
  // Many dates behind: the widest guess is wide enough.
  await itIs('2076-03-10T00:00:00Z')
  for (const [period, occurrence, at] of [
    ['P1D', 18_301, '2076-03-10T09:00:00+01:00'],
    ['P1W', 2_615, '2076-03-14T09:00:00+01:00'],
    ['P1M', 602, '2076-03-31T09:00:00+02:00'],
    ['P1Y', 51, '2077-01-31T09:00:00+01:00']
  ] as const)
    t.strictSame(
      await nextDate(pool, { ...every, every: period }, 1),
      { at: new Date(at), occurrence },
      period
    )
})

t.test('a clock that jumps back brings no date again', async (t) => {
  await itIs('2026-01-01T00:00:00Z')
  const schedule = { every: 'P1M', startsAt: '2026-01-31T09:00:00Z', timeZone: 'UTC' }
  t.match(await nextDate(pool, schedule, 3), { occurrence: 3, at: new Date('2026-04-30T09:00:00Z') })
})

t.test('a single date comes once, also when it has just passed', async (t) => {
  const schedule = { at: '2026-11-25T10:00:00+01:00' }
  const date = { at: new Date(schedule.at), occurrence: 0 }
  await itIs('2026-11-25T08:00:00Z')
  t.strictSame(await firstDate(pool, schedule), date)
  t.strictSame(await nextDate(pool, schedule, 0), date)
  t.strictSame(await upcoming(pool, schedule, 10), [date.at])
  await itIs('2026-11-25T09:59:00Z')
  t.strictSame(await firstDate(pool, schedule), date)
  t.equal(await nextDate(pool, schedule, 0), null)
  t.equal(await nextDate(pool, schedule, 1), null)
  await itIs('2026-11-25T10:00:00Z')
  t.equal(await firstDate(pool, schedule), null)
  t.strictSame(await upcoming(pool, schedule, 3), [])
})

t.test('a beginning that has just passed is the first date, an older one is not', async (t) => {
  const schedule = { every: 'P3M', startsAt: '2026-11-25T09:00:00Z', timeZone: 'Europe/Berlin' }
  await itIs('2026-11-25T09:59:00Z')
  t.match(await firstDate(pool, schedule), { at: new Date('2026-11-25T09:00:00Z'), occurrence: 0 })
  await itIs('2026-11-25T10:00:00Z')
  t.match(await firstDate(pool, schedule), { at: new Date('2027-02-25T09:00:00Z'), occurrence: 1 })
})

t.test('no more than ten dates are shown', async (t: Test) => {
  for (const schedule of [
    { every: 'P1D', startsAt: '2026-11-25T09:00:00Z', timeZone: 'UTC' },
    { cron: '0 9 * * *', timeZone: 'UTC' }
  ])
    t.equal((await upcoming(pool, schedule, 1_000)).length, 10)
})
