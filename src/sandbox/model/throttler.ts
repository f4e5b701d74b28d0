import type { SandboxClock } from '../clock.ts'
import type { Witness } from './witness.ts'

/** Thrown when an address made more than 10 attempts of one kind within 30 minutes (fact 7). */
export class MaxDelayReached extends Error {
  constructor() {
    super('Reached maximum delay')
  }
}

interface Attempt {
  action: string
  user: string
  /** Seconds. */
  at: number
}

const MAX_ATTEMPTS = 10
const MAX_DELAY_MS = 25_000
/** Older attempts are asked for by nobody. */
const REMEMBERED = 12 * 3600

/** Nextcloud's brute-force protection: counts per address and action, for twelve hours. */
export class Throttler {
  /** By address, the one with the latest attempt last. */
  #attempts = new Map<string, Attempt[]>()
  #clock: SandboxClock
  #isAllowListed: () => boolean
  #witness: Witness

  constructor(clock: SandboxClock, isAllowListed: () => boolean, witness: Witness) {
    this.#clock = clock
    this.#isAllowListed = isAllowListed
    this.#witness = witness
  }

  register(action: string, address: string, user = ''): void {
    this.#witness.attempted(action, address)
    if (this.#isAllowListed()) return
    const at = this.#clock.seconds()
    const since = at - REMEMBERED
    const attempts = (this.#attempts.get(address) ?? []).filter((attempt) => attempt.at > since)
    attempts.push({ action, user, at })
    this.#attempts.delete(address)
    this.#attempts.set(address, attempts)
    this.#dropOldest(since)
  }

  /** Each person has an address of its own: in a long run there are very many, and most are of no interest. */
  #dropOldest(since: number): void {
    for (const [address, attempts] of this.#attempts) {
      if ((attempts.at(-1)?.at ?? 0) > since) return
      this.#attempts.delete(address)
    }
  }

  /** A successful log-in forgets the failed ones of that user from that address. */
  forget(action: string, address: string, user: string): void {
    const attempts = this.#attempts.get(address)
    // An allow-listed one's earlier attempts are left as they are.
    if (!attempts || this.#isAllowListed()) return
    this.#attempts.set(
      address,
      attempts.filter((attempt) => !(attempt.action === action && attempt.user === user))
    )
  }

  count(address: string, action: string | null, hours = 12): number {
    if (this.#isAllowListed()) return 0
    const since = this.#clock.seconds() - hours * 3600
    let count = 0
    for (const attempt of this.#attempts.get(address) ?? []) {
      if (attempt.at > since && (action === null || attempt.action === action)) count += 1
    }
    return count
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
    this.#attempts.clear()
  }
}
