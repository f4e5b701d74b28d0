/**
 * Whether memory stays flat: the heap of one Locksmith process (API and worker) after 1,000 operations and
 * after 10,000 more, each time with nothing under way and garbage collected.
 *
 * Whole resets, each of another user, so that anything kept by user, operation or request would show. Mail "none":
 * Nextcloud's limit of 10 reset mails per 300 s cannot be lifted. The simulated Nextcloud adds no latency,
 * has our address allow-listed, and runs in a process of its own.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { Pool } from 'undici'
import type { Length, Ratio } from './result.ts'
import type { LocksmithUnderTest, Stage } from './stage.ts'

const atOnce = 16

export async function measureMemory(stage: Stage, { quick, until }: Length): Promise<Ratio> {
  const warmUp = quick ? 100 : 1_000
  const operations = quick ? 200 : 10_000
  const sandbox = await stage.sandbox({ settings: { allowListed: true, applyAllowlistToRateLimit: true } })
  await sandbox.ask({ do: 'create', prefix: 'u', count: warmUp + operations })
  const locksmith = await stage.locksmith('serve', sandbox, { nodeArgs: ['--expose-gc'] })
  const pool = new Pool(locksmith.url, { connections: atOnce })

  let next = 0
  async function drive(to: number): Promise<void> {
    const loop = async () => {
      while (next < to && performance.now() < until) await reset(pool, locksmith, `u${next++}`)
    }
    await Promise.all(Array.from({ length: atOnce }, loop))
    await sleep(500) // pg-boss settles its last jobs
  }
  await drive(warmUp)
  const before = (await locksmith.ask({ do: 'collect' })) as NodeJS.MemoryUsage
  const started = performance.now()
  await drive(warmUp + operations)
  const rate = (next - warmUp) / ((performance.now() - started) / 1_000)
  const after = (await locksmith.ask({ do: 'collect' })) as NodeJS.MemoryUsage
  await pool.close()

  const done = next - warmUp
  const ratio = after.heapUsed / before.heapUsed
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
  const shown = (of: keyof NodeJS.MemoryUsage) => `${mib(before[of])} → ${mib(after[of])}`
  return {
    name: `heap after ${done.toLocaleString('en')} operations / before`,
    ratio,
    goal: '0.9 … 1.1',
    ok: ratio >= 0.9 && ratio <= 1.1 && (quick || done === operations),
    notes: [
      `heap used ${shown('heapUsed')}, external ${shown('external')}, resident set ${shown('rss')}; garbage collected before each look`,
      `one process, API and worker; ${warmUp.toLocaleString('en')} operations before the first look; ${atOnce} at once, ${rate.toFixed(0)} finished resets/s, each of another user`,
      ...(done < operations
        ? [
            `only ${done.toLocaleString('en')} of ${operations.toLocaleString('en')} operations in the time given`
          ]
        : [])
    ]
  }
}

async function reset(pool: Pool, { key }: LocksmithUnderTest, id: string): Promise<void> {
  const response = await pool.request({
    method: 'POST',
    path: `/users/${id}/reset`,
    headers: { authorization: `Bearer ${key}`, prefer: 'wait=30', 'content-type': 'application/json' },
    body: JSON.stringify({ reason: 'bench', mail: 'none' })
  })
  const operation = (await response.body.json()) as { state?: string }
  if (response.statusCode !== 200 || operation.state !== 'succeeded')
    throw new Error(`the reset of ${id} ended with ${response.statusCode}: ${JSON.stringify(operation)}`)
}
