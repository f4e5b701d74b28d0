import t from 'tap'
import { playBatch } from './harness/batch.ts'

const seed = Number(process.env.FAULT_SEED ?? 1)
const size = Number(process.env.FAULT_SIZE ?? 40)
const batches = Number(process.env.FAULT_BATCHES ?? 2)

for (let n = 0; n < batches; n++) {
  t.test(
    `seed ${seed + n}: every operation ends, and every promise is kept`,
    { timeout: 300_000 },
    async (t) => {
      const runs = await playBatch(t, { seed: seed + n, size })
      for (const { userId, kind, fault, broken } of runs) t.same(broken, [], `${kind} of ${userId}, ${fault}`)
    }
  )
}
