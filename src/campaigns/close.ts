/** The end of asking: links die, and it is settled what follows, and whether a second person is asked first. */
import { appendAudit } from '../audit/audit.sql.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import { type CampaignBrake, readBrakes } from '../guard/brake.ts'
import { holdStop } from '../guard/stop.sql.ts'
import { brakesOf } from '../operations/brakes.ts'
import { limitsOf, type Reasons } from '../operations/hold.ts'
import type { World } from '../world.ts'
import {
  type Counts,
  findCampaign,
  findCounts,
  findInState,
  findRound,
  moveCampaign
} from './campaign.sql.ts'
import type { Campaign, Consequence } from './campaign.ts'
import { closeLinks, closeParticipants, closeRound, findResponse, hasOpen } from './close.sql.ts'
import { viaOf, wishOf } from './consequence.ts'
import { isSeen } from './watch.sql.ts'

/** Closes every round in which everybody's time is over. */
export async function closeRounds(world: World): Promise<void> {
  for (const { id } of await findInState(world.pool, 'open', 'closing'))
    await inTransaction(world.pool, (tx) => closeIfOver(world, tx, id))
}

async function closeIfOver(world: World, tx: Db, id: string): Promise<void> {
  const campaign = await findCampaign(tx, id, { lock: true })
  if (campaign?.state !== 'open' && campaign?.state !== 'closing') return
  const { round: number } = campaign
  if ((await findRound(tx, id, number))?.closedAt) return
  if (campaign.state === 'open') {
    if (await hasOpen(tx, id, number)) return
    // Whoever could not reach the page may have wanted to answer.
    if (!(await isSeen(tx, world.campaigns.toleranceSeconds))) return
    if (await holdStop(tx)) return
    await closeParticipants(tx, id, number)
    await closeLinks(tx, id, number)
    await moveCampaign(tx, id, 'closing')
  }
  const counts = await findCounts(tx, id, number)
  const reasons = await reasonsOf(world, tx, campaign, counts)
  await closeRound(tx, id, number, reasons)
  await appendAudit(tx, {
    action: 'campaign.closed',
    actor: 'system',
    campaignId: id,
    details: { round: number, counts, brakes: reasons.map(({ brake }) => brake) }
  })
}

/**
 * Why nothing may be done before a second person agrees: to all who were silent and, where no person was asked about
 * them anyway, to those whose mail came back; or to none.
 */
async function reasonsOf(
  world: World,
  tx: Db,
  { id, round, definition }: Campaign,
  counts: Counts
): Promise<Reasons> {
  const { mode, onSilence, onBounce, minimumResponse } = definition
  const groups: [Consequence, number][] =
    mode === 'reset'
      ? [['reset', counts.waiting ?? 0]]
      : [
          [onSilence, counts.silent ?? 0],
          ...(onBounce === 'hold' ? [] : [[onBounce, counts.bounced ?? 0] as [Consequence, number]])
        ]
  const wishes = groups.flatMap(([consequence, targets]) => {
    const wish = wishOf(consequence, viaOf(world))
    return wish && targets > 0 ? [{ brakes: brakesOf(wish.kind, wish.input), targets }] : []
  })
  if (wishes.length === 0) return []
  const reasons: Reasons = []
  const brakes = [...new Set(wishes.flatMap((wish) => wish.brakes))]
  for (const state of await readBrakes(tx, limitsOf(world), { place: '', brakes })) {
    const targets = wishes.reduce(
      (sum, wish) => sum + (wish.brakes.includes(state.brake) ? wish.targets : 0),
      0
    )
    if (state.used + targets > state.most)
      reasons.push({ ...state, used: state.used + targets, freeAt: null })
  }
  if (mode === 'reset') return reasons
  const percent = await findResponse(tx, id, round)
  if (percent < minimumResponse)
    reasons.push(reasonOf('minimum-response', Math.floor(percent), minimumResponse))
  return reasons
}

export const reasonOf = (brake: CampaignBrake, used = 0, most = 0): Reasons[number] => ({
  brake,
  used,
  most,
  freeAt: null
})
