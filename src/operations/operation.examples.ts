import { problemOf } from '../errors.ts'
import type { OperationView } from './operation.schema.ts'

// As the sandbox answers: a test resets its alice and compares.

export const user = {
  id: 'alice',
  displayName: 'Alice Archer',
  mailAddress: 'alice@acme.example',
  language: 'en',
  enabled: true,
  backend: 'Database',
  lastLogin: '2026-11-23T16:03:11.000Z'
}
export const driver = {
  name: 'session' as const,
  because: 'nothing else is configured, and the password may be replaced'
}
export const revoked = {
  passwordReplaced: true as const,
  revoked: { sessions: 2, appPasswords: 3 },
  remaining: 0,
  earlierResetLink: 'dead' as const,
  passkeys: { deleted: 0, remaining: 0 }
}
export const mail = { via: 'nextcloud' as const, delivery: 'requested' as const, to: 'alice@acme.example' }

export type StepView = OperationView['steps'][number]

export const pending = (name: string): StepView => ({
  name,
  state: 'pending',
  attempts: 0,
  startedAt: null,
  finishedAt: null,
  outcome: null,
  problem: null
})
export const done = (name: string, startedAt: string, finishedAt: string, outcome: object): StepView => ({
  name,
  state: 'done',
  attempts: 1,
  startedAt,
  finishedAt,
  outcome,
  problem: null
})

type Progress = Pick<OperationView, 'state' | 'steps' | 'outcome' | 'problem' | 'finishedAt'>

const reset = ({ state, steps, outcome, problem, finishedAt }: Progress): OperationView => ({
  id: '01a20925-a3e6-7000-811c-b7882fb9886f',
  kind: 'reset',
  userId: 'alice',
  state,
  reason: 'phone lost',
  mail: 'nextcloud',
  revoke: 'all',
  options: {},
  steps,
  outcome,
  problem,
  resumeAt: null,
  supersededBy: null,
  approval: null,
  requestedBy: 'key:first',
  createdAt: '2026-11-23T16:03:11.462Z',
  finishedAt
})

export const resetQueued = reset({
  state: 'queued',
  steps: ['check-user', 'replace-password', 'revoke-tokens', 'send-reset-mail'].map(pending),
  outcome: {},
  problem: null,
  finishedAt: null
})

const resetUntilMail = [
  done('check-user', '2026-11-23T16:03:11.482Z', '2026-11-23T16:03:11.488Z', { user, driver }),
  done('replace-password', '2026-11-23T16:03:11.490Z', '2026-11-23T16:03:11.495Z', {
    passwordReplaced: true,
    earlierResetLink: 'dead'
  }),
  done('revoke-tokens', '2026-11-23T16:03:11.498Z', '2026-11-23T16:03:11.509Z', revoked)
]

export const resetSucceeded = reset({
  state: 'succeeded',
  steps: [
    ...resetUntilMail,
    done('send-reset-mail', '2026-11-23T16:03:11.511Z', '2026-11-23T16:03:11.518Z', { mail })
  ],
  outcome: { user, driver, ...revoked, mail },
  problem: null,
  finishedAt: '2026-11-23T16:03:11.519Z'
})

const addressChanged = problemOf(
  'address-changed',
  "The user's mail address changed since the operation began (from alice@acme.example to mallory@example.net), so no mail was sent: it may be an intruder's. Make sure that the new one is right, then `retry`.",
  { before: 'alice@acme.example', after: 'mallory@example.net' }
)
const stopped = {
  ...done('send-reset-mail', '2026-11-23T16:03:11.511Z', '2026-11-23T16:03:11.518Z', {}),
  outcome: null
}

export const resetNeedsAttention = reset({
  state: 'needs-attention',
  steps: [...resetUntilMail, { ...stopped, state: 'failed', problem: addressChanged }],
  outcome: { user, driver, ...revoked },
  problem: addressChanged,
  finishedAt: '2026-11-23T16:03:11.519Z'
})

/** The user is checked again; what was done stays done. */
export const resetRetried: OperationView = {
  ...resetNeedsAttention,
  state: 'queued',
  steps: [...resetUntilMail, stopped].map((step) =>
    ['check-user', 'send-reset-mail'].includes(step.name) ? { ...step, state: 'pending' } : step
  ),
  problem: null,
  finishedAt: null
}

/** It ends before its next step. */
export const resetStopping: OperationView = { ...resetQueued, state: 'running' }

export const resetCancelled: OperationView = {
  ...resetQueued,
  state: 'cancelled',
  finishedAt: '2026-11-23T16:03:12.004Z'
}

const stoppedHalfway = problemOf(
  'stopped-halfway',
  'key:first stopped it after: check-user, replace-password, revoke-tokens. Not done: send-reset-mail. The user may be locked out without a mail. `retry` goes on; a second `cancel` closes it as it is.'
)

export const resetStoppedHalfway: OperationView = {
  ...resetNeedsAttention,
  steps: [...resetUntilMail, pending('send-reset-mail')],
  problem: stoppedHalfway
}

const resetMail = (progress: Progress): OperationView => ({
  ...reset(progress),
  id: '01a20925-b102-7000-9c1e-5d0a3f6c7e21',
  kind: 'reset-mail',
  reason: 'asked by phone',
  revoke: 'none',
  createdAt: '2026-11-23T16:03:14.818Z'
})

export const resetMailQueued = resetMail({
  state: 'queued',
  steps: ['check-user', 'send-reset-mail'].map(pending),
  outcome: {},
  problem: null,
  finishedAt: null
})

export const resetMailSucceeded = resetMail({
  state: 'succeeded',
  steps: [
    done('check-user', '2026-11-23T16:03:14.836Z', '2026-11-23T16:03:14.849Z', { user }),
    done('send-reset-mail', '2026-11-23T16:03:14.851Z', '2026-11-23T16:03:14.860Z', { mail })
  ],
  outcome: { user, mail },
  problem: null,
  finishedAt: '2026-11-23T16:03:14.862Z'
})
