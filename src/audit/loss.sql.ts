import type { Db } from '../db/pool.ts'

/** Checkpoints of which somebody said that what they were signed for is lost. */
export async function findLossesAccepted(db: Db): Promise<string[]> {
  const { rows } = await db.query<{ lost: string }>(
    `SELECT details->>'lost' AS lost FROM audit_event WHERE action = 'audit.went-on-after-loss'`
  )
  return rows.map(({ lost }) => lost)
}
