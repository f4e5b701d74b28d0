/** `locksmith serve` or `locksmith api`, which also tells its memory after garbage was collected. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../../src/cli/serve.ts'
import { onQuestion, tell } from './answer.ts'

onQuestion(async () => {
  for (let round = 0; round < 3; round++) {
    global.gc!() // with --expose-gc
    await sleep(50) // finalizers run between
  }
  return process.memoryUsage()
})
await serve({ api: true, work: process.argv[2] === 'serve' })()
tell({})
