/** What keeps the audit log by itself, beside everything else that a process does. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Pool } from '../db/pool.ts'
import type { AuditKeys } from './keys.ts'
import { lookAgain, readTree } from './seal.sql.ts'
import { BrokenTree, openTree, seal } from './seal.ts'

/** Of the log that it needs. */
type Log = { warn(about: object, text: string): void; error(about: object, text: string): void }

export type Sealing = {
  pool: Pool
  keys: AuditKeys
  log: Log
  /** Default: four times a second. Milliseconds. */
  everyMs?: number
  /** Whether the log is still what it was, and its size; until it does not throw, nothing is sealed. */
  before?(): Promise<number>
}

/** After something failed that will fail again in a moment. Milliseconds. */
const restMs = 5_000

/** Any number of processes may do it: one at a time seals. */
export function startSealing({ pool, keys, log, everyMs = 250, before }: Sealing): {
  stop(): Promise<void>
} {
  const stopping = new AbortController()
  let seen = 0
  let isRight = before === undefined

  /** Also what others sealed was seen: then no older log is ever taken for the newest. */
  async function look(): Promise<boolean> {
    const { hasTail, ...tree } = await readTree(pool)
    if (tree.size > seen) seen = openTree(tree, keys, seen).size
    return hasTail
  }

  async function sealAll(): Promise<void> {
    if (!isRight) seen = Math.max(seen, (await before?.()) ?? 0)
    isRight = true
    if (!(await look())) return
    for (;;) {
      const sealed = await seal(pool, keys, seen)
      if (!sealed) return
      seen = sealed.size
      if (sealed.foreign > 0)
        log.error(
          { rows: sealed.foreign },
          'rows were put into the audit log that Locksmith did not write: `locksmith host audit verify` names them'
        )
      if (!sealed.isMore || stopping.signal.aborted) return
    }
  }

  const loop = (async () => {
    await lookAgain(pool).catch((error) => log.warn({ err: error }, 'the audit log is looked at in a moment'))
    while (!stopping.signal.aborted) {
      const pause = await sealAll().then(
        () => everyMs,
        (error) => {
          if (error instanceof BrokenTree) log.error({}, `nothing is sealed: ${error.message}`)
          else log.warn({ err: error }, 'the audit log could not be sealed: tried again in a moment')
          return restMs
        }
      )
      await sleep(pause, undefined, { signal: stopping.signal }).catch(() => {})
    }
  })()
  return {
    async stop() {
      stopping.abort()
      await loop
      // What was written while everything else ended.
      if (isRight) await seal(pool, keys, seen).catch(() => {})
    }
  }
}
