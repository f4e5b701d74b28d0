/** Writes to an audit log, seals it, reads and verifies it, as often and as long as it is asked to. */
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { appendAudit } from '../../src/audit/audit.sql.ts'
import type { AuditEvent } from '../../src/audit/event.ts'
import { exportCsv, exportNdjson } from '../../src/audit/export.ts'
import { readAuditKeys } from '../../src/audit/keys.ts'
import { readLag } from '../../src/audit/seal.sql.ts'
import { seal } from '../../src/audit/seal.ts'
import { startSealing } from '../../src/audit/sealing.ts'
import { verifyDatabase } from '../../src/audit/verify-database.ts'
import { createPool } from '../../src/db/pool.ts'
import { openSnapshot } from '../../src/db/snapshot.ts'

const { DATABASE_URL = '', AUDIT_SIGNING_KEY = '' } = process.env
const keys = readAuditKeys(AUDIT_SIGNING_KEY)!
const [mark] = keys.marks
const pool = createPool(DATABASE_URL, 12, mark)
const log = { warn: console.error, error: console.error }

const anEvent = (n: number): AuditEvent => ({
  action: 'step.done',
  actor: 'system',
  userId: `user-${n % 10_000}`,
  operationId: randomUUID(),
  details: {
    step: 'revoke-tokens',
    attempt: 1,
    outcome: {
      passwordReplaced: true,
      revoked: { sessions: 2, appPasswords: n % 7 },
      remaining: 0,
      earlierResetLink: 'dead'
    }
  }
})

type Question =
  | { do: 'append' | 'plain'; seconds: number; writers: number }
  | { do: 'fill'; events: number; seconds: number }
  | { do: 'verify' }
  | { do: 'export'; format: 'ndjson' | 'csv'; file: string }

const answers = {
  append: ({ seconds, writers }: { seconds: number; writers: number }) =>
    load(seconds, writers, (n) => appendAudit(pool, anEvent(n))),
  /** What any service would do: one row, in one statement. */
  plain: ({ seconds, writers }: { seconds: number; writers: number }) =>
    load(seconds, writers, async (n) => {
      await pool.query('INSERT INTO plain (details) VALUES ($1)', [JSON.stringify(anEvent(n))])
    }),
  fill,
  async verify() {
    const memory = watchMemory()
    const began = performance.now()
    const { ok, events } = await verifyDatabase(pool, { verifiers: keys.signers }, keys)
    return { ok, events, seconds: (performance.now() - began) / 1_000, ...memory.stop() }
  },
  async export({ format, file }: { format: 'ndjson' | 'csv'; file: string }) {
    const memory = watchMemory()
    const began = performance.now()
    const { db, close } = await openSnapshot(pool)
    const out = createWriteStream(file)
    for await (const piece of format === 'csv' ? exportCsv(db, {}) : exportNdjson(db, undefined))
      if (!out.write(piece)) await once(out, 'drain')
    await close()
    out.end()
    await once(out, 'close')
    return { seconds: (performance.now() - began) / 1_000, bytes: out.bytesWritten, ...memory.stop() }
  }
}

/** Each writer waits for its commit; this process seals meanwhile, as every process of Locksmith does. */
async function load(seconds: number, writers: number, write: (n: number) => Promise<void>) {
  const sealing = startSealing({ pool, keys, log })
  const until = performance.now() + seconds * 1_000
  const took: number[] = []
  let unsealedSeconds = 0
  const watching = setInterval(() => {
    readLag(pool).then(({ oldestSeconds }) => {
      unsealedSeconds = Math.max(unsealedSeconds, oldestSeconds)
    }, console.error)
  }, 200)
  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (let n = writer; performance.now() < until; n += writers) {
        const began = performance.now()
        await write(n)
        took.push(performance.now() - began)
      }
    })
  )
  clearInterval(watching)
  await sealing.stop()
  return { took, unsealedSeconds }
}

/** Sealed events, as many and as fast as can be, in at most `seconds`. */
async function fill({ events: all, seconds }: { events: number; seconds: number }) {
  const until = performance.now() + seconds * 1_000
  for (let from = 0; from < all && performance.now() < until; from += 2_000) {
    const events = Array.from({ length: Math.min(2_000, all - from) }, (_, n) => anEvent(from + n))
    await appendAudit(pool, ...events)
    while ((await seal(pool, keys, 0))?.isMore);
  }
  return {}
}

function watchMemory() {
  let mostMemory = 0
  const look = () => {
    mostMemory = Math.max(mostMemory, process.memoryUsage().rss)
  }
  const watching = setInterval(look, 100)
  return {
    stop() {
      clearInterval(watching)
      look()
      return { mostMemory }
    }
  }
}

process.on('message', async (question: Question) => {
  process.send!(await answers[question.do](question as never))
})
process.once('SIGTERM', () => pool.end().then(() => process.exit(0)))
process.send!('ready')
