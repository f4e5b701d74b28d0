import type { SandboxClock } from '../clock.ts'

export interface RateLimit {
  limit: number
  /** Seconds. */
  period: number
}

/** Thrown when a rate limit is exceeded; the refused try itself is not counted. */
export class RateLimitExceeded extends Error {}

/** Nextcloud's rate limits: sliding windows per identifier and subject (a user or an address). */
export class RateLimits {
  #ends = new Map<string, number[]>()
  #clock: SandboxClock

  constructor(clock: SandboxClock) {
    this.#clock = clock
  }

  /** Counts one use, or throws {@link RateLimitExceeded}. */
  use(identifier: string, subject: string, { limit, period }: RateLimit): void {
    const key = `${identifier}\0${subject}`
    const now = this.#clock.now()
    const open = (this.#ends.get(key) ?? []).filter((end) => end > now)
    this.#ends.set(key, open)
    if (open.length >= limit) throw new RateLimitExceeded()
    open.push(now + period * 1000)
  }

  clear(): void {
    this.#ends.clear()
  }
}
