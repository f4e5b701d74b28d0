/** One of the threads that examine the log: says each of its parts, and waits where nobody takes them. */
import { on } from 'node:events'
import { parentPort, workerData } from 'node:worker_threads'
import { createPool } from '../db/pool.ts'
import { openSnapshot } from '../db/snapshot.ts'
import { openExaminer, type Part } from './examine.ts'
import type { Share } from './examine-side-by-side.ts'

const { url, snapshot, parts, ...marking } = workerData as Share
const pool = createPool(url, 1)
const { db, close } = await openSnapshot(pool, snapshot)
const look = await openExaminer(db, marking)
const taken = on(parentPort!, 'message')

/** While one part is looked at the database reads the next. */
const ahead = 2

const looks: Promise<Part>[] = []
let untaken = 0
for (const [n] of parts.entries()) {
  for (const { after, upTo } of parts.slice(n + looks.length, n + ahead)) looks.push(look(after, upTo))
  const part = await looks.shift()!
  for (; untaken >= ahead; untaken--) await taken.next()
  const { indexes, seqs, times, hashes, commitments } = part
  const figures = [indexes, seqs, times, hashes, commitments].map(({ buffer }) => buffer as ArrayBuffer)
  parentPort!.postMessage(part, figures)
  untaken++
}
await close()
await pool.end()
parentPort!.postMessage('over')
