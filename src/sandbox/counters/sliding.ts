/** The most events within any window of time, without keeping more of them than the window holds. */
export class SlidingMaximum {
  #windowMs: number
  #times: number[] = []
  #first = 0
  /** The highest count so far. */
  most = 0

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  /** @param at milliseconds, never before an earlier event's */
  add(at: number): void {
    this.#times.push(at)
    while (this.#times[this.#first]! <= at - this.#windowMs) this.#first += 1
    this.most = Math.max(this.most, this.#times.length - this.#first)
    // What has left the window is cut off now and then: at each event it would cost as much as the window is long.
    if (this.#first > 500) {
      this.#times = this.#times.slice(this.#first)
      this.#first = 0
    }
  }
}

/** One for each key: an address, a user, an admin. */
export class SlidingMaxima {
  #windowMs: number
  #byKey = new Map<string, SlidingMaximum>()

  constructor(windowMs: number) {
    this.#windowMs = windowMs
  }

  add(key: string, at: number): void {
    let one = this.#byKey.get(key)
    if (!one) this.#byKey.set(key, (one = new SlidingMaximum(this.#windowMs)))
    one.add(at)
  }

  all(): Record<string, number> {
    return Object.fromEntries([...this.#byKey].map(([key, { most }]) => [key, most]))
  }

  /** Over all keys. */
  get most(): number {
    let most = 0
    for (const one of this.#byKey.values()) most = Math.max(most, one.most)
    return most
  }
}
