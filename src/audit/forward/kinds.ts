import type { AuditEvent } from '../event.ts'

/** What ECS calls an event: `event.category` and the `event.type`s that it allows beside it. */
export type EcsKind = { category: EcsCategory; type: EcsType[] }
export type EcsCategory = 'iam' | 'configuration' | 'authentication' | 'email'
export type EcsType = 'admin' | 'change' | 'creation' | 'deletion' | 'end' | 'info' | 'start' | 'user'

const aboutUser: EcsKind = { category: 'iam', type: ['user', 'info'] }
const userChanged: EcsKind = { category: 'iam', type: ['user', 'change'] }
const decided: EcsKind = { category: 'iam', type: ['admin', 'info'] }
const set: EcsKind = { category: 'configuration', type: ['change'] }
const mail: EcsKind = { category: 'email', type: ['info'] }
const login: EcsKind = { category: 'authentication', type: ['start'] }

/**
 * What each event is to ECS 8: an event without a row here does not compile. `change` is said only of what may have
 * changed a user; what was asked for, planned or decided is `info`. Campaigns and the stop are settings of Locksmith.
 */
export const ecsKinds: Record<AuditEvent['action'], EcsKind> = {
  'operation.requested': aboutUser,
  'operation.superseded': aboutUser,
  'operation.held': aboutUser,
  'operation.approved': aboutUser,
  'operation.retried': aboutUser,
  'operation.cancelled': aboutUser,
  'operation.stop-requested': aboutUser,
  'operation.taken-over': aboutUser,
  'operation.user-let-in': userChanged,
  'operation.succeeded': userChanged,
  'operation.failed': aboutUser, // an operation that touched the user ends as needs-attention
  'operation.needs-attention': userChanged,
  'step.intended': aboutUser,
  'step.done': userChanged,
  'step.skipped': aboutUser,
  'step.waiting': aboutUser,
  'step.failed': aboutUser,
  'step.unknown': userChanged,
  'step.undo-intended': aboutUser,
  'step.undone': userChanged,
  'approval.approved': decided,
  'approval.rejected': decided,
  'approval.expired': decided,
  'key.created': { category: 'iam', type: ['admin', 'creation'] },
  'key.revoked': { category: 'iam', type: ['admin', 'deletion'] },
  'key.rotated': { category: 'iam', type: ['admin', 'change'] },
  'key.address-refused': login,
  'console.signed-in': login,
  'console.signed-out': { category: 'authentication', type: ['end'] },
  'service.stopped': set,
  'service.resumed': set,
  'campaign.created': { category: 'configuration', type: ['creation'] },
  'campaign.started': set,
  'campaign.opened': set,
  'campaign.aborted': set,
  'campaign.paused': set,
  'campaign.resumed': set,
  'campaign.extended': set,
  'campaign.time-given-back': set,
  'campaign.closed': set,
  'campaign.round-ended': set,
  'campaign.cancelled': set,
  'participant.mailed': mail,
  'participant.bounced': mail,
  'participant.answered': aboutUser,
  'participant.spared': aboutUser,
  'signal.ignored': aboutUser,
  'webhook.created': { category: 'configuration', type: ['creation'] },
  'webhook.changed': set,
  'webhook.rotated': set,
  'webhook.deleted': { category: 'configuration', type: ['deletion'] },
  'webhook.disabled': set,
  'webhook.replayed': { category: 'configuration', type: ['info'] },
  'stream.created': { category: 'configuration', type: ['creation'] },
  'stream.changed': set,
  'stream.deleted': { category: 'configuration', type: ['deletion'] },
  'stream.disabled': set,
  'audit.adopted': { category: 'configuration', type: ['info'] },
  'audit.key-changed': set,
  'audit.pseudonymised': { category: 'iam', type: ['user', 'deletion'] },
  'audit.pruned': { category: 'configuration', type: ['deletion'] },
  'audit.went-on-after-loss': set,
  'nextcloud.credentials-refused': login
}
