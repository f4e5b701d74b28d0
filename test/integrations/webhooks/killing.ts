import { setTimeout as sleep } from 'node:timers/promises'
import type { Test } from 'tap'
import { deliveryPoints } from '../../../src/integrations/webhooks/deliver.ts'
import { checkpoints } from '../../../src/world.ts'
import type { Random } from '../../faults/harness/random.ts'
import { eventually, type Locksmith } from '../../support/locksmith.ts'
import { spawnProgram, type WorkerProcess } from '../../support/spawn-worker.ts'

/** Where a process dies. `afterMs`: wherever it is by then. `worker`: it works on operations, too. */
export type KillAt = { worker: boolean; point: string; n: number; afterMs?: number }

/** `begun` is of steps that may be done once, and there is none here. */
const ofOperations = checkpoints.filter((point) => point !== 'begun').map((point) => `operation ${point}`)
const ofDeliveries = deliveryPoints.map((point) => `delivery ${point}`)

/** Whoever does not come to its place dies where it is by then: one more of those that die anywhere. */
const longestMs = 10_000

/** So many; a fifth of them in processes that work on operations as well. */
export function killsOf(random: Random, count: number): KillAt[] {
  const points = {
    worker: [...ofOperations, ...ofDeliveries, 'anywhere'],
    teller: [...ofDeliveries, ...ofDeliveries, 'anywhere']
  }
  return Array.from({ length: count }, (_, i) => {
    const worker = i % 5 === 0
    const point = random.pick(worker ? points.worker : points.teller)
    const anywhere = point === 'anywhere' && { afterMs: random.below(400) }
    return { worker, point, n: 1 + random.below(worker ? 4 : 12), ...anywhere }
  })
}

/** Processes work side by side, and each one that dies is replaced by one that dies elsewhere. */
export async function play(
  t: Test,
  locksmith: Pick<Locksmith, 'databaseUrl' | 'sandbox'>,
  kills: KillAt[],
  { env, feed }: { env: Record<string, string>; feed(): Promise<void> }
): Promise<void> {
  const hire = (worker: boolean, killAt?: KillAt): Promise<WorkerProcess> =>
    spawnProgram(t, `../integrations/webhooks/${worker ? 'worker' : 'teller'}.ts`, locksmith, {
      ...env,
      ...(killAt && { KILL_AT: JSON.stringify(killAt) }),
      NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? ''
    })
  async function lane(mine: KillAt[]) {
    for (const killAt of mine) {
      const { child, ended } = await hire(killAt.worker, killAt)
      const over = new AbortController()
      const elsewhere = sleep(killAt.afterMs ?? longestMs, undefined, { signal: over.signal }).then(
        () => child.kill('SIGKILL'),
        () => {}
      )
      await ended
      over.abort()
      await elsewhere
      t.equal(child.signalCode, 'SIGKILL', JSON.stringify(killAt))
    }
  }
  let isOver = false
  const lanes = Promise.all(
    [true, false].map((worker) => lane(kills.filter((each) => each.worker === worker)))
  )
  const ended = lanes.finally(() => {
    isOver = true
  })
  // There is always something to do, so that each comes to its place.
  while (!isOver) {
    await feed()
    await Promise.race([sleep(50), ended])
  }
  await ended
  await hire(true)
}

/** Once nothing is open and nothing is to be sent any more. */
export async function settled({ world }: Pick<Locksmith, 'world'>, seconds: number): Promise<void> {
  const open = `SELECT 'operation' AS what, state, problem->>'code' AS why FROM operation
           WHERE state IN ('queued', 'running', 'waiting')
          UNION ALL SELECT 'delivery', state, result FROM webhook_delivery WHERE state = 'pending' OR claim IS NOT NULL`
  await eventually(
    async () => (await world.pool.query(open)).rows,
    (rows) => rows.length === 0,
    seconds
  )
}
