import type { SandboxClock } from '../clock.ts'

/** Thrown when an address made more than 10 attempts of one kind within 30 minutes (fact 7). */
export class MaxDelayReached extends Error {
  constructor() {
    super('Reached maximum delay')
  }
}

interface Attempt {
  address: string
  action: string
  user: string
  at: number
}

const MAX_ATTEMPTS = 10
const MAX_DELAY_MS = 25_000

/** Nextcloud's brute-force protection: counts per address and action, for twelve hours. */
export class Throttler {
  #attempts: Attempt[] = []
  /** Seconds of every attempt ever registered, by action: nothing is forgotten here. */
  readonly history = new Map<string, number[]>()
  #clock: SandboxClock
  #isAllowListed: () => boolean

  constructor(clock: SandboxClock, isAllowListed: () => boolean) {
    this.#clock = clock
    this.#isAllowListed = isAllowListed
  }

  register(action: string, address: string, user = ''): void {
    const times = this.history.get(action) ?? []
    times.push(this.#clock.seconds())
    this.history.set(action, times)
    if (this.#isAllowListed()) return
    this.#attempts.push({ action, address, user, at: this.#clock.seconds() })
  }

  /** A successful log-in forgets the failed ones of that user from that address. */
  forget(action: string, address: string, user: string): void {
    this.#attempts = this.#attempts.filter(
      (attempt) => !(attempt.action === action && attempt.address === address && attempt.user === user)
    )
  }

  count(address: string, action: string | null, hours = 12): number {
    if (this.#isAllowListed()) return 0
    const since = this.#clock.seconds() - hours * 3600
    return this.#attempts.filter(
      (attempt) =>
        attempt.address === address && attempt.at > since && (action === null || attempt.action === action)
    ).length
  }

  /** 0.2 s after the first attempt, then doubling, at most 25 s. */
  delayMs(address: string, action: string | null): number {
    const attempts = this.count(address, action)
    if (attempts === 0) return 0
    if (attempts > MAX_ATTEMPTS) return MAX_DELAY_MS
    return Math.min(100 * 2 ** attempts, MAX_DELAY_MS)
  }

  /** The delay to charge now, or the refusal. */
  delayOrRefuse(address: string, action: string): number {
    if (this.count(address, action) > MAX_ATTEMPTS && this.count(address, action, 0.5) > MAX_ATTEMPTS) {
      throw new MaxDelayReached()
    }
    return this.delayMs(address, action)
  }

  clear(): void {
    this.#attempts = []
  }
}
