import type { ApprovalDetail, ApprovalView } from './approval.schema.ts'

export const approval: ApprovalView = {
  id: '01a20931-0d3e-7000-9c55-2f1d7a3f6a10',
  state: 'pending',
  action: { kind: 'offboard', mail: 'none', revoke: 'all', options: {} },
  brakes: ['lock-out'],
  requestedBy: 'key:6Yb2nQ0cVw3d',
  owner: 'hr-system',
  createdAt: '2026-11-23T16:20:00.000Z',
  gathering: false,
  expiresAt: '2026-11-26T16:20:00.000Z',
  decidedAt: null,
  decidedBy: null,
  reason: null,
  targets: 2
}

const target = (userId: string, operation: string, state: 'awaiting-approval' | 'waiting' | 'cancelled') => ({
  userId,
  operation: `/operations/${operation}`,
  state,
  reason: 'left the company'
})
const both = (state: Parameters<typeof target>[2]) => [
  target('bob', '01a20931-0d3e-7000-8574-df606ca606b4', state),
  target('carol', '01a20931-0d40-7000-8f2a-0b1f6c2f3e77', state)
]

export const approvalPending: ApprovalDetail = {
  ...approval,
  hash: '5f0cde6ad1f5d16a8a2c6b8a8a1a5e7bb1c6ce0e3f9f1b6ad7d6cf0a6c1f2e3d',
  targets: both('awaiting-approval')
}

const decided = { decidedAt: '2026-11-23T16:41:07.000Z', decidedBy: 'key:3kPq9TzX1mLs' }

export const approvalApproved: ApprovalDetail = {
  ...approvalPending,
  ...decided,
  state: 'approved',
  reason: 'agreed with the customer',
  targets: both('waiting')
}

export const approvalRejected: ApprovalDetail = {
  ...approvalPending,
  ...decided,
  state: 'rejected',
  reason: 'a wrong list',
  targets: both('cancelled')
}
