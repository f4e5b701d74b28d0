/** How long what was found is remembered: its end takes effect within that, on every replica. Milliseconds. */
const rememberMs = 500
/** Then all are forgotten: they are found again. */
const mostRemembered = 1_000

export type Briefly<T> = {
  /** What is remembered under the name, or else what `look` finds; that there is nothing is not remembered. */
  find(name: string, look: () => Promise<T | undefined>): Promise<T | undefined>
  forget(name: string): void
}

/** Remembers what was found for half a second, so that a burst of requests asks the database once. */
export function createBriefly<T>(): Briefly<T> {
  const found = new Map<string, { value: T; until: number }>()
  return {
    async find(name, look) {
      const before = found.get(name)
      if (before && before.until > performance.now()) return before.value
      found.delete(name)
      // From before the question: what ended meanwhile is not kept for longer.
      const until = performance.now() + rememberMs
      const value = await look()
      if (value === undefined) return undefined
      if (found.size > mostRemembered) found.clear()
      found.set(name, { value, until })
      return value
    },
    forget: (name) => found.delete(name)
  }
}
