/** What a second person decides about those who wait above a brake: for all of the list, or for none. */
import { setTimeout as sleep } from 'node:timers/promises'
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import { isConflict } from '../db/failure.ts'
import type { Db, Pool } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError, problemOf } from '../errors.ts'
import { decideApproval, findApproval, findExpired, isOlderThan, isOver } from '../guard/approval.sql.ts'
import { type Approval, type ApprovalState, hashOf, isSameHand, type Owned } from '../guard/approval.ts'
import type { World } from '../world.ts'
import { endHeld, findTargets, letGoOn, type Target } from './approvals.sql.ts'

/** SQLSTATE. */
const uniqueViolation = '23505'

/** How long a key has to be known before it may approve. */
const seasonedHours = 24

export type Decider = {
  actor: Actor
  /** Absent: somebody at the host, who could do anything anyway. */
  hand?: Owned & { since?: Date | undefined }
  requestId?: string
}

export type Verdict = {
  state: 'approved' | 'rejected'
  /** Of the list as the decider saw it. Needed to approve. */
  hash?: string | undefined
  reason?: string | undefined
}

type InTransaction = typeof inTransaction

/**
 * Approves or rejects the whole list.
 * @param within runs the transaction; another one than the default takes it back
 * @throws DomainError unknown-approval, approval-over, approval-changed, approval-not-allowed
 */
export async function decide(
  pool: Pool,
  id: string,
  decider: Decider,
  verdict: Verdict,
  within: InTransaction = inTransaction
): Promise<Approval> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await within(pool, (tx) => decideWithin(tx, id, decider, verdict))
    } catch (error) {
      // Something took the place of one of the users meanwhile: that one is found by the next try.
      if (!isRace(error) || attempt === 5) throw error
      await sleep(20 * attempt)
    }
  }
}

const isRace = (error: unknown) => isConflict(error) || (error as { code?: string }).code === uniqueViolation

async function decideWithin(tx: Db, id: string, decider: Decider, { state, hash, reason }: Verdict) {
  const approval = await findApproval(tx, id, { lock: true })
  if (!approval) throw unknownApproval(id)
  if (approval.state !== 'pending') {
    throw new DomainError(
      'approval-over',
      `This approval was ${approval.state} at ${approval.decidedAt!.toISOString()} by ${approval.decidedBy}. Nothing was done.`
    )
  }
  const targets = await findTargets(tx, id, { waiting: true, lock: true })
  if (state === 'approved') {
    if (await isOver(tx, approval)) {
      throw new DomainError(
        'approval-over',
        `Nobody approved it before ${approval.expiresAt.toISOString()}, and then it was over. Nothing was done: ask again.`
      )
    }
    await refuseSameHand(tx, approval, decider)
    if (approval.gathering) {
      throw new DomainError(
        'approval-changed',
        'The list is still being written. Nothing was done. Read it again in a moment, once `gathering` is false.'
      )
    }
    const listed = hashOf(approval.action, idsOf(targets))
    if (hash !== listed) {
      throw new DomainError(
        'approval-changed',
        'The list is not the one that this hash stands for: users were added or left since it was read. Nothing was done. Read it again, and approve what it is now.',
        { extra: { hash: listed } }
      )
    }
  }
  await settle(tx, approval, targets, { state, by: decider.actor, reason, requestId: decider.requestId })
  return (await findApproval(tx, id))!
}

const idsOf = (targets: { userId: string }[]) => targets.map(({ userId }) => userId)

/** @throws DomainError approval-not-allowed */
async function refuseSameHand(tx: Db, approval: Approval, { hand }: Decider): Promise<void> {
  if (!hand) return
  const refuse = (why: string) =>
    new DomainError(
      'approval-not-allowed',
      `${why} Nothing was done. Let somebody else approve it, or \`locksmith host approvals approve\` on the host.`
    )
  if (isSameHand(approval, hand))
    throw refuse(
      `Your key and the one that asked (${approval.requestedBy}) belong to one owner, or one of them made the other, or one hand made both.`
    )
  if (!hand.since) throw refuse('Nobody can tell how long your key has been known.')
  if (!(await isOlderThan(tx, hand.since, seasonedHours)))
    throw refuse(`Your key is known for less than ${seasonedHours} hours.`)
}

type Settling = {
  state: Exclude<ApprovalState, 'pending'>
  by: Actor
  reason?: string | undefined
  requestId?: string | undefined
}

/** @param targets who is on the list now */
async function settle(
  tx: Db,
  approval: Approval,
  targets: Target[],
  { state, by, reason, requestId }: Settling
): Promise<void> {
  const { id, action } = approval
  const hash = hashOf(action, idsOf(targets))
  await decideApproval(tx, id, { state, by, reason, hash })
  const from = { actor: by, ...(requestId !== undefined && { requestId }) }
  const details = {
    approval: id,
    kind: action.kind,
    targets: targets.length,
    hash,
    ...(reason && { reason })
  }
  await appendAudit(tx, { ...from, action: `approval.${state}`, details })
  if (state === 'approved') {
    await letGoOn(tx, id)
    await endHeld(tx, id, 'failed', busy(id), null)
    const ended = new Map((await findTargets(tx, id)).map((target) => [target.operationId, target.state]))
    await appendAudit(
      tx,
      ...targets.map(({ operationId, userId }) =>
        ended.get(operationId) === 'waiting'
          ? ({
              ...from,
              action: 'operation.approved',
              userId,
              operationId,
              details: { approval: id }
            } as const)
          : ({
              actor: 'system',
              action: 'operation.failed',
              userId,
              operationId,
              details: { problem: busy(id) }
            } as const)
      )
    )
    return
  }
  const ended = await endHeld(tx, id, 'cancelled', notGiven(id, state, by, reason), by)
  await appendAudit(
    tx,
    ...ended.map(
      (each) =>
        ({
          ...from,
          action: 'operation.cancelled',
          userId: each.userId,
          operationId: each.id,
          details: {}
        }) as const
    )
  )
}

const busy = (id: string) =>
  problemOf(
    'operation-already-running',
    'It was approved, and something else works on this user by now. Nothing was done: ask again when that is over.',
    { approval: `/approvals/${id}` }
  )

const notGiven = (id: string, state: 'rejected' | 'expired', by: Actor, reason: string | undefined) =>
  problemOf(
    'approval-not-given',
    state === 'rejected'
      ? `${by} rejected it${reason ? `: ${reason}` : ''}. Nothing was done.`
      : 'Nobody approved it in time. Nothing was done. Ask again, and tell somebody who may approve.',
    { approval: `/approvals/${id}` }
  )

export const unknownApproval = (id: string) =>
  new DomainError('unknown-approval', `There is no approval ${id}. Nothing was done.`)

/** Whoever waits for an answer in vain is told. */
export async function expireApprovals({ pool, log }: Pick<World, 'pool' | 'log'>): Promise<void> {
  await inTransaction(pool, async (tx) => {
    for (const approval of await findExpired(tx, 10)) {
      const targets = await findTargets(tx, approval.id, { waiting: true, lock: true })
      await settle(tx, approval, targets, { state: 'expired', by: 'system' })
      log.warn({ approval: `/approvals/${approval.id}` }, 'nobody approved it in time')
    }
  })
}
