import { problemOf } from '../errors.ts'
import { done, driver, mail, pending, revoked, type StepView, user } from './operation.examples.ts'
import type { OperationView } from './operation.schema.ts'
import { type Kind, type Outcome, outcomeOf } from './operation.ts'

// As the sandbox answers, people and all.

type Asked = Partial<Pick<OperationView, 'mail' | 'revoke' | 'options' | 'reason'>>
type Step = [name: string, outcome: Outcome]

const disabled = { ...user, enabled: false }
const sql = {
  name: 'sql' as const,
  because: 'it is configured, and needs neither a password nor a log-in'
}
const startedAt = '2026-11-23T16:03:11.482Z'
const finishedAt = '2026-11-23T16:03:12.519Z'

let count = 0
function example(kind: Kind, asked: Asked, steps: Step[]) {
  const operation = (change: Partial<OperationView>): OperationView => ({
    id: `01a20925-c3e6-7000-811c-${String(++count).padStart(12, '0')}`,
    kind,
    userId: 'alice',
    state: 'queued',
    reason: null,
    mail: 'none',
    revoke: 'none',
    options: {},
    ...asked,
    steps: steps.map(([name]) => pending(name)),
    outcome: {},
    problem: null,
    resumeAt: null,
    supersededBy: null,
    approval: null,
    requestedBy: 'key:first',
    createdAt: '2026-11-23T16:03:11.462Z',
    finishedAt: null,
    ...change
  })
  const rows = steps.map(([name, outcome]): StepView => done(name, startedAt, finishedAt, outcome))
  const outcome = outcomeOf(steps.map(([, outcome]) => ({ outcome })))
  return {
    queued: operation({}),
    succeeded: operation({ state: 'succeeded', steps: rows, outcome, finishedAt }),
    with: operation
  }
}

const disable = example('disable', { reason: 'on leave' }, [
  ['check-user', { user }],
  ['disable-user', { enabled: false }]
])
export const disableQueued = disable.queued
export const disableSucceeded = disable.succeeded

const enable = example('enable', { reason: 'back from leave', mail: 'nextcloud', revoke: 'all' }, [
  ['check-user', { user: disabled, driver }],
  ['replace-password', { passwordReplaced: true, earlierResetLink: 'dead' }],
  ['enable-user', { enabled: true }],
  ['revoke-tokens', revoked],
  ['send-reset-mail', { mail }]
])
export const enableQueued = enable.queued
export const enableSucceeded = enable.succeeded

const wipe = example('wipe', { reason: 'laptop stolen' }, [
  ['check-user', { user }],
  ['wipe-devices', { wipe: 'asked', wipePending: 'unknown' }]
])
export const wipeQueued = wipe.queued
export const wipeSucceeded = wipe.succeeded

const asked: Asked = {
  reason: 'left the company',
  revoke: 'all',
  options: { shares: 'delete', groups: 'all', deleteAfter: 'P30D' }
}
const residualAccess = {
  tokens: 0,
  wipePending: 0,
  resetLink: 0,
  passkeys: 0,
  publicLinks: 0,
  federatedShares: 0
}
const offboard = example('offboard', asked, [
  ['check-user', { user, driver: { ...driver, because: 'only a log-in as the user can delete shares' } }],
  ['replace-password', { passwordReplaced: true, earlierResetLink: 'dead' }],
  ['revoke-tokens', { ...revoked, shares: { deleted: 0, publicLinks: 1, federatedShares: 0 } }],
  ['delete-shares', { shares: { deleted: 1, publicLinks: 0, federatedShares: 0 } }],
  ['disable-user', { enabled: false }],
  ['leave-groups', { groupsRemoved: ['acme'] }],
  [
    'put-off-deletion',
    {
      deletion: {
        operation: '/operations/01a20925-c3e6-7000-811c-b7882fb98870',
        at: '2026-12-23T16:03:12.500Z'
      }
    }
  ],
  ['report-residual-access', { enabled: false, residualAccess }]
])
export const offboardQueued = offboard.queued
export const offboardSucceeded = offboard.succeeded

