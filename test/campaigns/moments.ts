/** When processes that work on a campaign are killed: at random moments, in all that a campaign goes through. */
import type { Pool } from '../../src/db/pool.ts'
import type { Random } from '../faults/harness/random.ts'

/** What a campaign goes through, and of how many kills, out of a hundred, each gets its share. */
export const phases = {
  planning: 10,
  mailing: 42,
  closing: 8,
  recording: 16,
  approving: 6,
  acting: 10,
  settling: 8
} as const
export type Phase = keyof typeof phases
const order = Object.keys(phases) as Phase[]

export type Moment = {
  phase: Phase
  /** How much of the phase is behind; from 0 to below 1. */
  at: number
  /** And so long after that. */
  delayMs: number
  /** How many processes work on it until then. */
  crew: 1 | 2
  /** All of them die, or one. */
  all: boolean
}

/** The same for the same seed. In order. */
export function momentsOf(random: Random, kills: number): Moment[] {
  const longestMs: Record<Phase, number> = {
    planning: 150,
    mailing: 60,
    closing: 1_000,
    recording: 150,
    approving: 300,
    acting: 100,
    settling: 1_000
  }
  return Array.from({ length: kills }, (_, n) => phaseAt(((n + random.next()) * 100) / kills))
    .map((phase) => ({
      phase,
      at: random.next(),
      delayMs: random.below(longestMs[phase]),
      crew: random.below(4) === 0 ? (2 as const) : (1 as const),
      all: random.below(2) === 0
    }))
    .sort((a, b) => order.indexOf(a.phase) - order.indexOf(b.phase) || a.at - b.at)
}

/** @param place from 0 to below 100 */
function phaseAt(place: number): Phase {
  let until = 0
  return order.find((phase) => {
    until += phases[phase]
    return place < until
  })!
}

export const isBehind = (now: Point, moment: Moment): boolean => {
  const ahead = order.indexOf(now.phase) - order.indexOf(moment.phase)
  return ahead > 0 || (ahead === 0 && now.at >= moment.at)
}

/** How far a campaign has come. */
export type Point = { phase: Phase; at: number }

type Row = {
  state: string
  mails: number
  open: number
  left: number
  followed: number
  awaiting: number
  finished: number
  operations: number
}

/** @param mails how many there will be, about. @returns undefined once it has ended */
export async function pointOf(pool: Pool, mails: number): Promise<Point | undefined> {
  const { rows } = await pool.query<Row>(
    `SELECT c.state, (SELECT count(*)::integer FROM campaign_mail) AS mails, p.*, o.*
       FROM campaign c,
            (SELECT count(*) FILTER (WHERE state IN ('waiting', 'asked')
                       AND (over_at > locksmith_now() OR next_mail IS NOT NULL OR mail_claim IS NOT NULL))::integer AS open,
                    count(*) FILTER (WHERE state IN ('silent', 'bounced', 'undelivered'))::integer AS "left",
                    count(*) FILTER (WHERE state IN ('acting', 'acted', 'spared', 'failed'))::integer AS followed
               FROM participant) p,
            (SELECT count(*)::integer AS operations,
                    count(*) FILTER (WHERE state = 'awaiting-approval')::integer AS awaiting,
                    count(*) FILTER (WHERE finished_at IS NOT NULL)::integer AS finished
               FROM operation) o`
  )
  const row = rows[0]!
  const point = (phase: Phase, of: number, is: number) => ({ phase, at: of > 0 ? is / of : 1 })
  // Planning is over at once, and closing: delays alone tell their moments apart.
  if (row.state === 'planning') return point('planning', 1, 1)
  if (row.state === 'open')
    return row.open === 0 ? point('closing', 1, 1) : point('mailing', mails, row.mails)
  if (row.state === 'closing') return point('recording', row.left + row.followed, row.followed)
  if (row.state !== 'acting') return undefined
  if (row.awaiting > 0) return point('approving', 1, 1)
  if (row.finished < row.operations) return point('acting', row.operations, row.finished)
  return point('settling', 1, 1)
}
