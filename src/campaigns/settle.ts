/** What came of it: participants follow their operations, and a round ends when all is over. */
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import type { World } from '../world.ts'
import { findCampaign, findCounts, findInState, moveCampaign, setNextRound } from './campaign.sql.ts'
import { insertNotice } from './notice.sql.ts'
import { computeManifest } from './report/manifest.ts'
import { keepResults } from './report/report.sql.ts'
import { nextDate } from './schedule.ts'
import { endRound, saveManifest, settleParticipants } from './settle.sql.ts'

const atOnce = 1_000

export async function settle(world: World): Promise<void> {
  while ((await settleParticipants(world.pool, atOnce)) === atOnce);
  for (const { id } of await findInState(world.pool, 'acting')) await endIfOver(world, id)
}

/**
 * What is known of each operation is kept, and the report's checksums are written down with the end of the round:
 * nobody changes a word of it unseen.
 */
async function endIfOver({ pool }: World, id: string): Promise<void> {
  const { round = 0 } = (await findCampaign(pool, id)) ?? {}
  const { acting, left } = await findCounts(pool, id, round)
  if (acting || left) return
  while ((await inTransaction(pool, (tx) => keepResults(tx, id, round))) > 0);
  await inTransaction(pool, async (tx) => {
    const campaign = await findCampaign(tx, id, { lock: true })
    if (campaign?.state !== 'acting' || campaign.round !== round) return
    const { definition, occurrence } = campaign
    await endRound(tx, id, round)
    const manifest = await computeManifest(tx, id, round)
    await saveManifest(tx, id, round, manifest)
    const counts = await findCounts(tx, id, round)
    await appendAudit(tx, {
      action: 'campaign.round-ended',
      actor: 'system',
      campaignId: id,
      details: { round, counts, manifest }
    })
    const next = definition.schedule && (await nextDate(tx, definition.schedule, occurrence + 1))
    await moveCampaign(tx, id, next ? 'scheduled' : 'ended')
    await setNextRound(tx, id, next ?? null)
    await insertNotice(tx, id, round, 'ended', { counts, report: `/campaigns/${id}/report?round=${round}` })
  })
}
