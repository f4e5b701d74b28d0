/** What people do to a campaign: start it, hold it, let it go on, give everybody more time, end it. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { completeApprovals } from '../guard/approval.sql.ts'
import type { Owned } from '../guard/approval.ts'
import { refuseStoppedWithin } from '../guard/stop.ts'
import { cancelOperation } from '../operations/cancel.ts'
import type { World } from '../world.ts'
import { actorOfCampaign } from './act.ts'
import { beginRound, findCampaign, moveCampaign, pauseCampaign } from './campaign.sql.ts'
import type { Campaign, CampaignState } from './campaign.ts'
import { cancelRound, extendRound, findHalfCancelled, findHeld, secondsSince } from './change.sql.ts'
import { closeLinks } from './close.sql.ts'
import { beginWatch, giveBack } from './watch.sql.ts'

type By = { actor: Actor; requestId: string }

/** Who begins a round has asked for what follows from it, and is no second person who may approve that. */
type Beginner = By & Owned

export const unknownCampaign = (id: string) =>
  new DomainError('unknown-campaign', `There is no campaign ${id}. Nothing was done.`)

const inState = ({ state }: Campaign, can: string) =>
  new DomainError('campaign-state', `The campaign is ${state}: ${can}. Nothing was done.`, {
    extra: { state }
  })

/** @throws DomainError unknown-campaign */
async function change(
  { pool }: World,
  id: string,
  work: (tx: Db, campaign: Campaign) => Promise<unknown>
): Promise<Campaign> {
  return inTransaction(pool, async (tx) => {
    const campaign = await findCampaign(tx, id, { lock: true })
    if (!campaign) throw unknownCampaign(id)
    await work(tx, campaign)
    return (await findCampaign(tx, id))!
  })
}

/** The first round of one without a schedule begins. @throws DomainError campaign-state, stopped */
export const startCampaign = (world: World, id: string, by: Beginner): Promise<Campaign> =>
  change(world, id, async (tx, campaign) => {
    await refuseStoppedWithin(tx)
    if (campaign.state !== 'draft') throw inState(campaign, 'only a draft can be started')
    await beginAnew(tx, campaign, by, false)
  })

/** @param anyway the list of users is right, however much smaller it is */
export async function beginAnew(
  tx: Db,
  { id }: Pick<Campaign, 'id'>,
  by: Partial<Beginner>,
  anyway: boolean
) {
  const { owner, vouchers = [] } = by
  const round = await beginRound(tx, id, anyway, owner === undefined ? [] : [owner, ...vouchers])
  if (round === undefined) return
  await appendAudit(tx, {
    action: 'campaign.started',
    actor: by.actor ?? 'system',
    ...(by.requestId !== undefined && { requestId: by.requestId }),
    details: { campaign: id, round, ...(anyway && { anyway: true as const }) }
  })
}

/** No mails, and nothing is done to anybody; answers count. @throws DomainError campaign-state */
export const holdCampaign = (world: World, id: string, { actor, requestId }: By): Promise<Campaign> =>
  change(world, id, async (tx, campaign) => {
    if (campaign.state === 'paused') return
    if (!(await pauseCampaign(tx, id))) throw inState(campaign, 'it cannot be paused')
    await appendAudit(tx, {
      action: 'campaign.paused',
      actor,
      requestId,
      details: { campaign: id, round: campaign.round }
    })
  })

/**
 * A paused one goes on, and everybody gets the time back that it stood still; an aborted one is planned anew, since
 * a person says that the list is right. @throws DomainError campaign-state
 */
export const resumeCampaign = (
  world: World,
  id: string,
  { owner, vouchers, ...by }: Beginner
): Promise<Campaign> =>
  change(world, id, async (tx, campaign) => {
    const { round, pausedFrom, pausedAt } = campaign
    if (campaign.state === 'aborted') return beginAnew(tx, campaign, { ...by, owner, vouchers }, true)
    if (campaign.state !== 'paused') throw inState(campaign, 'only a paused or aborted one can go on')
    if (pausedFrom === 'open') {
      await giveBack(tx, await secondsSince(tx, pausedAt!), id)
      await beginWatch(tx)
    }
    await moveCampaign(tx, id, pausedFrom as Exclude<CampaignState, 'paused'>)
    await appendAudit(tx, { action: 'campaign.resumed', ...by, details: { campaign: id, round } })
  })

/** Everybody gets more time. @param duration ISO 8601 @throws DomainError campaign-state */
export const extendCampaign = (world: World, id: string, duration: string, by: By): Promise<Campaign> =>
  change(world, id, async (tx, campaign) => {
    const { state, pausedFrom, round } = campaign
    if (state !== 'open' && pausedFrom !== 'open')
      throw inState(campaign, 'only while people are asked they can be given more time')
    await extendRound(tx, id, round, duration)
    await appendAudit(tx, {
      action: 'campaign.extended',
      ...by,
      details: { campaign: id, round, by: duration }
    })
  })

/**
 * Ends it for good: links die, no more mails, and what waits for an approval is not done. What is at work goes on.
 * @throws DomainError campaign-state
 */
export async function cancelCampaign(world: World, id: string, { actor, requestId }: By): Promise<Campaign> {
  const campaign = await change(world, id, async (tx, found) => {
    if (found.state === 'cancelled') return
    if (!(await moveCampaign(tx, id, 'cancelled'))) throw inState(found, 'it is over')
    await closeLinks(tx, id, found.round)
    await cancelRound(tx, id, found.round)
    await appendAudit(tx, {
      action: 'campaign.cancelled',
      actor,
      requestId,
      details: { campaign: id, round: found.round }
    })
  })
  await cancelHeld(world, campaign, { actor, requestId })
  return campaign
}

/** What a second person was to be asked about is taken off the lists. */
async function cancelHeld(
  world: World,
  { id, round }: Pick<Campaign, 'id' | 'round'>,
  { actor, requestId }: By
): Promise<void> {
  for (const operation of await findHeld(world.pool, id, round))
    await cancelOperation(world, operation, actor, requestId)
  await completeApprovals(world.pool, actorOfCampaign(id), world.config.APPROVAL_HOURS)
}

/** The process died that was to do it. */
export async function endCancelled(world: World): Promise<void> {
  for (const campaign of await findHalfCancelled(world.pool))
    await cancelHeld(world, campaign, {
      actor: actorOfCampaign(campaign.id),
      requestId: campaign.requestId ?? campaign.id
    })
}
