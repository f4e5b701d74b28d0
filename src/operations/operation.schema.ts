import Type, { type Static } from 'typebox'
import { named } from '../http/answer.ts'
import { driverNames } from '../revocation/driver.ts'
import { kinds, type Operation, outcomeOf, type StepRow, states } from './operation.ts'
import { OptionsView } from './options.schema.ts'

export const Time = Type.String({ format: 'date-time' })
export const TimeOrNull = Type.Union([Time, Type.Null()])
export const Maybe = Type.Union([Type.Object({}, { additionalProperties: true }), Type.Null()])

export const Mail = Type.Enum(['nextcloud', 'smtp', 'none'], {
  description:
    'Who tells the user: Nextcloud its "forgot password" mail, Locksmith a mail of its own, or nobody'
})
export const Revoke = Type.Enum(['all', 'sessions', 'none'], {
  description: 'What ends: every session and app password, browser sessions only, or nothing'
})

const count = (description: string) => Type.Integer({ minimum: 0, description })

export const known = (description: string) =>
  Type.Union([Type.Integer({ minimum: 0 }), Type.Literal('unknown')], { description })

const Delivery = Type.Enum(['requested', 'accepted', 'rejected', 'unknown', 'not-requested'], {
  description:
    '`requested`: Nextcloud was asked, and never says whether it sent; `accepted`/`rejected`: as the mail server said; `unknown`: the answer was lost'
})

/** Each a number that was read back, or `unknown`. */
const ResidualAccess = Type.Object(
  {
    tokens: known('Sessions and app passwords: they work again once the user is enabled'),
    wipePending: known('Devices that have yet to erase'),
    resetLink: known('1: a link to a new password is pending'),
    passkeys: known('Passkeys'),
    publicLinks: known('Public links, also those that were mailed'),
    federatedShares: known('Shares with other servers')
  },
  { description: 'What is left by which the user could get in or files could get out' }
)

const OutcomeView = Type.Object(
  {
    user: Type.Optional(
      Type.Object(
        {
          id: Type.String(),
          displayName: Type.String(),
          mailAddress: Type.Union([Type.String(), Type.Null()]),
          language: Type.Union([Type.String(), Type.Null()]),
          // Operations from before have neither.
          enabled: Type.Optional(Type.Boolean()),
          backend: Type.Optional(
            Type.String({ description: 'Where Nextcloud has the user from: `Database`, `LDAP` …' })
          ),
          lastLogin: TimeOrNull
        },
        {
          description: "The user as found before anything was changed; lastLogin is a person's, never our own"
        }
      )
    ),
    driver: Type.Optional(
      Type.Object(
        {
          name: Type.Enum([...driverNames]),
          because: Type.String({ description: 'Why this one' }),
          pastSecondFactor: Type.Optional(Type.Literal(true))
        },
        { description: 'How sessions and app passwords are revoked' }
      )
    ),
    passwordReplaced: Type.Optional(
      Type.Union([Type.Boolean(), Type.Literal('unknown')], {
        description:
          '`unknown`: server-side encryption is in the way of the answer. `false`: the step says why it was not'
      })
    ),
    secondFactorsRemoved: Type.Optional(Type.Array(Type.String())),
    revoked: Type.Optional(
      Type.Union([
        Type.Object({ sessions: count('Browser sessions'), appPasswords: count('App passwords') }),
        Type.Literal('unknown')
      ])
    ),
    remaining: Type.Optional(known('Of what was to be revoked, what was still there when listed again')),
    passkeys: Type.Optional(
      Type.Object({ deleted: count('Over all attempts'), remaining: known('Read back') })
    ),
    shares: Type.Optional(
      Type.Object({
        deleted: count('Over all attempts'),
        publicLinks: known('Public links that are left'),
        federatedShares: known('Shares with other servers that are left')
      })
    ),
    kept: Type.Optional(
      Type.Object(
        { sessions: Type.Optional(count('Browser sessions')), appPasswords: count('App passwords') },
        { description: 'Not asked to be revoked' }
      )
    ),
    wipe: Type.Optional(
      Type.Literal('asked', { description: 'Nextcloud tells each device when it next calls' })
    ),
    wipePending: Type.Optional(known('Devices that were told to wipe and have not reported yet')),
    earlierResetLink: Type.Optional(
      Type.Enum(['dead', 'unknown'], { description: 'A reset link mailed earlier' })
    ),
    enabled: Type.Optional(Type.Boolean({ description: 'Read back: whether Nextcloud lets the user in' })),
    windows: Type.Optional(
      Type.Array(Type.Object({ from: Time, to: TimeOrNull }), {
        description:
          'When a disabled user was enabled, to log in as the user and revoke: nobody knew the password then'
      })
    ),
    groupsRemoved: Type.Optional(Type.Array(Type.String())),
    groupsRestored: Type.Optional(Type.Array(Type.String())),
    groupsMissing: Type.Optional(
      Type.Array(Type.String(), { description: 'To be restored, but Nextcloud has them no more' })
    ),
    residualAccess: Type.Optional(ResidualAccess),
    deletion: Type.Optional(
      Type.Object(
        { operation: Type.String({ description: 'Path of the operation that will delete' }), at: Time },
        { description: 'A deletion that was put off' }
      )
    ),
    deleted: Type.Optional(
      Type.Boolean({ description: '`false`: the account was gone before Locksmith asked' })
    ),
    notice: Type.Optional(Type.Object({ to: Type.String(), delivery: Delivery })),
    mail: Type.Optional(
      Type.Object({
        via: Mail,
        delivery: Delivery,
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
        '`waiting`: it goes on by itself at `resumeAt`. `scheduled`: it begins at `resumeAt`. `awaiting-approval`: it begins once a second person agrees. `failed`: nothing was changed. `needs-attention`: something was or may have been changed, or could not be done, and a person has to look; `retry` goes on'
    }),
    reason: Type.Union([Type.String(), Type.Null()]),
    mail: Mail,
    revoke: Revoke,
    options: OptionsView,
    steps: Type.Array(StepView),
    outcome: OutcomeView,
    problem: { ...Maybe, description: 'Why it is not `succeeded`: a problem (RFC 9457)' },
    resumeAt: {
      ...TimeOrNull,
      description: 'When it is tried again, while it waits; when it begins, while it is scheduled'
    },
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
    approval: Type.Union([Type.String(), Type.Null()], {
      description: 'Path of the approval that it waits for, or that let it go on'
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
  const { reason, mail, revoke, ...options } = input
  return {
    id: operation.id,
    kind: operation.kind,
    userId: operation.userId,
    state: operation.state,
    reason: reason ?? null,
    mail,
    revoke,
    options,
    steps: steps.map(viewOfStep),
    outcome: outcomeOf(steps),
    problem: operation.problem,
    resumeAt: time(operation.resumeAt),
    supersededBy: operation.supersededBy,
    approval: operation.approvalId === null ? null : `/approvals/${operation.approvalId}`,
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
