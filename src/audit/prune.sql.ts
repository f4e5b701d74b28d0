import type { Db } from '../db/pool.ts'

export async function lockTree(db: Db, isToChange: boolean): Promise<{ size: number; pruned: number }> {
  const { rows } = await db.query<{ size: number; pruned: number }>(
    `SELECT size, pruned FROM audit_tree ${isToChange ? 'FOR UPDATE' : ''}`
  )
  return rows[0]!
}

/** The first leaf whose event is of that time or later. */
export async function findFirstSince(db: Db, since: Date): Promise<number | null> {
  const { rows } = await db.query<{ index: number | null }>(
    `SELECT min(l.index) AS index FROM audit_event e JOIN audit_leaf l ON l.seq = e.seq WHERE e.at >= $1`,
    [since]
  )
  return rows[0]!.index
}

/** Whether a log says that it was pruned by this approval. */
export async function isPruningDone(db: Db, approval: string): Promise<boolean> {
  const { rowCount } = await db.query(
    `SELECT FROM audit_event WHERE action = 'audit.pruned' AND details->>'approval' = $1`,
    [approval]
  )
  return rowCount !== 0
}

/** Leaves of a group of 256 that is not gone as a whole are kept: proofs of the others need their hashes. */
export async function deleteLeaves(tx: Db, size: number, frontier: Buffer[]): Promise<void> {
  await tx.query(`SET LOCAL locksmith.prunes = 'yes'`)
  for (const table of ['audit_event', 'audit_personal', 'audit_erasure'])
    await tx.query(`DELETE FROM ${table} WHERE seq IN (SELECT seq FROM audit_leaf WHERE index < $1)`, [size])
  await tx.query('DELETE FROM audit_leaf WHERE index < $1', [size - (size % 256)])
  await tx.query('UPDATE audit_tree SET pruned = $1, pruned_frontier = $2', [size, Buffer.concat(frontier)])
}
