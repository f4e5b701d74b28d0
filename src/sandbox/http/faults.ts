/** What can go wrong with a call: README, "Faults". `-before` and `-after` say whether its effect has happened. */
export type FaultKind =
  | 'refuse'
  | 'hang-before'
  | 'hang-after'
  | 'reset-before'
  | 'reset-after'
  | 'reset-body'
  | 'truncate'
  | 'trickle'
  | 'non-json'
  | 'empty-200'
  | 'ocs-failure'
  | 'html-500'
  | '429-empty'
  | '429-delay'
  | '503-maintenance'
  | 'redirect'
  | 'slow'
  | 'late'

export interface Fault {
  /** `user`: only calls that concern this user (in any case), by their path, body, Basic auth or session. */
  match: { method?: string; pathRegex?: string; user?: string }
  /** Only from the n-th matching call on, counting from 1. */
  nth?: number
  /** For how many calls; every one when left out. */
  times?: number
  do: FaultKind
  /** For `slow` and `late`: how long; for `trickle`: from byte to byte. Real milliseconds, 1,000 when left out. */
  delayMs?: number
}

interface Entry {
  fault: Fault
  pattern: RegExp
  seen: number
  order: number
}

/** The faults that were asked for, and how often each has met a call. */
export class Faults {
  #all: Entry[] = []
  #untargeted: Entry[] = []
  /** Thousands of users may have faults of their own: a call looks only at those of the users it concerns. */
  #byUser = new Map<string, Entry[]>()
  #held = new Set<() => void>()

  add(fault: Fault): void {
    const pattern = new RegExp(fault.match.pathRegex ?? '')
    const entry: Entry = { fault, pattern, seen: 0, order: this.#all.length }
    this.#all.push(entry)
    const user = fault.match.user?.toLowerCase()
    if (user === undefined) this.#untargeted.push(entry)
    else this.#byUser.set(user, [...(this.#byUser.get(user) ?? []), entry])
  }

  /** Forgets all faults and lets go of the calls that hang. */
  clear(): void {
    this.#all = []
    this.#untargeted = []
    this.#byUser.clear()
    this.release()
  }

  /** Lets go of the calls that are held up: what hangs goes on, what is slow, late or trickles is done at once. */
  release(): void {
    for (const go of this.#held) go()
    this.#held.clear()
  }

  all(): (Fault & { seen: number })[] {
    return this.#all.map(({ fault, seen }) => ({ ...fault, seen }))
  }

  /** The fault that this call meets, the one added first. `usersOf`: whom the call concerns, in lower case. */
  meet(method: string, target: string, usersOf: () => Iterable<string>): Fault | undefined {
    let met: Entry | undefined
    for (const entry of this.#candidates(usersOf)) {
      const { fault, pattern } = entry
      if ((fault.match.method ?? method) !== method || !pattern.test(target)) continue
      entry.seen += 1
      const first = fault.nth ?? 1
      const strikes = entry.seen >= first && entry.seen < first + (fault.times ?? Infinity)
      if (strikes && (!met || entry.order < met.order)) met = entry
    }
    return met?.fault
  }

  #candidates(usersOf: () => Iterable<string>): Entry[] {
    if (this.#byUser.size === 0) return this.#untargeted
    return [...this.#untargeted, ...[...usersOf()].flatMap((user) => this.#byUser.get(user) ?? [])]
  }

  /** Resolves when released (true), after `ms`, or when `whenGone` says that the caller hung up. */
  hold({ ms, whenGone }: { ms?: number; whenGone?: (gone: () => void) => void }): Promise<boolean> {
    return new Promise((resolve) => {
      const go = (released: boolean): void => {
        clearTimeout(timer)
        this.#held.delete(release)
        resolve(released)
      }
      const release = (): void => go(true)
      const timer = ms === undefined ? undefined : setTimeout(go, ms, false)
      this.#held.add(release)
      whenGone?.(() => go(false))
    })
  }
}
