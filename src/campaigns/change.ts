/** What people do to a campaign: start it, hold it, let it go on, give everybody more time, end it. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { DomainError } from '../errors.ts'
import { completeApprovals } from '../guard/approval.sql.ts'
import type { Owned } from '../guard/approval.ts'
import { dropUses } from '../guard/brake.sql.ts'
import { refuseStoppedWithin } from '../guard/stop.ts'
import type { World } from '../world.ts'
import { beginRound, findCampaign, moveCampaign, pauseCampaign, setNextRound } from './campaign.sql.ts'
import { actorOfCampaign, type Campaign, type CampaignState } from './campaign.ts'
import { cancelRound, cancelUnbegun, extendRound, secondsSince } from './change.sql.ts'
import { closeLinks } from './close.sql.ts'
import { knownCampaign } from './known.ts'
import { nextDate } from './schedule.ts'
import { beginWatch, giveBack, lockWatch } from './watch.sql.ts'

type By = { actor: Actor; requestId: string }

/** Who begins a round has asked for what follows from it, and is no second person who may approve that. */
type Beginner = By & Owned

const inState = ({ state }: Campaign, can: string) =>
  new DomainError('campaign-state', `The campaign is ${state}: ${can}. Nothing was done.`, {
    extra: { state }
  })

/**
 * @param before what is looked at before the campaign is locked, and given to `work`
 * @throws DomainError unknown-campaign
 */
async function change<T = undefined>(
  { pool }: World,
  id: string,
  work: (tx: Db, campaign: Campaign, found: T) => Promise<unknown>,
  before?: (tx: Db) => Promise<T>
): Promise<Campaign> {
  return inTransaction(pool, async (tx) => {
    const found = (await before?.(tx)) as T
    await work(tx, await knownCampaign(tx, id, { lock: true }), found)
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
    campaignId: id,
    details: { round, ...(anyway && { anyway: true as const }) }
  })
}

/**
 * Whether time runs in this campaign changes: the watch is locked first, as by whoever gives time back.
 * @param work `away`: seconds for which nobody could reach the page, 0 while it is there
 */
const changeTime = (
  world: World,
  id: string,
  work: (tx: Db, campaign: Campaign, away: number) => Promise<unknown>
): Promise<Campaign> =>
  change(world, id, work, async (tx) => {
    const found = await findCampaign(tx, id)
    if (found?.state !== 'open' && found?.pausedFrom !== 'open') return 0
    const seconds = (await lockWatch(tx)) ?? 0
    return seconds > world.campaigns.toleranceSeconds ? seconds : 0
  })

/**
 * No mails, and nothing is done to anybody; answers count. What time nobody could answer in until now is given back
 * here: nobody looks at the page for a campaign that is paused. @throws DomainError campaign-state
 */
export const holdCampaign = (world: World, id: string, by: By): Promise<Campaign> =>
  changeTime(world, id, async (tx, campaign, away) => {
    const { round, state } = campaign
    if (state === 'paused') return
    if (!(await pauseCampaign(tx, id))) throw inState(campaign, 'it cannot be paused')
    if (state === 'open' && away > 0) await giveBack(tx, away, id)
    await appendAudit(tx, { action: 'campaign.paused', ...by, campaignId: id, details: { round } })
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
  changeTime(world, id, async (tx, campaign, away) => {
    const { round, pausedFrom, pausedAt } = campaign
    if (campaign.state === 'aborted') return beginAnew(tx, campaign, { ...by, owner, vouchers }, true)
    if (campaign.state !== 'paused') throw inState(campaign, 'only a paused or aborted one can go on')
    if (pausedFrom === 'open') {
      const isFirst = await beginWatch(tx)
      // Since when the page is away for others, too, they and this one are given once it is there again.
      const stood = (await secondsSince(tx, pausedAt!)) - (isFirst ? 0 : away)
      await giveBack(tx, Math.max(0, stood), id)
    }
    // Dates that passed meanwhile are no dates any more; where there was but one, it is now.
    const { schedule } = campaign.definition
    if (pausedFrom === 'scheduled' && schedule) {
      const next = await nextDate(tx, schedule, campaign.occurrence)
      if (next) await setNextRound(tx, id, next)
    }
    await moveCampaign(tx, id, pausedFrom as Exclude<CampaignState, 'paused'>)
    await appendAudit(tx, { action: 'campaign.resumed', ...by, campaignId: id, details: { round } })
  })

/** Everybody gets more time. @param duration ISO 8601 @throws DomainError campaign-state */
export async function extendCampaign(
  world: World,
  id: string,
  duration: string,
  by: By,
  witness: (tx: Db) => Promise<void>
): Promise<void> {
  await change(world, id, async (tx, campaign) => {
    const { state, pausedFrom, round } = campaign
    if (state !== 'open' && pausedFrom !== 'open')
      throw inState(campaign, 'only while people are asked they can be given more time')
    await extendRound(tx, id, round, duration)
    await appendAudit(tx, {
      action: 'campaign.extended',
      ...by,
      campaignId: id,
      details: { round, by: duration }
    })
    await witness(tx)
  })
}

/**
 * Ends it for good: links die, no more mails, and what waits for an approval or its turn is not done, from this very
 * transaction on. What is at work goes on. @throws DomainError campaign-state
 */
export async function cancelCampaign(world: World, id: string, by: By): Promise<Campaign> {
  const cancelled: string[] = []
  const campaign = await change(world, id, async (tx, found) => {
    if (found.state === 'cancelled') return
    if (!(await moveCampaign(tx, id, 'cancelled'))) throw inState(found, 'it is over')
    await closeLinks(tx, id, found.round)
    await cancelRound(tx, id, found.round)
    await completeApprovals(tx, actorOfCampaign(id), world.config.APPROVAL_HOURS)
    const operations = await cancelUnbegun(tx, found, by.actor)
    cancelled.push(...operations.map((operation) => operation.id))
    await dropUses(tx, ...cancelled)
    await appendAudit(
      tx,
      { action: 'campaign.cancelled', ...by, campaignId: id, details: { round: found.round } },
      ...operations.map(
        ({ id: operationId, userId }) =>
          ({ action: 'operation.cancelled', ...by, userId, operationId, details: {} }) as const
      )
    )
  })
  for (const operation of cancelled) world.finished.emit('finished', operation)
  return campaign
}
