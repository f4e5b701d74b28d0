/** What came of it: participants follow their operations, and a round ends when all is over. */
import { appendAudit } from '../audit/audit.sql.ts'
import { inTransaction } from '../db/transaction.ts'
import type { World } from '../world.ts'
import { findCampaign, findCounts, findInState, moveCampaign, setNextRound } from './campaign.sql.ts'
import { insertNotice } from './notice.sql.ts'
import { computeManifest } from './report/manifest.ts'
import { nextDate } from './schedule.ts'
import { endRound, findWithoutManifest, saveManifest, settleParticipants } from './settle.sql.ts'

const atOnce = 1_000

export async function settle(world: World): Promise<void> {
  while ((await settleParticipants(world.pool, atOnce)) === atOnce);
  for (const { id } of await findInState(world.pool, 'acting')) await endIfOver(world, id)
  for (const { campaignId, number } of await findWithoutManifest(world.pool))
    await sign(world, campaignId, number)
}

async function endIfOver({ pool }: World, id: string): Promise<void> {
  await inTransaction(pool, async (tx) => {
    const campaign = await findCampaign(tx, id, { lock: true })
    if (campaign?.state !== 'acting') return
    const { round, definition, occurrence } = campaign
    const counts = await findCounts(tx, id, round)
    if (counts.acting || counts.left) return
    await endRound(tx, id, round)
    const next = definition.schedule && (await nextDate(tx, definition.schedule, occurrence + 1))
    await moveCampaign(tx, id, next ? 'scheduled' : 'ended')
    await setNextRound(tx, id, next ?? null)
    await insertNotice(tx, id, round, 'ended', { counts, report: `/campaigns/${id}/report?round=${round}` })
  })
}

/** The report's checksums, written once: from there on nobody can change a word of it unseen. */
async function sign({ pool }: World, id: string, number: number): Promise<void> {
  const manifest = await computeManifest(pool, id, number)
  await inTransaction(pool, async (tx) => {
    if (!(await saveManifest(tx, id, number, manifest))) return
    const counts = await findCounts(tx, id, number)
    await appendAudit(tx, {
      action: 'campaign.round-ended',
      actor: 'system',
      details: { campaign: id, round: number, counts, manifest }
    })
  })
}
