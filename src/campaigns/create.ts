import { appendAudit } from '../audit/audit.sql.ts'
import type { Actor } from '../audit/event.ts'
import type { Db } from '../db/pool.ts'
import { inTransaction } from '../db/transaction.ts'
import type { Owned } from '../guard/approval.ts'
import { refuseStoppedWithin } from '../guard/stop.ts'
import { uuidv7 } from '../uuid.ts'
import type { World } from '../world.ts'
import { insertCampaign } from './campaign.sql.ts'
import type { Campaign, Definition } from './campaign.ts'
import { checkDefinition } from './definition.ts'
import { firstDate } from './schedule.ts'

export type NewCampaign = Owned & {
  name: string
  definition: Definition
  actor: Actor
  requestId: string
}

/**
 * Records a campaign: a draft, or with a schedule one that begins at its first date.
 * @param kept called in the same transaction, with what was recorded
 * @throws DomainError invalid-request, unknown-group, public-url-not-configured, smtp-not-configured, stopped
 */
export async function createCampaign(
  world: World,
  { name, definition, actor, owner, vouchers, requestId }: NewCampaign,
  kept: (tx: Db, campaign: Campaign) => Promise<void>
): Promise<Campaign> {
  await checkDefinition(world, definition)
  return inTransaction(world.pool, async (tx) => {
    await refuseStoppedWithin(tx)
    const first = definition.schedule && (await firstDate(tx, definition.schedule))
    const id = uuidv7()
    const campaign = await insertCampaign(tx, {
      id,
      name,
      definition,
      nextRoundAt: first?.at ?? null,
      occurrence: first?.occurrence ?? 0,
      requestedBy: actor,
      owner,
      vouchers,
      requestId
    })
    await appendAudit(tx, {
      action: 'campaign.created',
      actor,
      requestId,
      campaignId: id,
      details: { name, definition }
    })
    await kept(tx, campaign)
    return campaign
  })
}
