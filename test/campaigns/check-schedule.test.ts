import t from 'tap'
import type { Schedule } from '../../src/campaigns/campaign.ts'
import { checkSchedule } from '../../src/campaigns/check-schedule.ts'

const now = new Date('2026-11-25T12:00:00Z')
const timeZone = 'Europe/Berlin'
const startsAt = '2026-12-01T09:00:00+01:00'
const check = (schedule: Schedule) => checkSchedule(schedule, now)

t.test('a schedule that comes is taken', async (t) => {
  const cron = (cron: string) => ({ cron, timeZone })
  const every = (every: string) => ({ every, startsAt, timeZone })
  for (const schedule of [
    { at: startsAt },
    { at: '2026-11-25T11:30:00.5Z' },
    ...['P3M', 'P1D', 'PT24H', 'P1Y6M', 'P2W', 'P12M', 'P1DT12H30M'].map(every),
    { every: 'P1M', startsAt: '2020-02-29T09:00:00Z', timeZone: 'America/Argentina/Buenos_Aires' },
    ...['0 9 1 */3 *', '0 9 29 2 *', '30 2 * * MON', '0 9 L * *', '0 9 * 1,7 MON#1', '05 09 1-7 * 0'].map(
      cron
    ),
    { cron: '0 9 * * *', timeZone: 'UTC' }
  ])
    t.equal(check(schedule), undefined, JSON.stringify(schedule))
})

t.test('what is wrong is said in one sentence', async (t) => {
  for (const [schedule, wrong] of [
    [{ at: 'tomorrow' }, /^at is no date/],
    [{ at: '2026-12-01' }, /^at is no date/],
    [{ at: '2026-12-01T09:00:00' }, /^at is no date/],
    [{ at: '2027-02-30T09:00:00Z' }, /^at is no date/],
    [{ at: '2027-02-28T25:00:00Z' }, /^at is no date/],
    [{ at: '2026-11-25T11:00:00Z' }, /^at is in the past/],
    [{ at: '2126-12-01T09:00:00Z' }, /^at is more than a hundred years/],
    [{ every: 'P1M', startsAt: '2027-06-31T09:00:00Z', timeZone }, /^startsAt is no date/],
    [{ every: 'P1M', startsAt: '1926-01-01T09:00:00Z', timeZone }, /^startsAt is more than/],
    ...['', 'P', 'PT', 'P1DT', 'P-1D', 'P1.5M', '3 months', 'P1M2Y', 'P1D; DROP TABLE'].map(
      (every) => [{ every, startsAt, timeZone }, /^every is no ISO 8601 duration/] as const
    ),
    ...['P0D', 'PT23H59M', 'PT1M', 'P0M'].map(
      (every) => [{ every, startsAt, timeZone }, /^every is less than a day/] as const
    ),
    [{ every: 'P101Y', startsAt, timeZone }, /^every is more than a hundred years/],
    ...['0 0 9 * * *', '@daily', '@monthly', '0 9 * *', '', '0  9 * * *', '2027-01-01T09:00:00'].map(
      (cron) => [{ cron, timeZone }, /^cron needs five fields/] as const
    ),
    ...['0 * * * *', '*/5 9 * * *', '0 9,17 * * *', '0 9-17 * * *'].map(
      (cron) => [{ cron, timeZone }, /^cron names one minute and one hour/] as const
    ),
    ...['60 9 * * *', '0 24 * * *', '0 9 32 * *', '0 9 * 13 *', '0 9 * * 8', 'a 9 * * *', '0 9 ? * *'].map(
      (cron) => [{ cron, timeZone }, /^cron is not understood/] as const
    ),
    ...['0 9 30 2 *', '0 9 31 4,6,9,11 *'].map((cron) => [{ cron, timeZone }, /^cron never comes/] as const),
    ...['Mars/Phobos', '+02:00', 'CEST', 'EST5EDT', '', "Europe/Berlin'", 'utc'].flatMap((timeZone) => [
      [{ cron: '0 9 * * *', timeZone }, /is no time zone/] as const,
      [{ every: 'P1M', startsAt, timeZone }, /is no time zone/] as const
    ])
  ] as const) {
    const said = check(schedule) ?? ''
    t.match(said, wrong, JSON.stringify(schedule))
    t.match(said, /^[^\n]+\.$/)
  }
})
