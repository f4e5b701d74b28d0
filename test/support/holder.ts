/** A process of its own that begins a call with a password, and stays at it. Says `holding` once it is. */
import { createPool } from '../../src/db/pool.ts'
import { createAttempts } from '../../src/nextcloud/attempts.ts'

const databaseUrl = process.env.DATABASE_URL!
const attempts = createAttempts(databaseUrl, createPool(databaseUrl))
await attempts.within({ proven: () => false }, async () => {
  process.stdout.write('holding\n')
  await new Promise((resolve) => setTimeout(resolve, 60_000))
})
