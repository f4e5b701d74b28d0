import Type, { type Static } from 'typebox'
import { readTime } from '../http/time.ts'
import { UserId } from '../http/user-id.ts'
import type { AuditFilter, AuditRow } from './audit.sql.ts'
import { auditActions, outcomeOfAction, outcomes } from './event.ts'

const OrNull = (schema: { format?: 'uuid' }) => Type.Union([Type.String(schema), Type.Null()])

export const Outcome = Type.Union([Type.Enum([...outcomes]), Type.Null()], {
  description: 'What the event says of how something went; null: nothing, it began or was decided'
})

export const AuditView = Type.Object(
  {
    seq: Type.Integer({
      minimum: 1,
      description: 'Later events have higher ones; some numbers are left out'
    }),
    at: Type.String({ format: 'date-time' }),
    action: Type.Enum([...auditActions]),
    outcome: Outcome,
    actor: Type.String({
      description:
        'The API key (`key:…`) or the subject of an access token (`oidc:<issuer>#<sub>`), an issuer of security events (`issuer:…`), a campaign (`campaign:…`) or who answered one (`user:…`, `contact:…`), Locksmith itself (`system`), or someone at its command line (`host`)'
    }),
    userId: { ...OrNull({}), description: 'Whom it is about' },
    operationId: OrNull({ format: 'uuid' }),
    campaignId: OrNull({ format: 'uuid' }),
    requestId: { ...OrNull({}), description: '`X-Request-Id` of the request that led to it' },
    sourceAddress: { ...OrNull({}), description: 'Where that request came from' },
    details: Type.Object({}, { additionalProperties: true, description: 'Other members for each action' }),
    index: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()], {
      description: 'Its leaf in the tree; null: not sealed yet, which takes a second at most'
    })
  },
  {
    $id: 'AuditEvent',
    description:
      'What was done, or was about to be: an effect is written before it is tried. Who was erased appears by a pseudonym'
  }
)
export type AuditView = Static<typeof AuditView>

export const viewOf = ({ at, ...row }: AuditRow): AuditView => ({
  ...row,
  at: at.toISOString(),
  outcome: outcomeOfAction[row.action]
})

/** What events can be looked for by; all that are given hold. */
export const filterQuery = {
  userId: Type.Optional(UserId),
  actor: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 500,
      description: 'Who did it, as `actor` says: `key:4kT0bXr2LmQz`'
    })
  ),
  action: Type.Optional(Type.Enum([...auditActions])),
  outcome: Type.Optional(
    Type.Enum([...outcomes, 'none'], {
      description: 'How it went; `none`: of events that say nothing of that'
    })
  ),
  operationId: Type.Optional(Type.String({ format: 'uuid', description: 'Of this operation only' })),
  campaignId: Type.Optional(
    Type.String({
      format: 'uuid',
      description: 'Of this campaign only, with the operations that followed from it'
    })
  ),
  reason: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'A part of the reason that was given, in whatever case'
    })
  ),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Not before this time' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Before this time' }))
}

type Asked = Omit<AuditFilter, 'from' | 'to'> & { from?: string; to?: string }

/** @throws DomainError invalid-request */
export const readFilter = ({ from, to, ...filter }: Asked): AuditFilter => ({
  ...filter,
  ...(from !== undefined && { from: readTime('querystring/from', from) }),
  ...(to !== undefined && { to: readTime('querystring/to', to) })
})
