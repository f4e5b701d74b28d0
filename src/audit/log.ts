/** The log as it leaves the database: what an export consists of, and what is verified. docs/AUDIT.md has the format. */
import type { Db } from '../db/pool.ts'
import type { AuditFilter } from './audit.sql.ts'
import type { Entry, Personal } from './entry.ts'
import { findCheckpoints, findErased, type LogHead, type LogRow, readLeaves, readLogHead } from './log.sql.ts'

export type HeadLine = {
  type: 'export'
  version: 1
  /** The log's name. */
  origin: string | null
  exportedAt: string
  filter: Record<string, unknown> | null
  /** So many leaves are gone; of a tree of them the frontier, in hex. */
  pruned: { size: number; frontier: string[] } | null
}

export type EventLine = {
  type: 'event'
  index: number
  hash: string
  /** null: there is a leaf and no event. */
  entry: Entry | null
  salt: string | null
  personal: Personal | null
  /** The pseudonyms that took somebody's place. */
  erased: string[]
}

export type CheckpointLine = { type: 'checkpoint'; size: number; note: string }
export type EndLine = { type: 'end'; events: number; checkpoint: string | null }
export type Line = HeadLine | EventLine | CheckpointLine | EndLine

const atOnce = 2_000

/**
 * The whole log in its order.
 * @param db one moment of the database: see `openSnapshot`
 * @param filter only events that are so: then it is a part, which cannot show that nothing is missing
 */
export async function* readLog(db: Db, filter?: AuditFilter): AsyncGenerator<Line> {
  const head = await readLogHead(db)
  const { size, pruned, checkpoint } = head
  yield headLineOf(head, filter)
  const checkpoints = filter ? [] : await findCheckpoints(db, pruned, size)
  const erased = await findErased(db)
  const saidAt = (index: number) => {
    const said: CheckpointLine[] = []
    while (checkpoints.length > 0 && checkpoints[0]!.size <= index)
      said.push({ type: 'checkpoint', ...checkpoints.shift()! })
    return said
  }
  yield* saidAt(pruned)
  let events = 0
  const read = (after: number) => readLeaves(db, atOnce, { after, ...(filter && { filter }) })
  let after = pruned - 1
  for (let next: Promise<LogRow[]> | undefined = read(after); next; ) {
    const rows: LogRow[] = await next
    after = rows.at(-1)?.index ?? after
    // While these are looked at the database reads those that follow.
    next = rows.length < atOnce ? undefined : read(after)
    next?.catch(() => {})
    for (const row of rows) {
      yield lineOf(row, erased.get(row.seq) ?? [])
      yield* saidAt(row.index + 1)
    }
    events += rows.length
  }
  yield* saidAt(Number.MAX_SAFE_INTEGER)
  yield { type: 'end', events, checkpoint }
}

export const headLineOf = (
  { pruned, frontier, checkpoint, now }: LogHead,
  filter?: AuditFilter
): HeadLine => ({
  type: 'export',
  version: 1,
  origin: checkpoint?.split('\n', 1)[0] ?? null,
  exportedAt: now.toISOString(),
  filter: filter ?? null,
  pruned: pruned > 0 ? { size: pruned, frontier: hexOf(frontier) } : null
})

const hexOf = (hashes: Buffer) =>
  Array.from({ length: hashes.length / 32 }, (_, n) => hashes.subarray(n * 32, n * 32 + 32).toString('hex'))

export function lineOf({ index, hash, entry, salt, personal }: LogRow, erased: string[]): EventLine {
  return { type: 'event', index, hash, entry, salt, personal, erased }
}
