import type { World } from '../../src/world.ts'

/** Meanwhile the process lives, and nobody can see it: the connection that says so breaks as often as it is made. */
export async function unseen<T>({ presence, pool }: World, work: () => Promise<T>): Promise<T> {
  const key = presence.key()
  let over = false
  const breaking = (async () => {
    while (!over) {
      await pool.query(
        `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = $1`,
        [key]
      )
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  })()
  try {
    return await work()
  } finally {
    over = true
    await breaking
  }
}
