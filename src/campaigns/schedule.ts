/**
 * When rounds begin. Wall-clock time stays what it is across daylight saving. Where it does not exist, or twice:
 * `every` takes the time an hour later, or the second one; `cron` the first time that exists, or the first one.
 * Either way a day has one date.
 */
import { Cron } from 'croner'
import type { Db, Pool } from '../db/pool.ts'
import type { Schedule } from './campaign.ts'
import { findDates, findNow } from './schedule.sql.ts'

/** A date of a schedule, and how many dates come before it. */
export type ScheduledDate = { at: Date; occurrence: number }

/** A beginning that has just passed is meant: the request took its time, or clocks differ. */
const grace = 'PT1H'
const noGrace = 'PT0S'

/**
 * The first date that is later than `locksmith_now()`; those that were missed are not made up for. null: none any more.
 * @param occurrence how many dates are behind us: none of them comes again, whatever the clock says. Dates of `cron`
 *   have no beginning to count from, there it is handed back
 */
export async function nextDate(
  db: Db | Pool,
  schedule: Schedule,
  occurrence: number
): Promise<ScheduledDate | null> {
  return (await datesOf(db, schedule, occurrence, noGrace, 1))[0] ?? null
}

/** The first date of a new campaign: up to an hour ago where it was named, else later than now. null: it is over. */
export async function firstDate(db: Db | Pool, schedule: Schedule): Promise<ScheduledDate | null> {
  return (await datesOf(db, schedule, 0, grace, 1))[0] ?? null
}

/** The first dates of a new campaign, to be looked at before it is begun. @param n at most 10 */
export async function upcoming(db: Db | Pool, schedule: Schedule, n: number): Promise<Date[]> {
  return (await datesOf(db, schedule, 0, grace, Math.min(n, 10))).map(({ at }) => at)
}

async function datesOf(
  db: Db | Pool,
  schedule: Schedule,
  from: number,
  grace: string,
  limit: number
): Promise<ScheduledDate[]> {
  if ('every' in schedule) return findDates(db, schedule, { from, grace, limit })
  if ('cron' in schedule) {
    const dates = cronOf(schedule).nextRuns(limit, await findNow(db, noGrace))
    return dates.map((at, index) => ({ at, occurrence: from + index }))
  }
  const at = new Date(schedule.at)
  return from === 0 && at > (await findNow(db, grace)) ? [{ at, occurrence: 0 }] : []
}

/** @throws where it is none, or the time zone is unknown */
export const cronOf = ({ cron, timeZone }: { cron: string; timeZone: string }) =>
  new Cron(cron, { mode: '5-part', timezone: timeZone, paused: true })
