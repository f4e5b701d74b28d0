import Type, { type Static } from 'typebox'
import { brakes } from '../guard/brake.ts'
import { named } from '../http/answer.ts'
import { driverNames } from '../revocation/driver.ts'
import type { Plan } from './dry-run.ts'
import { Mail, Maybe, Revoke } from './operation.schema.ts'
import { kinds, type Operation, states } from './operation.ts'
import { OptionsView } from './options.schema.ts'

/** For the query of what changes something. */
export const dryRun = Type.Optional(
  Type.Boolean({ description: '`true`: says what would come of it, and changes nothing anywhere' })
)
export const DryRunQuery = Type.Object({ dryRun }, { additionalProperties: false })

/** For `addSchema`; routes name it by `DryRunView`. */
export const dryRunSchema = Type.Object(
  {
    dryRun: Type.Literal(true),
    kind: Type.Enum([...kinds]),
    userId: Type.String({ description: 'As Nextcloud writes it' }),
    would: Type.Enum([...states, 'refused'] as const, {
      description: 'How it would begin; `refused`: not at all, and `problem` says why'
    }),
    mail: Mail,
    revoke: Revoke,
    options: OptionsView,
    steps: Type.Array(
      Type.Object({
        name: Type.String(),
        problem: { ...Maybe, description: 'Why this step would not be done' }
      }),
      { description: 'In this order' }
    ),
    driver: Type.Union(
      [Type.Object({ name: Type.Enum([...driverNames]), because: Type.String() }), Type.Null()],
      { description: 'How sessions and app passwords would be revoked' }
    ),
    brakes: Type.Array(
      Type.Object({
        brake: Type.Enum([...brakes]),
        used: Type.Integer({ minimum: 0, description: 'Users in the last 24 hours, this one left out' }),
        most: Type.Integer({ minimum: 0, description: 'So many may be; above it a second person is asked' })
      })
    ),
    estimate: Type.Union(
      [
        Type.Object({
          finishedAt: Type.String({ format: 'date-time' }),
          ahead: Type.Integer({ minimum: 0, description: 'Operations before it in the line' })
        }),
        Type.Null()
      ],
      { description: 'When it would be over, by what Nextcloud allows in a time; null: at once' }
    ),
    problem: { ...Maybe, description: 'Why it would wait or be refused: a problem (RFC 9457)' }
  },
  { $id: 'DryRun', description: 'What would come of it: nothing was changed' }
)
export const DryRunView = named(dryRunSchema)
export type DryRunView = Static<typeof dryRunSchema>

export function viewOfPlan({ input, estimate, ...plan }: Plan): DryRunView {
  const { reason: _, mail, revoke, ...options } = input
  return {
    dryRun: true,
    ...plan,
    driver: plan.driver ?? null,
    mail,
    revoke,
    options,
    estimate: estimate && { ...estimate, finishedAt: estimate.finishedAt.toISOString() }
  }
}

/** What would come of letting one go on, or stopping it. */
export const viewOfTried = ({ kind, userId, input, state, steps, problem }: Operation): DryRunView =>
  viewOfPlan({
    kind,
    userId,
    input,
    would: state,
    steps: steps
      .filter((step) => step.state === 'pending' || step.state === 'waiting' || step.state === 'started')
      .map(({ name }) => ({ name, problem: null })),
    driver: null,
    brakes: [],
    estimate: null,
    problem
  })
