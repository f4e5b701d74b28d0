/** Signed heads of the log leave the house, so that nobody who has the house can take back what was in it. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Pool } from '../../db/pool.ts'
import type { AuditKeys } from '../keys.ts'
import { isSigned } from '../note.ts'
import { readHead } from '../proof.sql.ts'
import { type CheckpointTarget, publish } from './publish.ts'
import { keepCheckpoint, saveTurn, takeTurn } from './publishing.sql.ts'

export type Publishing = {
  pool: Pool
  targets: CheckpointTarget[]
  log: Pick<Logger, 'warn'>
  everySeconds: number
  /** Nothing else leaves the house: it would take the place of what is signed. */
  keys: Pick<AuditKeys, 'signers'>
  /** Whether the log is still what it was; where it throws nothing leaves the house. */
  before?(): Promise<unknown>
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
  { pool, targets, log, everySeconds, keys, before }: Publishing,
  signal: AbortSignal
): Promise<void> {
  // A little early: what is due every minute is to come within each.
  if (!(await takeTurn(pool, everySeconds * 0.9))) return
  await before?.()
  const { checkpoint } = await readHead(pool)
  if (checkpoint === null) return
  refuseUnsigned(checkpoint, keys)
  const head = await keepCheckpoint(pool)
  if (!head) return
  refuseUnsigned(head.note, keys)
  const failed = (await publish(head.note, targets, signal)).filter(({ error }) => error !== undefined)
  for (const { target, error } of failed)
    log.warn({ target, detail: error }, 'the checkpoint of the audit is not there: tried again with the next')
  const said = failed.map(({ target, error }) => `${target}: ${error}`).join('; ')
  await saveTurn(pool, head.size, said === '' ? null : said.slice(0, 500))
}

function refuseUnsigned(note: string, { signers }: Pick<AuditKeys, 'signers'>): void {
  if (!isSigned(note, signers))
    throw new Error('The head of the audit log is not signed by a key that is configured: it does not leave')
}
