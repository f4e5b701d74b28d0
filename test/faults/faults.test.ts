import t from 'tap'
import { playBatch } from './harness/batch.ts'
import { deckOf } from './harness/faults.ts'
import { createRandom } from './harness/random.ts'
import { conclude, firstSeed, passes } from './harness/results.ts'

const atOnce = 44

// Replay a batch by its seed: FAULT_SEED=… FAULT_ONLY=1
for (let pass = 0; pass < passes; pass++) {
  const batches = Math.ceil(deckOf(pass, createRandom(0)).length / atOnce)
  const start = firstSeed + pass * batches
  const deck = deckOf(pass, createRandom(start))
  for (let n = 0; n < batches; n++) {
    const seed = start + n
    // By default a sample: every fourth batch.
    if (process.env.FAULT_ONLY ? Number(process.env.FAULT_ONLY) !== seed : passes < 1 && n % 8 !== 0) continue
    t.test(`seed ${seed}: every operation ends as the model says`, { timeout: 300_000 }, async (t) => {
      const cards = deck.slice(n * atOnce, (n + 1) * atOnce)
      conclude(t, 'faults', await playBatch(t, { seed, cards }))
    })
  }
}
