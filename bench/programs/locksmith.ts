/** `locksmith serve` or `locksmith api`, which also tells what it takes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../../src/cli/serve.ts'
import { onQuestion, tell } from './answer.ts'

export type Question =
  /** Its memory after garbage was collected; with --expose-gc. */
  | { do: 'collect' }
  /** The most memory (bytes, resident) and all the processor time (ms) it took since it started. */
  | { do: 'look' }

onQuestion<Question>(async (question) => {
  if (question.do === 'look') {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    return { mostMemory: maxRSS * 1024, processorMs: (userCPUTime + systemCPUTime) / 1_000 }
  }
  for (let round = 0; round < 3; round++) {
    global.gc!()
    await sleep(50) // finalizers run between
  }
  return process.memoryUsage()
})
await serve({ api: true, work: process.argv[2] === 'serve' })()
tell({})
