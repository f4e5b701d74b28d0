/** Signed heads of the log leave the house, so that nobody who has the house can take back what was in it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Pool } from '../../db/pool.ts'
import { type CheckpointTarget, publish } from './publish.ts'
import { keepCheckpoint, saveTurn, takeTurn } from './publishing.sql.ts'

export type Publishing = {
  pool: Pool
  targets: CheckpointTarget[]
  log: Pick<Logger, 'warn'>
  everySeconds: number
}

/** Also where nothing was added: whoever gets them sees that nothing was. Any number of processes may do it. */
export function startPublishing(publishing: Publishing): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const { signal } = stopping
  const lookMs = Math.min(publishing.everySeconds * 1_000, 5_000) / 5
  const loop = (async () => {
    while (!signal.aborted) {
      await publishOnce(publishing, signal).catch((error) =>
        publishing.log.warn({ err: error }, 'the checkpoint of the audit: tried again in a moment')
      )
      await sleep(lookMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    }
  }
}

async function publishOnce(
  { pool, targets, log, everySeconds }: Publishing,
  signal: AbortSignal
): Promise<void> {
  // A little early: what is due every minute is to come within each.
  if (!(await takeTurn(pool, everySeconds * 0.9))) return
  const head = await keepCheckpoint(pool)
  if (!head) return
  const failed = (await publish(head.note, targets, signal)).filter(({ error }) => error !== undefined)
  for (const { target, error } of failed)
    log.warn({ target, detail: error }, 'the checkpoint of the audit is not there: tried again with the next')
  const said = failed.map(({ target, error }) => `${target}: ${error}`).join('; ')
  await saveTurn(pool, head.size, said === '' ? null : said.slice(0, 500))
}
