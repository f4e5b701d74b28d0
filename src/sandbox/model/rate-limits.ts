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
  /** By identifier and subject, when each use ends to count; the one that was used last comes last. */
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
    this.#ends.delete(key)
    this.#ends.set(key, open)
    this.#dropOldest(now)
    if (open.length >= limit) throw new RateLimitExceeded()
    open.push(now + period * 1000)
  }

  /** Each person has an address of its own, and comes once. */
  #dropOldest(now: number): void {
    for (const [key, ends] of this.#ends) {
      if (ends.length === 0 || ends.at(-1)! > now) return
      this.#ends.delete(key)
    }
  }

  clear(): void {
    this.#ends.clear()
  }
}
