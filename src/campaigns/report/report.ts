/** The report of a round: what was asked, answered and done, as evidence of an access review. No I/O. */
import type { Problem } from '../../errors.ts'
import type { Approval } from '../../guard/approval.ts'
import type { Kind, Outcome, State } from '../../operations/operation.ts'
import type { Definition } from '../campaign.ts'
import type { Answer, Because, MailState, OutReason, ParticipantState } from '../participant.ts'

/** What a review of access rights is asked for by; the report is evidence for them, and no claim that they are met. */
export const controls = [
  { standard: 'ISO/IEC 27001:2022', control: 'Annex A 5.18', title: 'access rights' },
  {
    standard: 'SOC 2',
    control: 'CC6.3',
    title: 'authorizing, modifying and removing access'
  }
] as const

/** All but the participants, who come in pages. Times are RFC 3339, in UTC. */
export type Head = {
  campaign: { id: string; name: string; definition: Definition; requestedBy: string; owner: string }
  round: {
    number: number
    beganAt: string
    openedAt: string | null
    closedAt: string | null
    endedAt: string | null
    /** By how much everybody's time was extended. */
    extraSeconds: number
    listed: number | null
    matched: number | null
    anyway: boolean
    brakes: string[]
  }
  /** Over: nothing in it changes any more, so its bytes are the same each time. */
  final: boolean
  /** `endedAt` of a round that is over; else when it was asked for. */
  asOf: string
  counts: Counts
  timeline: Point[]
  marks: Mark[]
  contacts: { address: string; mails: Mail[] }[]
}

/** What came of asking somebody; each participant who is not out has exactly one. */
export const results = [
  'confirmed',
  'vouched',
  'excluded',
  'left',
  'silent',
  'bounced',
  'undelivered',
  'reset',
  'stopped',
  'open'
] as const
export type Result = (typeof results)[number]

/** What followed for those for whom something was to be done. */
export const consequenceStates = ['acted', 'spared', 'failed', 'acting', 'pending'] as const
export type Followed = (typeof consequenceStates)[number]

export type Counts = {
  participants: number
  out: { total: number; because: Partial<Record<OutReason, number>> }
  /** Participants who are not out. */
  inRound: number
  results: Record<Result, number>
  followed: Record<Followed, number>
  mails: Record<MailState | 'bouncedSoft' | 'bouncedHard', number>
}

/** How many answers there were up to then. */
export type Point = { at: string; confirmed: number; vouched: number; left: number }
export type Mark = Point & {
  kind: 'opened' | 'invited' | 'reminded' | 'closed' | 'as-of'
  /** Which reminder. */
  number?: number
}

export type Mail = {
  /** 0: the invitation, 1: the first reminder … */
  number: number
  address: string
  at: string
  state: MailState
  response: string | null
  bounce: { kind: 'soft' | 'hard'; at: string; said: string | null } | null
}

export type Role = 'self' | 'contact' | 'administrator'

export type Action = {
  operationId: string
  /** False: the operation was deleted before its result was written down, so no more is known than `state`. */
  kept: boolean
  kind: Kind | null
  state: State | null
  requestedBy: string | null
  createdAt: string | null
  finishedAt: string | null
  outcome: Omit<Outcome, 'user'> | null
  /** In words. */
  done: string[]
  verified: string[]
  approval: Decision | null
  problem: Problem | null
}

export type Decision = Pick<Approval, 'id' | 'state' | 'decidedBy' | 'reason' | 'hash' | 'brakes'> & {
  decidedAt: string | null
}

/** One participant. */
export type Entry = {
  userId: string
  displayName: string
  /** As Nextcloud had it when the round was planned; each mail has the one that it was sent to. */
  address: string | null
  backend: string
  lastLogin: string | null
  state: ParticipantState
  outBecause: OutReason | null
  askedAt: string | null
  contact: string | null
  mails: Mail[]
  answer: { answer: Answer; at: string | null; by: string; role: Role; reason: string | null } | null
  because: Because | null
  action: Action | null
  problem: Problem | null
  endedAt: string | null
}

/** How one format is written: a page of participants at a time, so that none of it is ever held whole. */
export type Writer = {
  type: string
  start(head: Head): string
  /** @param before how many participants came before these */
  rows(entries: Entry[], before: number, head: Head): string
  end(head: Head): string
}

/** Who answered. @param by `self`, an actor of the audit, or else a contact */
export function roleOf(by: string): Role {
  if (by === 'self') return 'self'
  return /^(key:|oidc:|issuer:|host$|system$)/.test(by) ? 'administrator' : 'contact'
}

/** `campaign-<name or id>-round-N.<ext>`; what is not final says so in its name, too. */
export function fileName(
  campaign: { id: string; name: string },
  round: { number: number; endedAt: unknown },
  ext: string
): string {
  const slug = campaign.name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 60)
    .replace(/^-|-$/g, '')
  const state = round.endedAt === null ? '-not-final' : ''
  return `campaign-${slug || campaign.id}-round-${round.number}${state}.${ext}`
}
