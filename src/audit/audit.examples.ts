import type { AuditView } from './audit.routes.ts'

// As the sandbox's alice leaves them when she is reset; newest first.

const about = {
  userId: 'alice',
  operationId: '01a20925-a3e6-7000-811c-b7882fb9886f'
}

export const auditExamples: AuditView[] = [
  {
    ...about,
    seq: 38,
    at: '2026-11-23T16:03:11.510Z',
    action: 'step.done',
    actor: 'system',
    requestId: null,
    details: {
      step: 'revoke-tokens',
      attempt: 1,
      outcome: {
        passwordReplaced: true,
        revoked: { sessions: 2, appPasswords: 3 },
        remaining: 0,
        earlierResetLink: 'dead',
        passkeys: { deleted: 0, remaining: 0 }
      }
    }
  },
  {
    ...about,
    seq: 37,
    at: '2026-11-23T16:03:11.498Z',
    action: 'step.intended',
    actor: 'system',
    requestId: null,
    details: { step: 'revoke-tokens', attempt: 1 }
  },
  {
    ...about,
    seq: 36,
    at: '2026-11-23T16:03:11.465Z',
    action: 'operation.requested',
    actor: 'key:first',
    requestId: '01a20925-a3dc-7000-9221-06dc5467591c',
    details: { kind: 'reset', mail: 'nextcloud', reason: 'phone lost', revoke: 'all' }
  }
]
