/** What can go wrong with a call. `-before` and `-after` say whether its effect has happened. */
export type FaultKind =
  | 'refuse'
  | 'hang-before'
  | 'hang-after'
  | 'reset-before'
  | 'reset-after'
  | 'truncate'
  | 'non-json'
  | 'empty-200'
  | 'ocs-failure'
  | '429-empty'
  | '429-delay'
  | '503-maintenance'
  | 'redirect'
  | 'slow'

export interface Fault {
  match: { method?: string; pathRegex?: string }
  /** Only from the n-th matching call on, counting from 1. */
  nth?: number
  /** For how many calls; every one when left out. */
  times?: number
  do: FaultKind
  /** For `slow`: how long. Milliseconds. */
  delayMs?: number
}

/** The faults that were asked for, and how often each has met a call. */
export class Faults {
  #list: { fault: Fault; pattern: RegExp; seen: number }[] = []
  #held = new Set<() => void>()

  add(fault: Fault): void {
    this.#list.push({ fault, pattern: new RegExp(fault.match.pathRegex ?? ''), seen: 0 })
  }

  /** Forgets all faults and lets go of the calls that hang. */
  clear(): void {
    this.#list = []
    this.release()
  }

  /** Lets hanging calls go on. */
  release(): void {
    for (const go of this.#held) go()
    this.#held.clear()
  }

  all(): (Fault & { seen: number })[] {
    return this.#list.map(({ fault, seen }) => ({ ...fault, seen }))
  }

  /** The fault that this call meets. */
  meet(method: string, target: string): Fault | undefined {
    let met: Fault | undefined
    for (const entry of this.#list) {
      const { fault, pattern } = entry
      if ((fault.match.method ?? method) !== method || !pattern.test(target)) continue
      entry.seen += 1
      const first = fault.nth ?? 1
      if (!met && entry.seen >= first && entry.seen < first + (fault.times ?? Infinity)) met = fault
    }
    return met
  }

  /** Resolves when released; `gone` takes the caller off when it hung up. */
  hang(whenGone: (gone: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      this.#held.add(resolve)
      whenGone(() => {
        this.#held.delete(resolve)
        resolve()
      })
    })
  }
}
