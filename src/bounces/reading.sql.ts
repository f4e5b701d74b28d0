import type { Pool } from '../db/pool.ts'

const readingClass = 0x10e1

/**
 * Does it in one process at a time: of all replicas, whoever comes first.
 * @returns undefined where another one is at it
 */
export async function ifNobodyReads<T>(pool: Pool, work: () => Promise<T>): Promise<T | undefined> {
  const client = await pool.connect()
  let isHeld = false
  try {
    // A host that vanishes says no goodbye: the lock is dropped within about 9 s. The connection may keep that.
    await client.query(
      'SET tcp_keepalives_idle = 3; SET tcp_keepalives_interval = 2; SET tcp_keepalives_count = 3'
    )
    const { rows } = await client.query<{ mine: boolean }>('SELECT pg_try_advisory_lock($1, 0) AS mine', [
      readingClass
    ])
    if (!rows[0]!.mine) return undefined
    isHeld = true
    return await work()
  } finally {
    // A connection that cannot let go of it is closed, which lets go as well.
    const isFree =
      !isHeld || (await client.query('SELECT pg_advisory_unlock($1, 0)', [readingClass]).catch(() => false))
    client.release(!isFree)
  }
}