const left = { ...residualAccess, tokens: 'unknown', resetLink: 'unknown', passkeys: 'unknown' } as const
const notSeen = {
  ...left,
  publicLinks: 'unknown',
  federatedShares: 'unknown',
  wipePending: 'unknown'
} as const
const elsewhere = problemOf(
  'cannot-set-password',
  'The backend "LDAP" keeps the password elsewhere: neither Nextcloud nor a reset mail can change it. Lock the user out in that directory, too.',
  { backend: 'LDAP' }
)
const residual = problemOf(
  'residual-access',
  'Not everything that was asked for could be taken away. Not known whether any are left: sessions and app passwords, which work again once the user is enabled; reset links, likewise. The steps say why, and what has to be set; then `retry`.',
  { residualAccess: notSeen }
)
const erin = {
  ...user,
  id: 'erin',
  displayName: 'Erin Eades',
  mailAddress: 'erin@globex.example',
  backend: 'LDAP'
}
const row = (name: string, change: Partial<StepView>): StepView => ({
  ...done(name, startedAt, finishedAt, {}),
  ...change
})

export const offboardNeedsAttention = offboard.with({
  userId: 'erin',
  state: 'needs-attention',
  options: {},
  steps: [
    row('check-user', { outcome: { user: erin } }),
    row('disable-user', { outcome: { enabled: false } }),
    row('replace-password', {
      state: 'skipped',
      attempts: 0,
      startedAt: null,
      outcome: { passwordReplaced: false },
      problem: elsewhere
    }),
    row('revoke-tokens', {
      state: 'skipped',
      attempts: 0,
      startedAt: null,
      outcome: { remaining: 'unknown' },
      problem: elsewhere
    }),
    row('report-residual-access', {
      state: 'failed',
      outcome: { enabled: false, residualAccess: notSeen },
      problem: residual
    })
  ],
  outcome: {
    user: erin,
    enabled: false,
    passwordReplaced: false,
    remaining: 'unknown',
    residualAccess: notSeen
  },
  problem: residual,
  finishedAt
})

const reinstate = example('reinstate', { reason: 'rehired', mail: 'nextcloud', revoke: 'all' }, [
  ['check-user', { user: disabled, driver }],
  ['replace-password', { passwordReplaced: true, earlierResetLink: 'dead' }],
  ['enable-user', { enabled: true }],
  ['revoke-tokens', { ...revoked, revoked: { sessions: 0, appPasswords: 0 } }],
  ['send-reset-mail', { mail }]
])
export const reinstateQueued = reinstate.queued
export const reinstateSucceeded = reinstate.succeeded

/** Some tokens of alice, by SQL. */
const revokeSome = (only: NonNullable<OperationView['options']['only']>) =>
  example('revoke', { revoke: 'all', options: { only } }, [
    ['check-user', { user, driver: sql }],
    [
      'revoke-tokens',
      {
        revoked: { sessions: 0, appPasswords: 1 },
        remaining: 0,
        kept: { sessions: 2, appPasswords: 2 },
        earlierResetLink: 'unknown'
      }
    ]
  ])

const revokeOld = revokeSome({ kind: 'app-password', lastUsedBefore: '2026-06-01T00:00:00Z' })
export const revokeQueued = revokeOld.queued
export const revokeSucceeded = revokeOld.succeeded

const revokeOne = revokeSome({ tokenId: 4711 })
export const revokeOneQueued = revokeOne.queued
export const revokeOneSucceeded = revokeOne.succeeded

export const tokens = {
  items: [
    { id: 4711, name: 'Phone', kind: 'app-password' as const, lastUsedAt: '2026-11-23T16:03:11.000Z' },
    { id: 4712, name: 'Firefox', kind: 'session' as const, lastUsedAt: '2026-11-23T16:01:42.000Z' }
  ],
  listedBy: 'sql' as const
}

export const access = {
  id: 'alice',
  enabled: true,
  backend: 'Database',
  canSetPassword: true,
  twoFactor: { providers: [], enforced: false },
  lastLogin: '2026-11-23T16:03:11.000Z',
  tokens: { sessions: 'unknown' as const, appPasswords: 'unknown' as const, wipePending: 'unknown' as const },
  resetLink: 'unknown' as const,
  revocation: { driver: driver.name, because: driver.because },
  operations: []
}
