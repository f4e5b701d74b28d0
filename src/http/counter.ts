/** Counts within windows of a fixed length, each beginning with its first count. In memory: each process counts for itself. */
export type Counter = {
  /** Counts one. @returns how many are left, below 0 where it was too many, and seconds until the window ends */
  count(name: string): Left
  /** As `count`, without counting. */
  look(name: string): Left
}
export type Left = { left: number; seconds: number }

/** So many names are told apart at most; then those longest known are forgotten. */
const mostNames = 20_000

/** @param most counts within `windowMs` */
export function createCounter(most: number, windowMs: number, now = () => performance.now()): Counter {
  const windows = new Map<string, { used: number; until: number }>()

  const current = (name: string) => {
    const window = windows.get(name)
    return window && window.until > now() ? window : undefined
  }
  const leftOf = (window: { used: number; until: number } | undefined): Left => ({
    left: most - (window?.used ?? 0),
    seconds: Math.max(1, Math.ceil(((window?.until ?? now() + windowMs) - now()) / 1_000))
  })

  return {
    look: (name) => leftOf(current(name)),
    count(name) {
      const window = current(name) ?? { used: 0, until: now() + windowMs }
      window.used++
      // A new window goes to the end, so the first in the map is the oldest.
      if (window.used === 1) windows.delete(name)
      windows.set(name, window)
      while (windows.size > mostNames) windows.delete(windows.keys().next().value!)
      return leftOf(window)
    }
  }
}
