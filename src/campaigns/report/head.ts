import type { Db } from '../../db/pool.ts'
import type { OutReason } from '../participant.ts'
import {
  type AnswerCount,
  countAnswers,
  countMails,
  countParticipants,
  findLastAnswer,
  type GroupRow,
  type MailCount
} from './counts.sql.ts'
import { mailOf } from './entry.ts'
import { findContacts, type SubjectRow } from './report.sql.ts'
import {
  type Counts,
  consequenceStates,
  type Followed,
  type Head,
  type Mark,
  type Point,
  type Result,
  results
} from './report.ts'

/** The curve has no more points than can be seen. */
const mostPoints = 200

export type Subject = SubjectRow & { number: number }

/** Reads all of a report but its participants. @param db in one transaction with the pages of these */
export async function readHead(db: Db, subject: Subject): Promise<Head> {
  const { id, name, definition, requestedBy, owner, number } = subject
  const mails = await countMails(db, id, number)
  const groups = await countParticipants(db, id, number)
  const contacts = await findContacts(db, id, number)
  return {
    campaign: { id, name, definition, requestedBy, owner },
    round: {
      number,
      beganAt: subject.beganAt.toISOString(),
      openedAt: text(subject.openedAt),
      closedAt: text(subject.closedAt),
      endedAt: text(subject.endedAt),
      extraSeconds: subject.extraSeconds,
      listed: subject.listed,
      matched: subject.matched,
      anyway: subject.anyway,
      brakes: subject.brakes
    },
    final: subject.endedAt !== null,
    asOf: subject.asOf.toISOString(),
    counts: countsOf(groups, mails),
    timeline: await readTimeline(db, subject),
    marks: await readMarks(db, subject, mails),
    contacts: contacts.map(({ address, mails }) => ({
      address,
      mails: (mails ?? []).map((mail) => mailOf(mail, subject.endedAt !== null))
    }))
  }
}

const text = (time: Date | null) => time?.toISOString() ?? null

export function countsOf(groups: GroupRow[], mails: MailCount[]): Counts {
  const sum = (of: (group: GroupRow) => boolean) =>
    groups.filter(of).reduce((total, group) => total + group.n, 0)
  const isOut = ({ state }: GroupRow) => state === 'out'
  const reasons = [...new Set(groups.filter(isOut).map(({ outBecause }) => outBecause as OutReason))]
  const mailed = (of: (mail: MailCount) => boolean) =>
    mails.filter(of).reduce((total, mail) => total + mail.n, 0)
  return {
    participants: sum(() => true),
    out: {
      total: sum(isOut),
      because: Object.fromEntries(
        reasons.map((reason) => [reason, sum((group) => isOut(group) && group.outBecause === reason)])
      )
    },
    inRound: sum((group) => !isOut(group)),
    results: record(results, (result) => sum((group) => !isOut(group) && resultOf(group) === result)),
    followed: record(consequenceStates, (followed) => sum((group) => followedOf(group) === followed)),
    mails: {
      ...record(['accepted', 'refused', 'unknown', 'not-sent', 'begun'] as const, (state) =>
        mailed((mail) => mail.state === state)
      ),
      bouncedSoft: mailed(({ bounce }) => bounce === 'soft'),
      bouncedHard: mailed(({ bounce }) => bounce === 'hard')
    }
  }
}

const record = <K extends string>(keys: readonly K[], count: (key: K) => number) =>
  Object.fromEntries(keys.map((key) => [key, count(key)])) as Record<K, number>

const isResult = (word: string | null): word is Result =>
  (results as readonly (string | null)[]).includes(word)

function resultOf({ state, answer, because }: GroupRow): Result {
  if (isResult(answer)) return answer
  if (isResult(because)) return because
  if (isResult(state)) return state
  // A person ended it while time to answer was left, or before anybody was asked.
  return state === 'waiting' || state === 'asked' ? 'open' : 'stopped'
}

/** Of those for whom something was to be done; whom a campaign that was stopped let be is none of them. */
function followedOf(group: GroupRow): Followed | undefined {
  const { state } = group
  if (state === 'silent' || state === 'bounced' || state === 'undelivered' || state === 'left')
    return 'pending'
  const isOver = state === 'acted' || state === 'spared' || state === 'failed' || state === 'acting'
  return isOver && resultOf(group) !== 'stopped' ? state : undefined
}

/** From the first mails to the closing, or to now; the points at which the curve rises. */
async function readTimeline(db: Db, { id, number, ...round }: Subject): Promise<Point[]> {
  const last = await findLastAnswer(db, id, number)
  const from = (round.openedAt ?? round.beganAt).getTime()
  const to = Math.max(from + 1_000, (round.closedAt ?? round.asOf).getTime(), (last?.getTime() ?? 0) + 1)
  const times = Array.from(
    { length: mostPoints },
    (_, n) => new Date(Math.round(from + ((to - from) * n) / (mostPoints - 1)))
  )
  const points = cumulated(times, await countAnswers(db, id, number, times))
  const risen = (n: number) =>
    n === 0 || n === points.length - 1 || total(points[n]!) !== total(points[n - 1]!)
  return points.filter((_, n) => risen(n))
}

const total = ({ confirmed, vouched, left }: Point) => confirmed + vouched + left

/** How many there were at each time. */
export function cumulated(times: Date[], counted: AnswerCount[]): Point[] {
  const sum = { confirmed: 0, vouched: 0, left: 0 }
  return times.map((time, n) => {
    for (const { bucket, answer, n: more } of counted) if (bucket === n) sum[answer] += more
    return { at: time.toISOString(), ...sum }
  })
}

/** What happened when, and how many answers there were by then. */
async function readMarks(db: Db, subject: Subject, mails: MailCount[]): Promise<Mark[]> {
  const { id, number, openedAt, beganAt, closedAt, asOf } = subject
  const invited = mails.filter((mail) => mail.number === 0).map(({ last }) => last.getTime())
  const reminders = Map.groupBy(
    mails.filter((mail) => mail.number > 0),
    (mail) => mail.number
  )
  const marks: { kind: Mark['kind']; at: Date; number?: number }[] = [
    { kind: 'opened', at: openedAt ?? beganAt },
    ...(invited.length > 0 ? [{ kind: 'invited' as const, at: new Date(Math.max(...invited)) }] : []),
    ...[...reminders].map(([number, all]) => ({
      kind: 'reminded' as const,
      number,
      at: new Date(Math.min(...all.map(({ first }) => first.getTime())))
    })),
    ...(closedAt ? [{ kind: 'closed' as const, at: closedAt }] : []),
    { kind: 'as-of', at: asOf }
  ]
  marks.sort((a, b) => a.at.getTime() - b.at.getTime())
  // Times of the database are finer than a millisecond: what came within it counts.
  const times = marks.map(({ at }) => new Date(at.getTime() + 1))
  const points = cumulated(times, await countAnswers(db, id, number, times))
  return marks.map((mark, n) => ({ ...points[n]!, ...mark, at: mark.at.toISOString() }))
}
