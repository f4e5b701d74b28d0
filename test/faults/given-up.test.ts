import t from 'tap'
import { aimFaults, deal, judgeAll, notMet } from './harness/batch.ts'
import { allLasting } from './harness/faults.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'
import { allFinal, hireCrew } from './harness/stage.ts'

const atOnce = 28
const count = passes > 1 ? Math.ceil(allLasting.length / atOnce) : 1

for (let n = 0; n < count; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: what never works is given up, all else is done, and only the truth is said; a retry does the rest`,
    { timeout: 300_000 },
    async (t) => {
      const cards = createRandom(firstSeed)
        .shuffled(allLasting)
        .slice(n * atOnce, (n + 1) * atOnce)
      const { stage, subjects, credentials, ids } = await deal(t, { seed, cards })
      const { locksmith, sandbox } = stage
      aimFaults(sandbox, subjects)
      // Half an hour is 9 s here.
      const crew = hireCrew(t, stage, 2, [], { RETRY_GIVE_UP_HOURS: '0.5' })
      await allFinal(locksmith, ids)
      await crew.dismiss()
      const missed = new Set(notMet(sandbox))
      sandbox.clearFaults()
      const played = { seed, subjects, credentials, ids, missed, alongside: [] }
      conclude(t, 'given-up', await judgeAll(t, stage, played))
    }
  )
}
