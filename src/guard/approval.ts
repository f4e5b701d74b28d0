import { createHash } from 'node:crypto'
import { canonicalJson } from '../canonical.ts'
import type { WebhookEvent } from '../integrations/webhooks/event.ts'

export const approvalStates = ['pending', 'approved', 'rejected', 'expired'] as const
export type ApprovalState = (typeof approvalStates)[number]

/** What is to be done to everyone on the list: a kind of operation, and what was asked for with it. */
export type Action = { kind: string; input: Record<string, unknown> }

/** Who answers for a key, and who made it. */
export type Owned = { owner: string; vouchers: string[] }

export type Approval = Owned & {
  id: string
  state: ApprovalState
  action: Action
  brakes: string[]
  requestedBy: string
  createdAt: Date
  expiresAt: Date
  /** The list is not whole yet. */
  gathering: boolean
  decidedAt: Date | null
  decidedBy: string | null
  reason: string | null
  /** As it was decided. */
  hash: string | null
}

/** Reasons are words to people: they change nothing of what is done. */
export const actionOf = (kind: string, { reason, ...input }: { reason?: string | undefined }): Action => ({
  kind,
  input
})

export const hashOfAction = (action: Action) => sha256(canonicalJson(action))

/** What webhooks tell once somebody can decide about it. */
export const requestOf = (id: string, kind: string): WebhookEvent => ({
  type: 'approval.requested',
  data: { approval: `/approvals/${id}`, kind }
})

/** SHA-256 over the action and the exact list, whatever the order in which it was asked for. */
export const hashOf = (action: Action, userIds: string[]) =>
  sha256(canonicalJson({ action, userIds: [...userIds].sort() }))

/** The owner of `LOCKSMITH_API_KEY`, by which the first keys of everybody are made. */
const host = 'host'

/**
 * Whoever made a key, or was made by its owner, is no second pair of eyes for it; nor are two keys that one hand made,
 * by whatever names. Those of the host are nobody's in particular.
 */
export const isSameHand = (a: Owned, b: Owned) =>
  a.owner === b.owner ||
  a.vouchers.includes(b.owner) ||
  b.vouchers.includes(a.owner) ||
  a.vouchers.some((maker) => maker !== host && b.vouchers.includes(maker))

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
