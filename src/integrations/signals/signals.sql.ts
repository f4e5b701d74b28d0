import type { Db, Pool } from '../../db/pool.ts'

/** @property id `jti` */
export type SignalId = { issuer: string; id: string }

/** Whether it was acted upon before. */
export async function isKnown(db: Db | Pool, { issuer, id }: SignalId): Promise<boolean> {
  const { rowCount } = await db.query('SELECT FROM received_signal WHERE issuer = $1 AND id = $2', [
    issuer,
    id
  ])
  return rowCount === 1
}

/** @returns false where somebody else was quicker, who is waited for */
export async function saveSignal(tx: Db, { issuer, id }: SignalId): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO received_signal (issuer, id) VALUES ($1, $2) ON CONFLICT DO NOTHING',
    [issuer, id]
  )
  return rowCount === 1
}

/** What is older than any that would still be acted upon. */
export const deleteOldSignals = (db: Db, days: number) =>
  db.query('DELETE FROM received_signal WHERE received_at < locksmith_now() - make_interval(days => $1)', [
    days
  ])
