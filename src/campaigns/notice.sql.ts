import type { Db } from '../db/pool.ts'

export const noticeKinds = ['left', 'bounced', 'closed', 'aborted', 'ended'] as const
export type NoticeKind = (typeof noticeKinds)[number]

/** What the campaign's owner is to be told; it goes with others in one mail a few minutes later. */
export async function insertNotice(
  tx: Db,
  campaignId: string,
  round: number,
  kind: NoticeKind,
  details: object
): Promise<void> {
  await tx.query('INSERT INTO campaign_notice (campaign_id, round, kind, details) VALUES ($1, $2, $3, $4)', [
    campaignId,
    round,
    kind,
    details
  ])
}
