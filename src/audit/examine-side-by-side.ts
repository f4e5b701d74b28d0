/** Examines a long log in threads, each every so many-th part of it, all at the same moment of the database. */
import { on } from 'node:events'
import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import type { Marking, Part } from './examine.ts'

/** @property snapshot as it is shared */
type Moment = Marking & { url: string; snapshot: string }

/** Beside the sources it is TypeScript, in `dist` what was made of it. */
const program = new URL(`./examine-thread${extname(import.meta.url)}`, import.meta.url)

/** What one thread is to do. @property parts after which leaf each begins, and which is its last */
export type Share = Moment & { parts: { after: number; upTo: number | undefined }[] }

/**
 * The parts of the whole log after the leaves that were pruned, in their order.
 * @param ends the last leaf of each part; after those there may be another one
 * @throws what ends a thread
 */
export async function* examineSideBySide(
  pruned: number,
  ends: number[],
  threads: number,
  moment: Moment
): AsyncGenerator<Part> {
  const parts = [...ends, undefined].map((upTo, n) => ({ after: ends[n - 1] ?? pruned - 1, upTo }))
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: Share = { ...moment, parts: parts.filter((_, n) => n % threads === thread) }
    return new Worker(program, { workerData })
  })
  try {
    const answers = workers.map((worker) => {
      worker.once('messageerror', (error) => worker.emit('error', error))
      return on(worker, 'message', { close: ['exit'] })
    })
    for (const n of parts.keys()) {
      const { value, done } = await answers[n % threads]!.next()
      if (done) throw new Error('A thread that examined the log ended before its time')
      yield value[0] as Part
      workers[n % threads]!.postMessage('taken')
    }
    // They say when they have given back their connections.
    await Promise.all(answers.map((each) => each.next()))
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()))
  }
}
