import type { PoolClient } from 'pg'
import type { Pool } from './pool.ts'

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export const inTransaction = <T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> =>
  transact(pool, work, 'COMMIT')

/** Runs `work` in one transaction and takes all of it back: what it would have come to. */
export const inVain = <T>(pool: Pool, work: (tx: PoolClient) => Promise<T>): Promise<T> =>
  transact(pool, work, 'ROLLBACK')

async function transact<T>(
  pool: Pool,
  work: (tx: PoolClient) => Promise<T>,
  end: 'COMMIT' | 'ROLLBACK'
): Promise<T> {
  const tx = await pool.connect()
  try {
    await tx.query('BEGIN')
    const result = await work(tx)
    await tx.query(end)
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
