import type { Schedule } from './campaign.ts'
import { cronOf } from './schedule.ts'

const day = 86_400_000
const century = 36_525 * day
const hour = 3_600_000

/**
 * What is wrong with a schedule, in one sentence; undefined: nothing.
 * @param now as the database has it, where that is not the clock of this machine
 */
export function checkSchedule(schedule: Schedule, now = new Date()): string | undefined {
  if ('at' in schedule) return checkDate('at', schedule.at, now) ?? checkNotOver(schedule.at, now)
  const { timeZone } = schedule
  if (!isTimeZone(timeZone))
    return `${quoted(timeZone)} is no time zone: use an IANA name such as Europe/Berlin.`
  if ('cron' in schedule) return checkCron(schedule, now)
  return checkDate('startsAt', schedule.startsAt, now) ?? checkPeriod(schedule.every)
}

/** Date.parse takes February 30 for March 2. */
function checkDate(name: string, value: string, now: Date): string | undefined {
  const [, local] = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.exec(value) ?? []
  const exists = local !== undefined && new Date(`${local}T00:00:00Z`).toJSON()?.startsWith(local)
  const at = Date.parse(value)
  if (!exists || Number.isNaN(at))
    return `${name} is no date and time of RFC 3339, such as 2027-01-31T09:00:00+01:00.`
  if (Math.abs(at - now.getTime()) > century) return `${name} is more than a hundred years away.`
  return undefined
}

/** As long after it as the first date may be. */
const checkNotOver = (at: string, now: Date) =>
  Date.parse(at) <= now.getTime() - hour ? 'at is in the past.' : undefined

function checkPeriod(every: string): string | undefined {
  const found =
    /^P(?=[\dT])(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(every)
  if (!found) return `every is no ISO 8601 duration, such as P3M: ${quoted(every)}.`
  const [years = 0, months = 0, weeks = 0, days = 0, hours = 0, minutes = 0] = found
    .slice(1)
    .map((digits) => Number(digits ?? 0))
  // The shortest that it can be by the calendar.
  const length = years * 365 + months * 28 + weeks * 7 + days + hours / 24 + minutes / 1_440
  if (length < 1) return 'every is less than a day.'
  if (length * day > century) return 'every is more than a hundred years.'
  return undefined
}

/** One minute and one hour: no more than one date a day, also where clocks change. */
const onceADay = /^\d{1,2} \d{1,2} [\w*,/#-]+ [\w*,/-]+ [\w*,/#-]+$/

function checkCron(schedule: { cron: string; timeZone: string }, now: Date): string | undefined {
  const { cron } = schedule
  const fields = cron.split(' ')
  if (fields.length !== 5)
    return `cron needs five fields with one space between (minute, hour, day of month, month, day of week): ${quoted(cron)}.`
  if (!onceADay.test(cron))
    return /[*,/-]/.test(`${fields[0]}${fields[1]}`)
      ? 'cron names one minute and one hour: rounds begin no more than once a day.'
      : notUnderstood(cron)
  try {
    const next = cronOf(schedule).nextRun(now)
    if (next === null || next.getTime() - now.getTime() > century) return `cron never comes: ${quoted(cron)}.`
    return undefined
  } catch {
    return notUnderstood(cron)
  }
}

const notUnderstood = (cron: string) => `cron is not understood: ${quoted(cron)}.`

/** By a name as both Node and PostgreSQL have it: no offset, no abbreviation. */
export function isTimeZone(name: string): boolean {
  if (name !== 'UTC' && !/^[A-Za-z]+(\/[A-Za-z0-9_+-]+){1,2}$/.test(name)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const quoted = (value: string) => `"${value.slice(0, 100)}"`
