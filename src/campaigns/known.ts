import type { Db, Pool } from '../db/pool.ts'
import { DomainError } from '../errors.ts'
import { findCampaign } from './campaign.sql.ts'
import type { Campaign } from './campaign.ts'

export const unknownCampaign = (id: string) =>
  new DomainError('unknown-campaign', `There is no campaign ${id}. Nothing was done.`)

/** @throws DomainError unknown-campaign */
export async function knownCampaign(
  db: Db | Pool,
  id: string,
  options?: { lock: boolean }
): Promise<Campaign> {
  const campaign = await findCampaign(db, id, options)
  if (!campaign) throw unknownCampaign(id)
  return campaign
}
