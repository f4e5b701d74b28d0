/** The sandbox's own time. It runs with the real clock, or faster, and can be moved forward, never back. */
export interface SandboxClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Whole seconds since 1970: what Nextcloud writes into its tables. */
  seconds(): number
  /** Moves time forward, as if that many seconds had passed. */
  advance(seconds: number): void
  /** So many times faster than real time. */
  readonly speed: number
  /** When both showed the same time; milliseconds. */
  readonly epoch: number
}

export interface ClockOptions {
  /** Where real time comes from (milliseconds); a test may give a frozen one. */
  base?: (() => number) | undefined
  speed?: number | undefined
  epoch?: number | undefined
}

/**
 * time = epoch + (real − epoch) × speed, and what it was moved forward on top: whoever knows both numbers
 * (another process, a function in PostgreSQL) has the same clock without asking.
 */
export function createClock({ base = Date.now, speed = 1, epoch = base() }: ClockOptions = {}): SandboxClock {
  if (!(speed > 0 && Number.isFinite(speed))) throw new RangeError('the speed of a clock is above 0')
  if (!Number.isFinite(epoch)) throw new RangeError('the epoch of a clock is a time in milliseconds')
  let ahead = 0
  const now = (): number => Math.floor(epoch + (base() - epoch) * speed + ahead)
  return {
    now,
    seconds: () => Math.floor(now() / 1000),
    advance(seconds) {
      if (!(seconds >= 0)) throw new RangeError('time only moves forward')
      ahead += seconds * 1000
    },
    speed,
    epoch
  }
}
