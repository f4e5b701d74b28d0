import Type, { type Static } from 'typebox'
import { type Approval, approvalStates, hashOf } from '../guard/approval.ts'
import { brakes, campaignBrakes } from '../guard/brake.ts'
import type { Target } from './approvals.sql.ts'
import { Mail, Revoke, Time, TimeOrNull } from './operation.schema.ts'
import { type Input, kinds, states } from './operation.ts'
import { OptionsView } from './options.schema.ts'

const TextOrNull = Type.Union([Type.String(), Type.Null()])

const summary = {
  id: Type.String({ format: 'uuid' }),
  state: Type.Enum([...approvalStates]),
  action: Type.Object(
    {
      kind: Type.Enum([...kinds, 'audit-prune']),
      mail: Type.Optional(Mail),
      revoke: Type.Optional(Revoke),
      options: Type.Optional(OptionsView),
      pruning: Type.Optional(
        Type.Object(
          {
            before: Time,
            size: Type.Integer({ minimum: 1, description: 'So many leaves of the audit log are gone then' }),
            events: Type.Integer({ minimum: 1, description: 'How many of them are there now' })
          },
          {
            description:
              'Of `audit-prune`, which has no list: the events of the audit log that are to be deleted'
          }
        )
      )
    },
    { description: 'What is to be done to everyone on the list' }
  ),
  brakes: Type.Array(Type.Enum([...brakes, ...campaignBrakes]), { description: 'Which ones are reached' }),
  requestedBy: Type.String(),
  owner: Type.String({ description: 'Who answers for the key that asked: somebody else has to approve' }),
  createdAt: Time,
  gathering: Type.Boolean({
    description: 'The list is still being written, by a campaign: it can be decided once it is whole'
  }),
  expiresAt: { ...Time, description: 'Then nothing is done' },
  decidedAt: TimeOrNull,
  decidedBy: TextOrNull,
  reason: { ...TextOrNull, description: 'Of the decision' }
}

export const ApprovalView = Type.Object({
  ...summary,
  targets: Type.Integer({ minimum: 0, description: 'How many users' })
})
export type ApprovalView = Static<typeof ApprovalView>

export const ApprovalDetail = Type.Object({
  ...summary,
  hash: Type.String({ description: 'SHA-256 over the action and the exact list: what you approve' }),
  targets: Type.Array(
    Type.Object({
      userId: Type.String(),
      operation: Type.String({ description: 'Path of the operation' }),
      state: Type.Enum([...states]),
      reason: TextOrNull
    })
  ),
  dryRun: Type.Optional(Type.Literal(true, { description: 'Nothing was decided: so it would be' }))
})
export type ApprovalDetail = Static<typeof ApprovalDetail>

function actionOf({ kind, input }: Approval['action']): ApprovalView['action'] {
  if (kind === 'audit-prune')
    return { kind, pruning: input as NonNullable<ApprovalView['action']['pruning']> }
  const { mail, revoke, ...options } = input as Input
  return { kind: kind as ApprovalView['action']['kind'], mail, revoke, options }
}

const viewOf = (approval: Approval) => {
  return {
    id: approval.id,
    state: approval.state,
    action: actionOf(approval.action),
    brakes: approval.brakes as ApprovalView['brakes'],
    requestedBy: approval.requestedBy,
    owner: approval.owner,
    createdAt: approval.createdAt.toISOString(),
    gathering: approval.gathering,
    expiresAt: approval.expiresAt.toISOString(),
    decidedAt: approval.decidedAt?.toISOString() ?? null,
    decidedBy: approval.decidedBy,
    reason: approval.reason
  }
}

export const summaryOf = (approval: Approval, targets: number): ApprovalView => ({
  ...viewOf(approval),
  targets
})

export const detailOf = (approval: Approval, targets: Target[]): ApprovalDetail => ({
  ...viewOf(approval),
  hash:
    approval.hash ??
    hashOf(
      approval.action,
      targets.map(({ userId }) => userId)
    ),
  targets: targets.map(({ operationId, ...target }) => ({
    ...target,
    operation: `/operations/${operationId}`
  }))
})
