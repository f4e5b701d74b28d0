/** The sandbox's own time. It runs with the real clock and can be moved forward, never back. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Whole seconds since 1970: what Nextcloud writes into its tables. */
  seconds(): number
  /** Moves time forward, as if that many seconds had passed. */
  advance(seconds: number): void
}

/** `base` is where time comes from (milliseconds); a test may give a frozen one. */
export function createClock(base: () => number = Date.now): SandboxClock {
  let ahead = 0
  return {
    now: () => base() + ahead,
    seconds: () => Math.floor((base() + ahead) / 1000),
    advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError('time only moves forward')
      ahead += seconds * 1000
    }
  }
}
