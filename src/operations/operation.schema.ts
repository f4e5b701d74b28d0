import Type, { type Static } from 'typebox'
import { named } from '../http/answer.ts'
import { kinds, type Operation, outcomeOf, type StepRow, states } from './operation.ts'

const Time = Type.String({ format: 'date-time' })
const TimeOrNull = Type.Union([Time, Type.Null()])
const Maybe = Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])

export const Mail = Type.Enum(['nextcloud', 'smtp', 'none'], {
  description:
    'Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody'
})
export const Revoke = Type.Enum(['all', 'sessions', 'none'], {
  description: 'What ends: every session and app password, browser sessions only, or nothing'
})

const count = (description: string) => Type.Integer({ minimum: 0, description })

const OutcomeView = Type.Object(
  {
    user: Type.Optional(
      Type.Object(
        {
          id: Type.String(),
          displayName: Type.String(),
          mailAddress: Type.Union([Type.String(), Type.Null()]),
          language: Type.Union([Type.String(), Type.Null()]),
          lastLogin: TimeOrNull
        },
        {
          description: "The user as found before anything was changed; lastLogin is a person's, never our own"
        }
      )
    ),
    passwordReplaced: Type.Optional(
      Type.Union([Type.Literal(true), Type.Literal('unknown')], {
        description: '`unknown`: server-side encryption is in the way of the answer'
      })
    ),
    revoked: Type.Optional(
      Type.Union([
        Type.Object({ sessions: count('Browser sessions'), appPasswords: count('App passwords') }),
        Type.Literal('unknown')
      ])
    ),
    remaining: Type.Optional(
      Type.Union([count('Read back from Nextcloud'), Type.Literal('unknown')], {
        description: 'Of what was to be revoked, what was still there when listed again'
      })
    ),
    kept: Type.Optional(
      Type.Object(
        { sessions: count('Browser sessions'), appPasswords: count('App passwords') },
        { description: 'Not asked to be revoked' }
      )
    ),
    wipePending: Type.Optional(
      Type.Union([count('Devices'), Type.Literal('unknown')], {
        description: 'Devices that were told to wipe and have not reported yet'
      })
    ),
    earlierResetLink: Type.Optional(
      Type.Enum(['dead', 'unknown'], { description: 'A reset link mailed earlier' })
    ),
    mail: Type.Optional(
      Type.Object({
        via: Mail,
        delivery: Type.Enum(['requested', 'accepted', 'rejected', 'unknown', 'not-requested'], {
          description:
            '`requested`: Nextcloud was asked, and never says whether it sent; `accepted`/`rejected`: as the mail server said; `unknown`: the answer was lost'
        }),
        to: Type.Optional(Type.String({ description: 'The address at that moment' }))
      })
    )
  },
  { description: 'What is known to be done, and nothing else' }
)

const StepView = Type.Object({
  name: Type.String(),
  state: Type.Enum(['pending', 'started', 'done', 'skipped', 'waiting', 'failed', 'unknown']),
  attempts: Type.Integer({ minimum: 0 }),
  startedAt: TimeOrNull,
  finishedAt: TimeOrNull,
  outcome: { ...Maybe, description: 'What this step added to the outcome of the operation' },
  problem: { ...Maybe, description: 'What is in its way: a problem (RFC 9457)' }
})

/** For `addSchema`; routes name it by `OperationView`. */
export const operationSchema = Type.Object(
  {
    id: Type.String({ format: 'uuid' }),
    kind: Type.Enum([...kinds]),
    userId: Type.String({ description: 'As Nextcloud writes it' }),
    state: Type.Enum([...states], {
      description:
        '`waiting`: it goes on by itself at `resumeAt`. `failed`: nothing was changed. `needs-attention`: something was or may have been changed, and a person has to look; `retry` goes on'
    }),
    reason: Type.Union([Type.String(), Type.Null()]),
    mail: Mail,
    revoke: Revoke,
    steps: Type.Array(StepView),
    outcome: OutcomeView,
    problem: { ...Maybe, description: 'Why it is not `succeeded`: a problem (RFC 9457)' },
    resumeAt: { ...TimeOrNull, description: 'When it is tried again, while it waits' },
    estimate: Type.Optional(
      Type.Object(
        {
          finishedAt: Time,
          ahead: count('Operations before it in the line for what Nextcloud limits')
        },
        {
          description:
            'While it is open, of a single operation: when it will be over if nothing goes wrong, by what Nextcloud allows in a time'
        }
      )
    ),
    supersededBy: Type.Union([Type.String({ format: 'uuid' }), Type.Null()], {
      description: 'The newer operation that took its place'
    }),
    requestedBy: Type.String({ description: 'The API key that asked' }),
    createdAt: Time,
    finishedAt: TimeOrNull
  },
  { $id: 'Operation', description: 'What Locksmith does to one user' }
)
export const OperationView = named(operationSchema)
export type OperationView = Static<typeof operationSchema>

const time = (date: Date | null) => date?.toISOString() ?? null

/** An operation as callers see it. */
export function viewOf(operation: Operation): OperationView {
  const { input, steps } = operation
  return {
    id: operation.id,
    kind: operation.kind,
    userId: operation.userId,
    state: operation.state,
    reason: input.reason ?? null,
    mail: input.mail,
    revoke: input.revoke,
    steps: steps.map(viewOfStep),
    outcome: outcomeOf(steps),
    problem: operation.problem,
    resumeAt: time(operation.resumeAt),
    supersededBy: operation.supersededBy,
    requestedBy: operation.requestedBy,
    createdAt: operation.createdAt.toISOString(),
    finishedAt: time(operation.finishedAt)
  }
}

const viewOfStep = ({ name, state, attempts, startedAt, finishedAt, outcome, problem }: StepRow) => ({
  name,
  state,
  attempts,
  startedAt: time(startedAt),
  finishedAt: time(finishedAt),
  outcome,
  problem
})
