import type { ParticipantView } from './participant.schema.ts'

export const participantExample: ParticipantView = {
  userId: 'alice',
  displayName: 'Alice Example',
  address: 'alice@customer.example',
  state: 'asked',
  outBecause: null,
  askedAt: '2027-01-11T08:00:04.120Z',
  nextMailAt: '2027-01-18T08:00:04.120Z',
  overAt: null,
  reached: true,
  bounce: null,
  answer: null,
  answeredAt: null,
  answeredBy: null,
  answerReason: null,
  operation: null,
  problem: null
}
