import t from 'tap'
import { aimFaults, judgeAll, notMet, requestAll } from './harness/batch.ts'
import { allLasting } from './harness/faults.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'
import { allFinal, hireCrew, setStage } from './harness/stage.ts'
import { furnish, planSubject } from './harness/subject.ts'

const atOnce = 28
const count = passes > 1 ? Math.ceil(allLasting.length / atOnce) : 1

for (let n = 0; n < count; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: what never works is given up, all else is done, and only the truth is said; a retry does the rest`,
    { timeout: 300_000 },
    async (t) => {
      const random = createRandom(seed)
      const cards = createRandom(firstSeed)
        .shuffled(allLasting)
        .slice(n * atOnce, (n + 1) * atOnce)
      const subjects = cards.map((card, at) => planSubject(random, at, card))
      const stage = await setStage(t, { version: random.pick([31, 33, 34]), settings: { allowListed: true } })
      const { locksmith, sandbox } = stage
      const credentials = subjects.map((subject) => furnish(sandbox, subject))
      const ids = await requestAll(locksmith, subjects)
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
