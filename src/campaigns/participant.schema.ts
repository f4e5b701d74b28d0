import Type, { type Static } from 'typebox'
import { TimeOrNull } from '../operations/operation.schema.ts'
import { answers, outReasons, type Participant, participantStates } from './participant.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

export const ParticipantView = Type.Object(
  {
    userId: Type.String(),
    displayName: Type.String(),
    address: { ...TextOrNull, description: 'As Nextcloud had it when the round began' },
    state: Type.Enum([...participantStates]),
    outBecause: Type.Union([Type.Enum([...outReasons]), Type.Null()], {
      description: 'Why the user is not asked'
    }),
    askedAt: TimeOrNull,
    nextMailAt: { ...TimeOrNull, description: 'The invitation, or a reminder' },
    overAt: { ...TimeOrNull, description: 'Time to answer; null: more mails come first, or it is over' },
    reached: Type.Boolean({ description: 'A mail was accepted, and none came back' }),
    bounce: Type.Union([Type.Enum(['soft', 'hard']), Type.Null()]),
    answer: Type.Union([Type.Enum([...answers]), Type.Null()]),
    answeredAt: TimeOrNull,
    answeredBy: { ...TextOrNull, description: '`self`, `contact:<address>`, or the key' },
    answerReason: TextOrNull,
    operation: { ...TextOrNull, description: 'Path of what is done to the user' },
    problem: Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()], {
      description: 'Why nothing was done, or why it failed'
    })
  },
  { $id: 'Participant' }
)
export type ParticipantView = Static<typeof ParticipantView>

export const viewOfParticipant = (participant: Participant): ParticipantView => ({
  userId: participant.userId,
  displayName: participant.displayName,
  address: participant.address,
  state: participant.state,
  outBecause: participant.outBecause,
  askedAt: participant.askedAt?.toISOString() ?? null,
  nextMailAt: participant.nextMail === null ? null : (participant.dueAt?.toISOString() ?? null),
  overAt: participant.overAt?.toISOString() ?? null,
  reached: participant.reached,
  bounce: participant.bounce,
  answer: participant.answer,
  answeredAt: participant.answeredAt?.toISOString() ?? null,
  answeredBy: participant.answeredBy,
  answerReason: participant.answerReason,
  operation: participant.operationId && `/operations/${participant.operationId}`,
  problem: participant.problem
})
