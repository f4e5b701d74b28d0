import type { Problem } from '../errors.ts'

/**
 * Who did it: an API key, the subject of an access token, Locksmith itself, someone at its host's command line; a
 * campaign (its id), or whoever followed a link of one: the user (id), or a customer's contact (mail address).
 */
export type Actor =
  | `key:${string}`
  | `oidc:${string}`
  | `campaign:${string}`
  | `user:${string}`
  | `contact:${string}`
  | 'system'
  | 'host'

type Of<Action extends string, Details extends object = Record<never, never>> = {
  action: Action
  actor: Actor
  userId?: string
  operationId?: string
  requestId?: string
  details: Details
}

/** What was asked for, option by option. */
type Asked = {
  kind: string
  reason?: string
  mail: string
  revoke: string
  twoFactor?: string
  acceptDataLoss?: boolean
  replacePassword?: boolean
  only?: { kind?: string; lastUsedBefore?: string; tokenId?: number }
  wipe?: boolean
  passkeys?: string
  shares?: string
  groups?: 'all' | string[]
  restoreGroups?: boolean
  manager?: string
  deleteAfter?: string
  campaign?: { id: string; round: number; because: string }
  /** Of one that begins later. */
  scheduledAt?: string
}

/** A second person's answer. @property hash of the action and the exact list of users */
type Decided = { approval: string; kind: string; targets: number; hash: string; reason?: string }
type NewKey = {
  keyId: string
  name: string
  scopes: string[]
  owner: string
  requireIdempotencyKey?: true
  expiresAt?: string
  allowedCidrs?: string[]
  allowedGroups?: string[]
}

/** @property campaign its id @property round the number of the round, from 1 */
type InRound = { campaign: string; round: number }

type StepDetails = { step: string; attempt: number }

/** @property origin of its URL: the rest of that may be a secret of the receiver @property events absent: all */
type Webhook = { webhook: string; origin: string; events?: string[] }
type OfWebhook =
  | Of<'webhook.created', Webhook>
  | Of<'webhook.changed', Webhook & { enabled?: boolean }>
  | Of<'webhook.rotated', { webhook: string; overlap: string }>
  | Of<'webhook.deleted', Webhook>
  | Of<'webhook.disabled', { webhook: string; origin: string; because: 'gone' | 'failing' }>
  | Of<'webhook.replayed', { webhook: string; delivery: string }>

/** Everything that is ever written to the audit: a closed union, so that no secret finds a member to hide in. */
export type AuditEvent =
  | Of<'operation.requested', Asked>
  | Of<'operation.superseded', { by: string }>
  | Of<
      'operation.held',
      { approval: string; kind: string; brakes: { brake: string; used: number; most: number }[] }
    >
  | Of<'operation.approved', { approval: string }>
  | Of<'operation.retried'>
  | Of<'operation.cancelled'>
  | Of<'operation.stop-requested'>
  | Of<'operation.taken-over', { from: 'dead-process' | 'lost-worker' | 'shutdown' }>
  /** It ends while the user, whom it let in for a moment, is still let in. */
  | Of<'operation.user-let-in', { step: string; problem: Problem }>
  | Of<'operation.succeeded', { outcome: object }>
  | Of<'operation.failed', { problem: Problem }>
  | Of<'operation.needs-attention', { problem: Problem; outcome: object }>
  | Of<'step.intended', StepDetails>
  | Of<'step.done', StepDetails & { outcome: object }>
  | Of<'step.skipped', StepDetails & { outcome: object; problem?: Problem }>
  | Of<'step.waiting', StepDetails & { problem: Problem; resumeAt: string | null }>
  | Of<'step.failed', StepDetails & { problem: Problem }>
  | Of<'step.unknown', StepDetails & { problem: Problem; outcome?: object }>
  | Of<'step.undo-intended', StepDetails>
  | Of<'step.undone', StepDetails>
  | Of<'approval.approved', Decided>
  | Of<'approval.rejected', Decided>
  | Of<'approval.expired', Decided>
  | Of<'key.created', NewKey>
  | Of<'key.revoked', { keyId: string; name: string }>
  | Of<'key.rotated', { keyId: string; to: string; overlap: string }>
  | Of<'key.address-refused', { address: string }>
  | Of<'service.stopped', { reason?: string }>
  | Of<'service.resumed'>
  | Of<'campaign.created', { campaign: string; name: string; definition: object }>
  | Of<'campaign.started', InRound & { anyway?: true }>
  | Of<'campaign.opened', InRound & { listed: number; matched: number; asked: number }>
  | Of<'campaign.aborted', InRound & { problem: Problem }>
  | Of<'campaign.paused', InRound>
  | Of<'campaign.resumed', InRound>
  | Of<'campaign.extended', InRound & { by: string }>
  | Of<'campaign.time-given-back', InRound & { seconds: number }>
  | Of<'campaign.closed', InRound & { counts: Record<string, number>; brakes: string[] }>
  | Of<'campaign.round-ended', InRound & { counts: Record<string, number>; manifest: Record<string, string> }>
  | Of<'campaign.cancelled', InRound>
  | Of<'participant.mailed', InRound & { mail: string; number: number; state: string }>
  | Of<'participant.bounced', InRound & { mail: string; bounce: 'soft' | 'hard'; said: string }>
  | Of<'participant.answered', InRound & { answer: string; reason?: string }>
  | Of<'participant.spared', InRound & { because: string; problem?: Problem }>
  | Of<'nextcloud.credentials-refused', { adminUser: string }>
  | OfWebhook

export const auditActions = [
  'operation.requested',
  'operation.superseded',
  'operation.held',
  'operation.approved',
  'operation.retried',
  'operation.cancelled',
  'operation.stop-requested',
  'operation.taken-over',
  'operation.user-let-in',
  'operation.succeeded',
  'operation.failed',
  'operation.needs-attention',
  'step.intended',
  'step.done',
  'step.skipped',
  'step.waiting',
  'step.failed',
  'step.unknown',
  'step.undo-intended',
  'step.undone',
  'approval.approved',
  'approval.rejected',
  'approval.expired',
  'key.created',
  'key.revoked',
  'key.rotated',
  'key.address-refused',
  'service.stopped',
  'service.resumed',
  'campaign.created',
  'campaign.started',
  'campaign.opened',
  'campaign.aborted',
  'campaign.paused',
  'campaign.resumed',
  'campaign.extended',
  'campaign.time-given-back',
  'campaign.closed',
  'campaign.round-ended',
  'campaign.cancelled',
  'participant.mailed',
  'participant.bounced',
  'participant.answered',
  'participant.spared',
  'nextcloud.credentials-refused',
  'webhook.created',
  'webhook.changed',
  'webhook.rotated',
  'webhook.deleted',
  'webhook.disabled',
  'webhook.replayed'
] as const satisfies AuditEvent['action'][]
