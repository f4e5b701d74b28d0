/** `locksmith serve` or `locksmith api`, which also tells what it takes. */
import { setTimeout as sleep } from 'node:timers/promises'
import { serve } from '../../src/cli/serve.ts'
import { onQuestion, tell } from './answer.ts'

export type Question =
  /** Its memory after garbage was collected; with --expose-gc. */
  | { do: 'collect' }
  /** The most memory (bytes, resident) since it was last asked, and all the processor time (ms) since it started. */
  | { do: 'look' }

let mostMemory = 0
setInterval(() => {
  mostMemory = Math.max(mostMemory, process.memoryUsage.rss())
}, 20).unref()

onQuestion<Question>(async (question) => {
  if (question.do === 'look') {
    const { user, system } = process.cpuUsage()
    const told = { mostMemory, processorMs: (user + system) / 1_000 }
    mostMemory = 0
    return told
  }
  for (let round = 0; round < 3; round++) {
    global.gc!()
    await sleep(50) // finalizers run between
  }
  return process.memoryUsage()
})
await serve({ api: true, work: process.argv[2] === 'serve' })()
tell({})
