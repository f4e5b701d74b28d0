import type { Db, Pool } from '../../db/pool.ts'
import { storable } from '../../db/storable.ts'
import { placeOf } from '../../operations/operation.ts'

/** @property id `jti` */
export type SignalId = { issuer: string; id: string }

/** Longer ones fit in no index. */
const longestId = 400

/** Whether a `jti` is one that can be kept, and so known again. */
export const isSignalId = (jti: unknown): jti is string =>
  typeof jti === 'string' && jti !== '' && jti.length <= longestId && storable(jti) === jti

/** @returns what was acted upon before, and about whom: null where nobody was found; undefined for what is new */
export async function findSignal(
  db: Db | Pool,
  { issuer, id }: SignalId
): Promise<{ place: string | null } | undefined> {
  const { rows } = await db.query<{ place: string | null }>(
    'SELECT place FROM received_signal WHERE issuer = $1 AND id = $2',
    [issuer, id]
  )
  return rows[0]
}

/** @returns false where somebody else was quicker, who is waited for */
export async function saveSignal(tx: Db, { issuer, id }: SignalId, userId?: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'INSERT INTO received_signal (issuer, id, place) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING',
    [issuer, id, userId === undefined ? null : placeOf(userId)]
  )
  return rowCount === 1
}

/** What is older than any that would still be acted upon. */
export const deleteOldSignals = (db: Db, days: number) =>
  db.query('DELETE FROM received_signal WHERE received_at < locksmith_now() - make_interval(days => $1)', [
    days
  ])
