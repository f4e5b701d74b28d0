import type { Problem } from '../errors.ts'

export const participantStates = [
  'out',
  'waiting',
  'asked',
  'confirmed',
  'vouched',
  'excluded',
  'left',
  'bounced',
  'undelivered',
  'silent',
  'acting',
  'acted',
  'spared',
  'failed'
] as const
export type ParticipantState = (typeof participantStates)[number]

/** From state → to state: why. */
export const participantTransitions: Record<ParticipantState, Partial<Record<ParticipantState, string>>> = {
  out: {},
  waiting: {
    asked: 'the first mail was handed over',
    confirmed: 'the person was faster than the mail server, which has yet to say that it took the mail',
    bounced: 'the mail server knows no such recipient',
    undelivered: 'time is over, and no mail was ever accepted',
    vouched: 'somebody else says that the person is still there',
    excluded: 'a person takes the user out of this round',
    left: "the person, likewise, or the customer's contact says that the access is not needed any more",
    spared: 'a person ended the campaign, or nothing was to be done',
    acting: 'mode reset: the reset is recorded'
  },
  asked: {
    confirmed: 'the person still needs access',
    left: 'the person, or the contact, says that the access is not needed any more',
    vouched: 'somebody else says that the person is still there',
    excluded: 'a person takes the user out of this round',
    bounced: 'a mail came back for good',
    undelivered: 'time is over, and it is not sure that any mail arrived',
    silent: 'time is over without an answer',
    spared: 'a person ended the campaign'
  },
  bounced: {
    confirmed: 'an earlier mail arrived after all, and the person still needs access',
    left: 'the person, or the contact, says that the access is not needed any more',
    vouched: 'somebody else says that the person is still there',
    excluded: 'a person takes the user out of this round',
    acting: 'onBounce is recorded, or waits for an approval',
    spared: 'onBounce is to report only, nothing was to be done, or a person ended the campaign'
  },
  undelivered: {
    acting: 'onSilence waits for an approval',
    spared: 'onSilence is to report only, nothing was to be done, or a person ended the campaign'
  },
  silent: {
    acting: 'onSilence is recorded, or waits for an approval',
    spared: 'onSilence is to report only, nothing was to be done, or a person ended the campaign'
  },
  left: {
    acting: 'onLeft is recorded',
    spared: 'onLeft is to report only, nothing was to be done, or a person ended the campaign'
  },
  acting: {
    acted: 'the operation succeeded',
    spared: 'the operation was cancelled, or nobody approved it',
    failed: 'the operation failed, or needs attention'
  },
  confirmed: {},
  vouched: {},
  excluded: {},
  acted: {},
  spared: {},
  failed: {}
}

export const participantSourcesOf = (to: ParticipantState): ParticipantState[] =>
  participantStates.filter((from) => participantTransitions[from][to] !== undefined)

/** Why a user of the audience is not asked. */
export const outReasons = [
  'no-mail-address',
  'shared-address',
  'disabled',
  'protected',
  'directory-user',
  'confirmed-recently'
] as const
export type OutReason = (typeof outReasons)[number]

export const answers = ['confirmed', 'vouched', 'excluded', 'left'] as const
export type Answer = (typeof answers)[number]

/** Why something is done to a participant. */
export type Because = 'silent' | 'bounced' | 'undelivered' | 'left' | 'reset'

/** A user in a round. */
export type Participant = {
  campaignId: string
  round: number
  userId: string
  displayName: string
  address: string | null
  language: string | null
  backend: string
  lastLogin: Date | null
  state: ParticipantState
  outBecause: OutReason | null
  contact: number | null
  nextMail: number | null
  dueAt: Date | null
  askedAt: Date | null
  /** A far time while more mails come first. */
  overAt: Date | null
  reached: boolean
  bounce: 'soft' | 'hard' | null
  answer: Answer | null
  answeredAt: Date | null
  /** `self`, `contact:<address>`, or who called. */
  answeredBy: string | null
  answerReason: string | null
  because: Because | null
  operationId: string | null
  problem: Problem | null
  endedAt: Date | null
}

export type MailState = 'begun' | 'accepted' | 'refused' | 'not-sent' | 'unknown'

/** A mail to a participant or a contact. */
export type CampaignMail = {
  id: string
  number: number
  address: string
  state: MailState
  response: string | null
  begunAt: Date
  endedAt: Date | null
  bounce: 'soft' | 'hard' | null
  bouncedAt: Date | null
  bounceSaid: string | null
}
