import Type, { type Static } from 'typebox'
import { approvalStates } from '../../guard/approval.ts'
import { named } from '../../http/answer.ts'
import { Time, TimeOrNull } from '../../operations/operation.schema.ts'
import { kinds, states } from '../../operations/operation.ts'
import { answers, outReasons, participantStates } from '../participant.ts'
import { consequenceStates, results } from './report.ts'

const OrNull = <T extends Type.TSchema>(schema: T) => Type.Union([schema, Type.Null()])
const Text = OrNull(Type.String())
const Count = Type.Integer({ minimum: 0 })
const Whatever = Type.Object({}, { additionalProperties: true })
const ProblemOrNull = OrNull(Type.Object({ code: Type.String() }, { additionalProperties: true }))
const counts = <K extends string>(names: readonly K[]) =>
  Type.Object(Object.fromEntries(names.map((name) => [name, Count])) as Record<K, typeof Count>)

const MailReport = Type.Object({
  number: Type.Integer({ minimum: 0, description: '0: the invitation, 1: the first reminder …' }),
  address: Type.String({ description: 'As it was sent to' }),
  at: Time,
  state: Type.Enum(['begun', 'accepted', 'refused', 'not-sent', 'unknown'], {
    description: '`accepted`: the mail server took it, which is not that it was read'
  }),
  response: { ...Text, description: 'Of the mail server' },
  bounce: OrNull(Type.Object({ kind: Type.Enum(['soft', 'hard']), at: Time, said: Text }))
})

export const ParticipantReport = Type.Object(
  {
    userId: Type.String(),
    displayName: Type.String(),
    address: { ...Text, description: 'As Nextcloud had it when the round was planned' },
    backend: Type.String(),
    lastLogin: { ...TimeOrNull, description: 'Before the round' },
    state: Type.Enum([...participantStates]),
    outBecause: OrNull(Type.Enum([...outReasons], { description: 'Why the user was not asked' })),
    askedAt: TimeOrNull,
    contact: { ...Text, description: 'Who could vouch' },
    mails: Type.Array(MailReport),
    answer: OrNull(
      Type.Object({
        answer: Type.Enum([...answers]),
        at: TimeOrNull,
        by: Type.String({ description: '`self`, the address of a contact, or who called' }),
        role: Type.Enum(['self', 'contact', 'administrator']),
        reason: Text
      })
    ),
    because: OrNull(
      Type.Enum(['silent', 'bounced', 'undelivered', 'left', 'reset'], {
        description: 'Why something was done, or was to be'
      })
    ),
    action: OrNull(
      Type.Object({
        operationId: Type.String({ format: 'uuid' }),
        kept: Type.Boolean({
          description: '`false`: the operation was deleted before its result was written down'
        }),
        kind: OrNull(Type.Enum([...kinds])),
        state: OrNull(Type.Enum([...states])),
        requestedBy: Text,
        createdAt: TimeOrNull,
        finishedAt: TimeOrNull,
        outcome: { ...OrNull(Whatever), description: 'As of the operation' },
        done: Type.Array(Type.String(), { description: 'In words' }),
        verified: Type.Array(Type.String(), { description: 'What was read back, in words' }),
        approval: OrNull(
          Type.Object({
            id: Type.String({ format: 'uuid' }),
            state: Type.Enum([...approvalStates]),
            decidedBy: Text,
            decidedAt: TimeOrNull,
            reason: Text,
            hash: { ...Text, description: 'SHA-256 of the list and the action, as decided' },
            brakes: Type.Array(Type.String())
          })
        ),
        problem: ProblemOrNull
      })
    ),
    problem: ProblemOrNull,
    endedAt: TimeOrNull
  },
  { $id: 'ParticipantReport', description: 'What was asked of a user, answered and done' }
)

const PointReport = { at: Time, confirmed: Count, vouched: Count, left: Count }

export const ReportView = Type.Object(
  {
    campaign: Type.Object({
      id: Type.String({ format: 'uuid' }),
      name: Type.String(),
      definition: Whatever,
      requestedBy: Type.String(),
      owner: Type.String({ description: 'Who answers for the key that asked' })
    }),
    round: Type.Object({
      number: Type.Integer({ minimum: 1 }),
      beganAt: Time,
      openedAt: TimeOrNull,
      closedAt: TimeOrNull,
      endedAt: TimeOrNull,
      extraSeconds: Type.Number({ description: 'By how much everybody’s time was extended' }),
      listed: { ...OrNull(Count), description: 'Users of Nextcloud' },
      matched: { ...OrNull(Count), description: 'Of them in the audience' },
      anyway: Type.Boolean({ description: 'A person said that a list which had shrunk is right' }),
      brakes: Type.Array(Type.String(), { description: 'Why a second person was asked' })
    }),
    final: Type.Boolean({ description: 'Nothing in it changes any more' }),
    asOf: { ...Time, description: '`endedAt` of a round that is over, else now' },
    evidenceFor: Type.Array(
      Type.Object({ standard: Type.String(), control: Type.String(), title: Type.String() })
    ),
    counts: Type.Object({
      participants: Count,
      out: Type.Object({ total: Count, because: Type.Record(Type.String(), Count) }),
      inRound: Count,
      results: counts(results),
      followed: counts(consequenceStates),
      mails: counts([
        'accepted',
        'refused',
        'unknown',
        'not-sent',
        'begun',
        'bouncedSoft',
        'bouncedHard'
      ] as const)
    }),
    timeline: Type.Array(Type.Object(PointReport), {
      description: 'How many had answered by when; 200 points at most'
    }),
    marks: Type.Array(
      Type.Object({
        ...PointReport,
        kind: Type.Enum(['opened', 'invited', 'reminded', 'closed', 'as-of']),
        number: Type.Optional(Type.Integer({ description: 'Which reminder' }))
      })
    ),
    contacts: Type.Array(Type.Object({ address: Type.String(), mails: Type.Array(MailReport) })),
    participants: Type.Array(named(ParticipantReport), { description: 'By id' })
  },
  { $id: 'CampaignReport', description: 'The report of a round' }
)
export type ReportView = Static<typeof ReportView>
