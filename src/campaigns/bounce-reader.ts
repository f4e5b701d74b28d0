import { setTimeout as sleep } from 'node:timers/promises'
import { type ReadOptions, readBounces, sayMailbox } from '../bounces/read.ts'
import { ifNobodyReads } from '../bounces/reading.sql.ts'
import type { World } from '../world.ts'
import { recordBounce } from './bounce.ts'

export type BounceReaderOptions = Pick<ReadOptions, 'tls'> & { everyMs?: number }

/**
 * Each minute, where a mailbox is set: what came back is recorded. What cannot be read or recorded stays unseen there,
 * and is read the next time; it is said once that it began to fail, and once that it works again.
 */
export function startBounceReader(
  { config, pool, log }: Pick<World, 'config' | 'pool' | 'log'>,
  { everyMs = 60_000, tls }: BounceReaderOptions = {}
): { stop(): Promise<void> } {
  const { bounces } = config
  if (!bounces) return { stop: async () => {} }
  const stopping = new AbortController()
  const { signal } = stopping
  let trouble: string | undefined

  async function readOnce({ mailbox }: NonNullable<typeof bounces>): Promise<void> {
    let recording = false
    try {
      const count = await ifNobodyReads(pool, () =>
        readBounces({ mailbox, signal, ...(tls && { tls }) }, async (bounce) => {
          recording = true
          const outcome = await recordBounce(pool, bounce)
          recording = false
          log.info({ mail: bounce.mailId, bounce: bounce.kind, outcome }, 'a mail came back')
        })
      )
      if (!count || !trouble) return
      trouble = undefined
      log.info('the mailbox of bounces is read again')
    } catch (error) {
      const found = recording ? 'the database does not take what came back' : sayMailbox(error)
      if (signal.aborted || found === trouble) return
      trouble = found
      // Not the error itself: a mail server's words may have anything in them.
      log.warn({ detail: found }, 'the mailbox of bounces cannot be read: it is tried again each minute')
    }
  }

  const loop = (async () => {
    while (!signal.aborted) {
      await readOnce(bounces)
      await sleep(everyMs, undefined, { signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
    }
  }
}
