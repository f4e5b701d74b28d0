import type { PoolClient } from 'pg'
import type { Pool } from './pool.ts'

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> {
  const tx = await pool.connect()
  try {
    await tx.query('BEGIN')
    const result = await work(tx)
    await tx.query('COMMIT')
    tx.release()
    return result
  } catch (error) {
    // A connection that cannot roll back is closed, which rolls back as well.
    await tx.query('ROLLBACK').then(
      () => tx.release(),
      () => tx.release(true)
    )
    throw error
  }
}
