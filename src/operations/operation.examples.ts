import type { OperationView } from './operation.schema.ts'

// As the sandbox answers: a test resets its alice and compares.

const id = '01a20925-a3e6-7000-811c-b7882fb9886f'
const user = {
  id: 'alice',
  displayName: 'Alice Archer',
  mailAddress: 'alice@acme.example',
  language: 'en',
  lastLogin: '2026-11-23T16:03:11.000Z'
}
const revoked = {
  revoked: { sessions: 2, appPasswords: 3 },
  remaining: 0,
  resetLink: 'dead' as const
}
const mail = { via: 'nextcloud' as const, delivery: 'requested' as const, to: 'alice@acme.example' }

type StepView = OperationView['steps'][number]

const pending = (name: string): StepView => ({
  name,
  state: 'pending',
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  outcome: null,
  problem: null
})
const done = (name: string, startedAt: string, finishedAt: string, outcome: object): StepView => ({
  name,
  state: 'done',
  attempts: 1,
  startedAt,
  finishedAt,
  outcome,
  problem: null
})

const reset = {
  id,
  kind: 'reset',
  userId: 'alice',
  reason: 'phone lost',
  mail: 'nextcloud',
  revoke: 'all',
  problem: null,
  resumeAt: null,
  supersededBy: null,
  requestedBy: 'key:first',
  createdAt: '2026-11-23T16:03:11.462Z'
} as const

export const resetQueued: OperationView = {
  ...reset,
  state: 'queued',
  steps: ['check-user', 'replace-password', 'revoke-tokens', 'send-reset-mail'].map(pending),
  outcome: {},
  finishedAt: null
}

const resetUntilMail = [
  done('check-user', '2026-11-23T16:03:11.482Z', '2026-11-23T16:03:11.488Z', { user }),
  done('replace-password', '2026-11-23T16:03:11.490Z', '2026-11-23T16:03:11.495Z', {
    passwordReplaced: true
  }),
  done('revoke-tokens', '2026-11-23T16:03:11.498Z', '2026-11-23T16:03:11.509Z', revoked)
]

export const resetSucceeded: OperationView = {
  ...reset,
  state: 'succeeded',
  steps: [
    ...resetUntilMail,
    done('send-reset-mail', '2026-11-23T16:03:11.511Z', '2026-11-23T16:03:11.518Z', { mail })
  ],
  outcome: { user, passwordReplaced: true, ...revoked, mail },
  finishedAt: '2026-11-23T16:03:11.519Z'
}

const resetMail = {
  ...reset,
  id: '01a20925-b102-7000-9c1e-5d0a3f6c7e21',
  kind: 'reset-mail',
  reason: 'asked by phone',
  revoke: 'none',
  createdAt: '2026-11-23T16:03:14.818Z'
} as const

export const resetMailQueued: OperationView = {
  ...resetMail,
  state: 'queued',
  steps: ['check-user', 'send-reset-mail'].map(pending),
  outcome: {},
  finishedAt: null
}

export const resetMailSucceeded: OperationView = {
  ...resetMail,
  state: 'succeeded',
  steps: [
    done('check-user', '2026-11-23T16:03:14.836Z', '2026-11-23T16:03:14.849Z', { user }),
    done('send-reset-mail', '2026-11-23T16:03:14.851Z', '2026-11-23T16:03:14.860Z', { mail })
  ],
  outcome: { user, mail },
  finishedAt: '2026-11-23T16:03:14.862Z'
}
