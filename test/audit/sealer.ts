/** A process that seals, and stops for ever at one point: to be killed there. Says so by a line. */
import { seal } from '../../src/audit/seal.ts'
import { createPool } from '../../src/db/pool.ts'
import { testKeys, testMark } from '../support/audit-keys.ts'

const [databaseUrl = '', point] = process.argv.slice(2)
const pool = createPool(databaseUrl, 2, testMark)
const hang = () => {
  process.stdout.write(`${point}\n`)
  return new Promise<never>(() => setInterval(() => {}, 1_000))
}
await seal(pool, testKeys, 0, async (at) => {
  if (at === point) await hang()
})
await hang()
