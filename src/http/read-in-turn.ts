import type { PoolClient } from 'pg'
import type { Pool } from '../db/pool.ts'
import { openSnapshot } from '../db/snapshot.ts'

/**
 * Reads one moment of the database once there is a turn for it: each holds a connection, however slowly it is read.
 * @param takeTurn of `createTurns`
 * @param read answers, and calls `release` when what it reads from is read: at once, or at the end of a stream
 * @throws what `read` throws, released
 */
export async function readInTurn<T>(
  pool: Pool,
  takeTurn: () => Promise<() => void>,
  read: (db: PoolClient, release: () => Promise<void>) => Promise<T>
): Promise<T> {
  const endTurn = await takeTurn()
  const snapshot = await openSnapshot(pool).catch((error) => {
    endTurn()
    throw error
  })
  const release = () => snapshot.close().finally(endTurn)
  try {
    return await read(snapshot.db, release)
  } catch (error) {
    await release()
    throw error
  }
}
