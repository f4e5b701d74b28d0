/** Asks at most every so many milliseconds, and everybody gets that answer; a failure is forgotten at once. */
export function remembered<T>(ms: number, ask: () => Promise<T>): () => Promise<T> {
  let known: { at: number; answer: Promise<T> } | undefined
  return () => {
    if (known && performance.now() - known.at < ms) return known.answer
    const answer = ask()
    known = { at: performance.now(), answer }
    answer.catch(() => {
      known = undefined
    })
    return answer
  }
}
