import type { Token } from '../nextcloud/session.ts'
import type { Ended } from './command.ts'
import { unknownUser } from './direct.ts'
import { failedWith, linesOf, saysNotAtWork, troubleOf } from './occ-troubles.ts'
import { tokenOfRow } from './token-row.ts'

/**
 * The answer in what a run printed: the one line of JSON that `read` takes for it. PHP warnings, and what apps print, may
 * stand around it.
 * @throws RevocationError where it failed, said that Nextcloud is not at work, or has no such line or several: never a
 *   guess. NextcloudError unknown-user
 */
export function answerOf<T>(ended: Ended, timeoutMs: number, read: (value: unknown) => T | undefined): T {
  if (failedWith(ended, /^(user not found|The user ".*" does not exist\.)$/m)) {
    // In maintenance the users of apps (LDAP) are not there.
    throw saysNotAtWork(ended) ? troubleOf(ended, timeoutMs) : unknownUser()
  }
  if (ended.kind !== 'exited' || ended.code !== 0) throw troubleOf(ended, timeoutMs)
  if (saysNotAtWork(ended)) throw troubleOf(ended, timeoutMs)
  const found = linesOf(ended.stdout).flatMap((line) => {
    const value = read(parsed(line))
    return value === undefined ? [] : [value]
  })
  if (found.length !== 1) throw troubleOf(ended, timeoutMs)
  return found[0]!
}

function parsed(line: string): unknown {
  if (!/^[[{]/.test(line)) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** `[{id, name, lastActivity, type, scope}]`; null in a row where PHP has none. Anything else is no list. */
export function toTokens(value: unknown): Token[] | undefined {
  if (!Array.isArray(value)) return undefined
  const tokens = value.map(toToken)
  return tokens.every((token) => token !== undefined) ? tokens : undefined
}

function toToken(value: unknown): Token | undefined {
  const { id, name, type, lastActivity } = (value ?? {}) as Record<string, unknown>
  if (!Number.isSafeInteger(id) || (type !== null && !Number.isSafeInteger(type))) return undefined
  return tokenOfRow({ id: id as number, name, type: type as number | null, lastActivity })
}
