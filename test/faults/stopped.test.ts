import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { blowsOf, deal, judgeAll } from './harness/batch.ts'
import { allStops } from './harness/faults.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'
import { allFinal, hireCrew } from './harness/stage.ts'

const atOnce = 4
const count = passes > 1 ? Math.ceil(allStops.length / atOnce) : 1

for (let n = 0; n < count; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: what a stopped process was at, others finish; resumed, it writes and sends nothing`,
    { timeout: 300_000 },
    async (t) => {
      const cards = createRandom(firstSeed)
        .shuffled(allStops)
        .slice(n * atOnce, (n + 1) * atOnce)
      const { stage, subjects, credentials, ids } = await deal(t, { seed, cards })
      const { locksmith, sandbox } = stage
      const blows = blowsOf(subjects)
      const crew = hireCrew(t, stage, atOnce + 2, blows)
      await allFinal(locksmith, ids)
      t.ok(crew.stopped.length > 0, `${crew.stopped.length} processes were stopped`)
      const stoppedAt = Math.max(...crew.stopped.map(({ at }) => at))
      const took = performance.now() - stoppedAt
      t.ok(took < 25_000, `over ${Math.round(took / 1_000)} s after the last was stopped`)

      const look = async () => ({
        audit: (await locksmith.world.pool.query('SELECT count(*) AS n FROM audit_event')).rows[0].n,
        operations: (await locksmith.world.pool.query('SELECT * FROM operation ORDER BY id')).rows,
        steps: (await locksmith.world.pool.query('SELECT * FROM operation_step ORDER BY 1, 2')).rows,
        effects: sandbox.calls().flatMap(({ effects }) => effects).length
      })
      const before = await look()
      for (const { worker } of crew.stopped) worker.child.kill('SIGCONT')
      await sleep(3_000)
      t.same(await look(), before, 'nothing stale was written or sent')
      await crew.dismiss()

      // Whose first attempt was in a process that another one's stop had stopped already.
      const missed = new Set(blows.map(({ user }) => user))
      const alongside = crew.alongside
      conclude(
        t,
        'stopped',
        await judgeAll(t, stage, { seed, subjects, credentials, ids, missed, alongside })
      )
    }
  )
}
