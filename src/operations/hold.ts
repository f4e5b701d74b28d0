/** Above a brake nothing is done before a second person agrees. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { DomainError, type Problem, problemOf } from '../errors.ts'
import { openApproval } from '../guard/approval.sql.ts'
import { actionOf, requestOf } from '../guard/approval.ts'
import {
  type Brake,
  type BrakeLimits,
  type BrakeState,
  type CampaignBrake,
  inWords,
  reached,
  readBrakes
} from '../guard/brake.ts'
import { announce } from '../integrations/webhooks/outbox.sql.ts'
import { uuidv7 } from '../uuid.ts'
import type { World } from '../world.ts'
import { findHeld } from './approvals.sql.ts'
import { brakesOf } from './brakes.ts'
import { type Operation, placeOf } from './operation.ts'

export const limitsOf = ({ config }: Pick<World, 'config'>): BrakeLimits => ({
  lockOuts: config.BRAKE_LOCK_OUTS,
  percent: config.BRAKE_PERCENT,
  wipes: config.BRAKE_WIPES,
  deletions: config.BRAKE_DELETIONS
})

type About = Pick<Operation, 'kind' | 'userId' | 'input'>

export const passageOf = ({ kind, userId, input }: About) => ({
  place: placeOf(userId),
  brakes: brakesOf(kind, input)
})

/**
 * @param read `readBrakesForOne` in a transaction that lets no other user through: far below the brakes nobody is waited for
 * @returns the brakes that are reached, for this user; whoever counts first is waited for until `tx` ends
 */
export const brakesReached = async (
  tx: Db,
  world: Pick<World, 'config'>,
  about: About,
  read = readBrakes
): Promise<BrakeState[]> => reached(await read(tx, limitsOf(world), passageOf(about)))

/** Why a second person is asked. */
export type Reasons = BrakeState<Brake | CampaignBrake>[]

type Asking = About & {
  id: string
  requestedBy: Actor
  owner: string
  vouchers: string[]
  requestId?: string
}

/**
 * Puts the user on the list that a second person is asked about.
 * @param gathering the list cannot be approved yet: others follow
 * @throws DomainError operation-already-running where the user is on it
 */
export async function hold(
  tx: Db,
  { config, log }: Pick<World, 'config' | 'log'>,
  asking: Asking,
  states: Reasons,
  gathering = false
): Promise<{ approvalId: string; problem: Problem }> {
  const { id, kind, userId, input, requestedBy, owner, vouchers, requestId } = asking
  const { id: approvalId, isNew } = await openApproval(tx, {
    id: uuidv7(),
    action: actionOf(kind, input),
    brakes: states.map(({ brake }) => brake),
    requestedBy,
    owner,
    vouchers,
    hours: config.APPROVAL_HOURS,
    gathering
  })
  const approval = `/approvals/${approvalId}`
  const held = await findHeld(tx, approvalId, placeOf(userId))
  if (held && held !== id) {
    throw new DomainError(
      'operation-already-running',
      `The same was asked for "${userId}" before and waits for an approval (${approval}). Nothing new was recorded.`,
      { extra: { operation: `/operations/${held}`, approval } }
    )
  }
  if (isNew && !gathering) await announce(tx, requestOf(approvalId, kind))
  await appendAudit(tx, {
    action: 'operation.held',
    actor: 'system',
    userId,
    operationId: id,
    ...(requestId !== undefined && { requestId }),
    details: {
      approval: approvalId,
      kind,
      brakes: states.map(({ brake, used, most }) => ({ brake, used, most }))
    }
  })
  log.warn(
    { operationId: id, approval, brakes: states },
    'a brake is reached: a second person has to approve'
  )
  return { approvalId, problem: awaiting(approval, states, config.APPROVAL_HOURS) }
}

const awaiting = (approval: string, states: Reasons, hours: number) =>
  problemOf(
    'awaiting-approval',
    `A brake is reached: ${inWords(states)}. Nothing was done. It begins once somebody else approves it (${approval}, or \`locksmith host approvals\` on the host), and is cancelled when nobody does within ${hours} hours.`,
    { approval, brakes: states.map(({ brake }) => brake) }
  )
