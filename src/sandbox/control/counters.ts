import type { LoggedCall } from '../http/log.ts'

export interface Counters {
  calls: number
  /** The most PUTs of a user's fields within any 600 s, by acting admin: more than 50 break fact 5. */
  maxPutsPer600s: Record<string, number>
  /** The most calls of the reset-mail endpoint within any 300 s. */
  maxMailsPer300s: number
  /** The most failed log-ins within any 30 min: more than 10 block the address (fact 7). */
  maxFailedLoginsPer30min: number
  answered429: number
  /** Sum of the brute-force delays that were charged, in milliseconds. */
  throttledMs: number
  /** By user: how many calls that changed this user were under way at one time. */
  maxConcurrentPerUser: Record<string, number>
}

/** Counts over what was received: limits are kept where the maxima stay below them. */
export function countCalls(calls: readonly LoggedCall[], failedLogins: readonly number[]): Counters {
  const puts = new Map<string, number[]>()
  const mails: number[] = []
  const byUser = new Map<string, LoggedCall[]>()
  for (const call of calls) {
    const path = call.path.split('?')[0]!
    if (call.method === 'PUT' && /\/ocs\/v[12]\.php\/cloud\/users\/[^/]+$/.test(path) && call.actor)
      push(puts, call.actor, call.at)
    if (call.method === 'POST' && path.endsWith('/lostpassword/email')) mails.push(call.at)
    for (const { userId } of call.effects) push(byUser, userId, call)
  }
  return {
    calls: calls.length,
    maxPutsPer600s: Object.fromEntries(
      [...puts].map(([admin, times]) => [admin, mostWithin(times, 600_000)])
    ),
    maxMailsPer300s: mostWithin(mails, 300_000),
    maxFailedLoginsPer30min: mostWithin(
      failedLogins.map((seconds) => seconds * 1000),
      1_800_000
    ),
    answered429: calls.filter((call) => call.status === 429).length,
    throttledMs: calls.reduce((sum, call) => sum + call.throttledMs, 0),
    maxConcurrentPerUser: Object.fromEntries(
      [...byUser].map(([user, changes]) => [user, mostAtOnce(changes)])
    )
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function mostWithin(times: readonly number[], windowMs: number): number {
  let first = 0
  let most = 0
  times.forEach((time, index) => {
    while (times[first]! <= time - windowMs) first += 1
    most = Math.max(most, index - first + 1)
  })
  return most
}

function mostAtOnce(calls: readonly LoggedCall[]): number {
  const overlaps = calls.map(
    (one) => calls.filter((other) => other.began <= one.began && other.ended > one.began).length
  )
  return Math.max(0, ...overlaps)
}
