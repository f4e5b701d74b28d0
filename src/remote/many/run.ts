import { createHash } from 'node:crypto'
import { appendFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { canonicalJson } from '../../canonical.ts'
import type { Kind, Wish } from '../act/kinds.ts'

/** How long Locksmith keeps answers by key, unless told otherwise: what is older is no longer known to be done. */
const keptMs = 7 * 86_400_000

/**
 * What a command is about. The same command with the same options and the same users (or group, or name) is the same
 * run, on whichever machine; its requests have the same keys.
 */
export type Run = { id: string }

export function runOf(
  url: string,
  { name }: Kind,
  wish: Wish,
  of: { users: string[] } | { name: string }
): Run {
  const about = 'users' in of ? { users: of.users.toSorted() } : of
  const text = canonicalJson({ url: new URL(url).href, kind: name, wish, ...about })
  return { id: createHash('sha256').update(text).digest('hex').slice(0, 32) }
}

/** @param turn counts on where an earlier turn was refused, and so had done nothing */
export const keyOf = ({ id }: Run, user: string, turn: number): string =>
  `cli-${createHash('sha256')
    .update(canonicalJson([id, user, turn]))
    .digest('hex')
    .slice(0, 40)}`

/**
 * Remembers on this machine whom a run has asked for, and for whom a dry run went well, so that a second run need not look
 * at them again. It is only a help: that nothing is done twice follows from the keys.
 */
export type Journal = {
  isAsked(user: string): boolean
  /** Within the last hour. */
  isAble(user: string): boolean
  asked(user: string): void
  able(user: string): void
}

type Word = 'asked' | 'able'

const freshMs = 3_600_000

export function openJournal(env: Record<string, string | undefined>, { id }: Run): Journal {
  const folder = join(env.XDG_STATE_HOME || join(env.HOME || homedir(), '.local/state'), 'locksmith/runs')
  const file = join(folder, `${id}.ndjson`)
  const known = { asked: new Map<string, number>(), able: new Map<string, number>() }
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    forgetOld(folder)
    for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) remember(known, line)
  } catch {
    // None yet, or nowhere to keep it.
  }
  const note = (is: Word) => (user: string) => {
    if (known[is].has(user)) return
    const at = Date.now()
    known[is].set(user, at)
    try {
      appendFileSync(file, `${JSON.stringify({ user, is, at })}\n`, { mode: 0o600 })
    } catch {
      // Then the next run looks at this one again.
    }
  }
  return {
    isAsked: (user) => known.asked.has(user),
    isAble: (user) => known.able.has(user),
    asked: note('asked'),
    able: note('able')
  }
}

function remember(known: Record<Word, Map<string, number>>, line: string): void {
  try {
    const { user, is, at } = JSON.parse(line) as { user: string; is: Word; at: number }
    if (at > Date.now() - (is === 'able' ? freshMs : keptMs)) known[is].set(user, at)
  } catch {
    // The end of a line that a crash cut off.
  }
}

function forgetOld(folder: string): void {
  for (const name of readdirSync(folder)) {
    const file = join(folder, name)
    if (statSync(file).mtimeMs < Date.now() - keptMs) rmSync(file, { force: true })
  }
}
