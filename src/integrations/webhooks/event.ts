/** What receivers are told of. Thin: what happened to what, and where to ask for the rest. */
import type { AuditEvent } from '../../audit/event.ts'

export const webhookTypes = [
  'operation.awaiting-approval',
  'operation.succeeded',
  'operation.failed',
  'operation.needs-attention',
  'operation.cancelled',
  'approval.requested',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'campaign.opened',
  'campaign.aborted',
  'campaign.paused',
  'campaign.resumed',
  'campaign.closed',
  'campaign.round-ended',
  'campaign.cancelled',
  'service.stopped',
  'service.resumed',
  'webhook.test'
] as const
export type WebhookType = (typeof webhookTypes)[number]

/** What can be subscribed to: the test is sent to whoever asks for it. */
export const subscribable = webhookTypes.filter((type) => type !== 'webhook.test')

/** Paths are those of the API; ids of users are the only thing about a person. */
export type WebhookData = {
  operation?: string
  /** What is done to the user: `reset`, `offboard` … */
  kind?: string
  userId?: string
  /** The code of the problem: why it failed or needs attention. */
  problem?: string
  supersededBy?: string
  approval?: string
  /** How many users are on the list that was decided about. */
  targets?: number
  campaign?: string
  round?: number
  webhook?: string
}

export type WebhookEvent = {
  type: WebhookType
  data: WebhookData
  /** Of whom the kind of operation is to be told, where the event itself does not say it. */
  kindOf?: string
}

type Endings = 'succeeded' | 'failed' | 'needs-attention' | 'cancelled'
type OfOperation = Extract<AuditEvent, { action: `operation.${Endings}` }>

/**
 * What the audit says is what receivers are told, so that nothing happens of which they are not.
 * @returns undefined for what is no business of theirs
 */
export function webhookOf(event: AuditEvent): WebhookEvent | undefined {
  switch (event.action) {
    case 'operation.succeeded':
    case 'operation.failed':
    case 'operation.needs-attention':
    case 'operation.cancelled':
      return ofOperation(
        event.action,
        event,
        'problem' in event.details ? event.details.problem.code : undefined
      )
    case 'operation.superseded':
      return withData(ofOperation('operation.cancelled', event), {
        supersededBy: `/operations/${event.details.by}`
      })
    case 'operation.held':
      return withData(ofOperation('operation.awaiting-approval', event), {
        kind: event.details.kind,
        approval: `/approvals/${event.details.approval}`
      })
    case 'approval.approved':
    case 'approval.rejected':
    case 'approval.expired': {
      const { approval, kind, targets } = event.details
      return { type: event.action, data: { approval: `/approvals/${approval}`, kind, targets } }
    }
    case 'campaign.opened':
    case 'campaign.aborted':
    case 'campaign.paused':
    case 'campaign.resumed':
    case 'campaign.closed':
    case 'campaign.round-ended':
    case 'campaign.cancelled': {
      const { round } = event.details
      return { type: event.action, data: { campaign: `/campaigns/${event.campaignId}`, round } }
    }
    case 'service.stopped':
    case 'service.resumed':
      return { type: event.action, data: {} }
    default:
      return undefined
  }
}

type About = Pick<OfOperation, 'operationId' | 'userId'>

const ofOperation = (type: WebhookType, { operationId, userId }: About, problem?: string): WebhookEvent => ({
  type,
  data: {
    operation: `/operations/${operationId}`,
    ...(userId !== undefined && { userId }),
    ...(problem !== undefined && { problem })
  },
  ...(operationId !== undefined && { kindOf: operationId })
})

const withData = (event: WebhookEvent, data: WebhookData): WebhookEvent => ({
  ...event,
  data: { ...event.data, ...data }
})
