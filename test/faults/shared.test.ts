import t from 'tap'
import { judgeAll, requestAll } from './harness/batch.ts'
import { remoteKinds } from './harness/faults.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes, type Run } from './harness/results.ts'
import { allFinal, hireCrew, setStage } from './harness/stage.ts'
import { furnish, planSubject, type Subject } from './harness/subject.ts'

/** What is asked of Nextcloud as a whole, for whichever operation comes first. */
const shared = {
  capabilities: '/cloud/capabilities',
  'two-factor enforcement': '/settings/api/admin/twofactorauth',
  'login page': '/index.php/login$',
  'app setting': '/config/apps/'
}

for (let n = 0; n < passes; n++) {
  const seed = firstSeed + n
  t.test(
    `seed ${seed}: what is asked for all of them meets every fault, and every operation ends as the model says`,
    { timeout: 300_000 },
    async (t) => {
      const random = createRandom(seed)
      const stage = await setStage(t, { version: random.pick([31, 33, 34]), settings: { allowListed: true } })
      const { locksmith, sandbox } = stage
      const subjects = Array.from({ length: 24 }, (_, at): Subject => {
        const subject = planSubject(random, at, { play: 'reset', hit: { do: 'none' } })
        return { ...subject, mail: at % 4 === 0 ? 'nextcloud' : 'none' }
      })
      const credentials = subjects.map((subject) => furnish(sandbox, subject))
      const ids = await requestAll(locksmith, subjects)
      const names: string[] = []
      for (const [call, pathRegex] of Object.entries(shared)) {
        // The first call meets the first fault, the second the second …: what fails is asked again.
        for (const [at, kind] of random.shuffled(remoteKinds).entries()) {
          names.push(`${call}: ${kind}`)
          const delayMs = kind === 'late' ? 1_300 : 100
          sandbox.addFault({ match: { method: 'GET', pathRegex }, nth: at + 1, times: 1, do: kind, delayMs })
        }
      }
      const crew = hireCrew(t, stage, 2)
      await allFinal(locksmith, ids, 200)
      await crew.dismiss()
      const faults = sandbox.faults()
      const met = names.filter((_, at) => faults[at]!.seen >= faults[at]!.nth!)
      t.ok(met.length > names.length / 2, `${met.length} of ${names.length} faults met a call`)
      const missed = new Set<string>()
      const played = { seed, subjects, credentials, ids, missed, alongside: [] }
      const broken = (await judgeAll(t, stage, played)).flatMap((run) => run.broken)
      const runs = met.map((fault): Run => ({ seed, userId: 'any', kind: 'reset', fault, broken }))
      conclude(t, 'shared', runs)
    }
  )
}
