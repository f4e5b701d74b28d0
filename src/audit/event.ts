import type { Problem } from '../errors.ts'

/**
 * Who did it: an API key, the subject of an access token, an issuer of security events (its URL), Locksmith itself,
 * someone at its host's command line; a campaign (its id), or whoever followed a link of one: the user (id), or a
 * customer's contact (mail address).
 */
export type Actor =
  | `key:${string}`
  | `oidc:${string}`
  | `issuer:${string}`
  | `campaign:${string}`
  | `user:${string}`
  | `contact:${string}`
  | 'system'
  | 'host'

type Of<Action extends string, Details extends object = Record<never, never>> = {
  action: Action
  actor: Actor
  /** Whom it is about. */
  userId?: string
  operationId?: string
  campaignId?: string
  requestId?: string
  /** Where the request came from. Left out: of the request that is being answered, if it is the one of `requestId`. */
  sourceAddress?: string
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

/** @property round its number, from 1 */
type InRound = { round: number }

type StepDetails = { step: string; attempt: number }

/**
 * A signal that led to nothing: why not. @property event last part of its type, such as `session-revoked`
 */
type IgnoredSignal = { event: string; signal: string; because: string }

/** @property origin of its URL: the rest of that may be a secret of the receiver @property events absent: all */
type Webhook = { webhook: string; origin: string; events?: string[] }
type OfWebhook =
  | Of<'webhook.created', Webhook>
  | Of<'webhook.changed', Webhook & { enabled?: boolean }>
  | Of<'webhook.rotated', { webhook: string; overlap: string }>
  | Of<'webhook.deleted', Webhook>
  | Of<'webhook.disabled', { webhook: string; origin: string; because: 'gone' | 'failing' }>
  | Of<'webhook.replayed', { webhook: string; delivery: string }>

/** @property origin as of a webhook @property events absent: all that there are */
type Stream = { stream: string; origin: string; events?: string[] }
type OfStream =
  | Of<'stream.created', Stream>
  | Of<'stream.changed', Stream & { status?: 'enabled' | 'paused' | 'disabled' }>
  | Of<'stream.deleted', Stream>
  | Of<'stream.disabled', { stream: string; origin: string; because: 'gone' | 'failing' }>

/**
 * Everything that is ever written to the audit: a closed union, so that no secret finds a member to hide in. Version 1:
 * what an action's details are never changes; what would be other details is another action, or another version.
 */
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
  | Of<'key.address-refused'>
  /** Into the console; the actor is the key, or the person. */
  | Of<'console.signed-in', { expiresAt: string }>
  | Of<'console.signed-out'>
  | Of<'service.stopped', { reason?: string }>
  | Of<'service.resumed'>
  | Of<'campaign.created', { name: string; definition: object }>
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
  | Of<'signal.ignored', IgnoredSignal>
  | OfStream
  /** Events from before there was a tree were taken into it, as they were. */
  | Of<'audit.adopted', { events: number }>
  /** Checkpoints are signed by another key from here on. */
  | Of<'audit.key-changed', { from: string; to: string }>
  /** @property rows SHA-256 over their seqs in ascending order, with commas between them; in hex */
  | Of<'audit.pseudonymised', { pseudonym: string; events: number; rows: string; reason?: string }>
  /** @property size so many leaves were deleted @property frontier of a tree of them, in hex */
  | Of<'audit.pruned', { before: string; size: number; events: number; frontier: string[]; approval: string }>
  /** It goes on after a loss that somebody knows of. @property lost the last checkpoint that left the house */
  | Of<'audit.went-on-after-loss', { size: number; lost: string; reason?: string }>

/** What an event says of how something went. As in the Elastic Common Schema's `event.outcome`. */
export const outcomes = ['success', 'failure', 'unknown'] as const
export type EventOutcome = (typeof outcomes)[number]

/** Every action, and what it says of how something went; null: nothing, it began or was decided. */
export const outcomeOfAction = {
  'operation.requested': null,
  'operation.superseded': null,
  'operation.held': null,
  'operation.approved': null,
  'operation.retried': null,
  'operation.cancelled': null,
  'operation.stop-requested': null,
  'operation.taken-over': null,
  'operation.user-let-in': 'failure',
  'operation.succeeded': 'success',
  'operation.failed': 'failure',
  'operation.needs-attention': 'failure',
  'step.intended': null,
  'step.done': 'success',
  'step.skipped': null,
  'step.waiting': null,
  'step.failed': 'failure',
  'step.unknown': 'unknown',
  'step.undo-intended': null,
  'step.undone': 'success',
  'approval.approved': null,
  'approval.rejected': null,
  'approval.expired': null,
  'key.created': 'success',
  'key.revoked': 'success',
  'key.rotated': 'success',
  'key.address-refused': 'failure',
  'console.signed-in': 'success',
  'console.signed-out': 'success',
  'service.stopped': 'success',
  'service.resumed': 'success',
  'campaign.created': 'success',
  'campaign.started': 'success',
  'campaign.opened': 'success',
  'campaign.aborted': 'failure',
  'campaign.paused': 'success',
  'campaign.resumed': 'success',
  'campaign.extended': 'success',
  'campaign.time-given-back': null,
  'campaign.closed': null,
  'campaign.round-ended': 'success',
  'campaign.cancelled': 'success',
  'participant.mailed': null,
  'participant.bounced': 'failure',
  'participant.answered': 'success',
  'participant.spared': null,
  'nextcloud.credentials-refused': 'failure',
  'signal.ignored': null,
  'webhook.created': 'success',
  'webhook.changed': 'success',
  'webhook.rotated': 'success',
  'webhook.deleted': 'success',
  'webhook.disabled': 'failure',
  'webhook.replayed': 'success',
  'stream.created': 'success',
  'stream.changed': 'success',
  'stream.deleted': 'success',
  'stream.disabled': 'failure',
  'audit.adopted': 'success',
  'audit.key-changed': 'success',
  'audit.pseudonymised': 'success',
  'audit.pruned': 'success',
  'audit.went-on-after-loss': 'success'
} as const satisfies Record<AuditEvent['action'], EventOutcome | null>

export const auditActions = Object.keys(outcomeOfAction) as AuditEvent['action'][]
