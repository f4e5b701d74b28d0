/** Of one delivery: when it is tried again, and what an answer means. */
import type { Posted } from '../outbound/post.ts'

export const deliveryStates = ['pending', 'delivered', 'failed'] as const
export type DeliveryState = (typeof deliveryStates)[number]

/** Pauses after each failed try but the last, in seconds: the schedule of Standard Webhooks ("Deliverability and reliability"). */
export const pauses = [
  5,
  5 * 60,
  30 * 60,
  2 * 3_600,
  5 * 3_600,
  10 * 3_600,
  14 * 3_600,
  20 * 3_600,
  24 * 3_600
] as const
export const mostAttempts = pauses.length + 1

/** So much of a pause is added by chance, so that what failed together does not come back together. */
const jitter = 0.1

/** A receiver may ask for more time than the schedule gives it, but not for ever. Seconds. */
const longestAsked = 24 * 3_600
/** How long it may have everything held back, and how long it is left alone where it does not say. Seconds. */
const longestQuiet = 3_600
const usualQuiet = 5

/** What a try came to. @property result its HTTP status, or how it failed: for people */
export type Verdict = { result: string } & (
  | { kind: 'delivered' }
  | {
      kind: 'retry'
      /** Seconds until the next try. */
      after: number
      /** Seconds for which nothing else is sent to this endpoint either. */
      quiet: number
    }
  /** The last try, or none will do better. @property gone the receiver wants no more of anything */
  | { kind: 'given-up'; gone: boolean }
)

/**
 * @param attempt number of the try, from 1
 * @param now to read a date in Retry-After by
 * @param chance from 0 to 1
 */
export function judge(posted: Posted, attempt: number, now: Date, chance = Math.random()): Verdict {
  const result = 'status' in posted ? String(posted.status) : posted.failed
  if ('status' in posted && posted.status >= 200 && posted.status < 300) return { kind: 'delivered', result }
  if ('status' in posted && posted.status === 410) return { kind: 'given-up', gone: true, result }
  const pause = pauses[attempt - 1]
  if (pause === undefined) return { kind: 'given-up', gone: false, result }
  const asked = 'status' in posted ? secondsOf(posted.retryAfter, now) : undefined
  // Its way of saying that it is overloaded ("Delivery success and failure"): what else is due would only add to that.
  const isBusy = 'status' in posted && [429, 502, 503, 504].includes(posted.status)
  return {
    kind: 'retry',
    after: Math.max(pause * (1 + jitter * chance), Math.min(asked ?? 0, longestAsked)),
    quiet: isBusy ? Math.min(asked ?? usualQuiet, longestQuiet) : 0,
    result
  }
}

/** RFC 9110, 10.2.3: seconds, or a date. */
function secondsOf(retryAfter: string | undefined, now: Date): number | undefined {
  if (retryAfter === undefined) return undefined
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter)
  const at = Date.parse(retryAfter)
  return Number.isNaN(at) ? undefined : Math.max(0, (at - now.getTime()) / 1_000)
}
