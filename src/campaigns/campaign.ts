import type { Actor } from '../audit/event.ts'
import type { Problem } from '../errors.ts'
import type { Brake, BrakeState, CampaignBrake } from '../guard/brake.ts'

export const campaignStates = [
  'draft',
  'scheduled',
  'planning',
  'open',
  'closing',
  'acting',
  'paused',
  'aborted',
  'ended',
  'cancelled'
] as const
export type CampaignState = (typeof campaignStates)[number]

/** From state → to state: why. */
export const campaignTransitions: Record<CampaignState, Partial<Record<CampaignState, string>>> = {
  draft: {
    planning: 'a person starts it',
    cancelled: 'a person does not want it'
  },
  scheduled: {
    planning: 'its next date has come',
    paused: 'a person holds it: dates pass without a round',
    cancelled: 'a person does not want it any more'
  },
  planning: {
    open: 'it is known who is asked, and the first mails are due',
    closing: 'mode reset: nobody is asked, all are reset',
    aborted: 'the list of users is empty or much smaller than the last time: nobody was asked',
    cancelled: 'a person stopped it before anybody was asked'
  },
  open: {
    closing: "everybody's time to answer is over: links are dead from here",
    paused: 'a person holds it: no mails, and time stands still; answers count',
    cancelled: 'a person ends it: nothing is done to those who have not answered'
  },
  closing: {
    acting: 'what follows is recorded for each, or is to be approved',
    paused: 'a person holds it before all is recorded',
    cancelled: 'a person ends it: what has not begun is not done'
  },
  acting: {
    ended: 'all that followed is over, and there is no next round',
    scheduled: 'all that followed is over, and the next round has a date',
    cancelled: 'a person ends it: what has not begun is not done'
  },
  paused: {
    scheduled: 'a person lets it go on',
    open: 'a person lets it go on: everybody gets the time back that it stood still',
    closing: 'a person lets it go on',
    cancelled: 'a person ends it'
  },
  aborted: {
    planning: 'a person says that the list is right: it is read anew',
    cancelled: 'a person does not want it'
  },
  ended: {},
  cancelled: {}
}

/** The states from which `to` can be reached. */
export const campaignSourcesOf = (to: CampaignState): CampaignState[] =>
  campaignStates.filter((from) => campaignTransitions[from][to] !== undefined)

/** Who asks for what follows from a campaign. */
export const actorOfCampaign = (id: string): Actor => `campaign:${id}`

export const modes = ['confirm', 'reset'] as const
export const lockOuts = ['disable', 'reset', 'revoke', 'offboard'] as const
/** What is done to one who does not answer, whose mail comes back, or who has left. */
export const consequences = [...lockOuts, 'report-only'] as const
export type Consequence = (typeof consequences)[number]

/** Who is asked: whoever fits each member that is given, and none of `exclude`. */
export type Audience = {
  /** Members of one of these. */
  groups?: string[]
  /** Of the mail address; subdomains are others. */
  domains?: string[]
  users?: string[]
  backends?: string[]
  /** RFC 3339. Who never logged in fits neither. */
  lastLoginBefore?: string
  lastLoginAfter?: string
  neverLoggedIn?: boolean
  exclude?: { groups?: string[]; domains?: string[]; users?: string[] }
}

/** When rounds begin. `every` is an ISO 8601 duration, counted by the calendar of `timeZone` (IANA) from `startsAt`. */
export type Schedule =
  | { at: string }
  | { every: string; startsAt: string; timeZone: string }
  | { cron: string; timeZone: string }

export type Contact = {
  address: string
  /** For whom: whose mail address is at this domain, or who is in this group. One of the two. */
  domain?: string
  group?: string
  language?: 'de' | 'en'
}

export type MailText = {
  subject?: string
  /** Plain text; paragraphs are parted by an empty line. `{name}`, `{userId}`, `{site}` and `{deadline}` are filled in. */
  text?: string
}

/** What a campaign is, with its defaults. Durations are ISO 8601. */
export type Definition = {
  mode: (typeof modes)[number]
  audience: Audience
  /** Absent: it begins once somebody starts it. */
  schedule?: Schedule
  /** Each counted from the participant's own first mail, rising. */
  remindAfter: string[]
  closesAfter: string
  onSilence: Consequence
  onLeft: Consequence
  /** `hold`: what `onSilence` says, once a second person approves it. */
  onBounce: Consequence | 'hold'
  /** Mail address of the one who answers for the campaign, and is told. */
  owner: string
  /** Percent of those whose mail arrived: when fewer answer, a second person is asked before anyone is locked out. */
  minimumResponse: number
  /** Whoever confirmed no longer ago than that, in a round of this campaign, is not asked again. */
  skipConfirmedWithin?: string
  pace: {
    /** First mails, or resets. */
    usersPerHour: number
    /** Resets in 30 minutes at one mail domain: colleagues behind one address throttle each other at Nextcloud. */
    resetsPerDomain: number
  }
  contacts: Contact[]
  /** By language of Nextcloud. */
  mails: { de?: MailText; en?: MailText }
}

export type Campaign = {
  id: string
  name: string
  definition: Definition
  state: CampaignState
  /** Number of the last round that began; 0: none. */
  round: number
  nextRoundAt: Date | null
  occurrence: number
  pausedFrom: CampaignState | null
  pausedAt: Date | null
  problem: Problem | null
  requestedBy: string
  owner: string
  vouchers: string[]
  requestId: string | null
  retryAt: Date | null
  createdAt: Date
  endedAt: Date | null
}

export type Round = {
  campaignId: string
  number: number
  beganAt: Date
  openedAt: Date | null
  closedAt: Date | null
  endedAt: Date | null
  listed: number | null
  matched: number | null
  anyway: boolean
  /** Why a second person is asked before those who were silent are locked out. */
  brakes: BrakeState<Brake | CampaignBrake>[]
  manifest: Record<string, string> | null
}
