import type { Finding } from './check.ts'

/** A question, and what became of it. */
export type Asked<T> =
  | { kind: 'answered'; value: T }
  | { kind: 'failed'; because: string; error: unknown }
  | { kind: 'skipped'; because: string }

export const answered = <T>(value: T): Asked<T> => ({ kind: 'answered', value })
export const skipped = (because: string): Asked<never> => ({ kind: 'skipped', because })

/**
 * Asks, for so long at most. It never throws: one question that fails hides no other.
 * @param say makes a public sentence of an error
 */
export async function ask<T>(
  ms: number,
  work: (signal: AbortSignal) => Promise<T>,
  say: (error: unknown) => string
): Promise<Asked<T>> {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => {
        stop.abort()
        // A moment for the call itself to say what it was waiting for.
        timer = setTimeout(reject, 250, new Error('No answer in time.'))
      },
      Math.max(0, ms)
    )
  })
  try {
    return answered(await Promise.race([work(stop.signal), late]))
  } catch (error) {
    return { kind: 'failed', because: say(error), error }
  } finally {
    clearTimeout(timer)
  }
}

/** The finding of a check whose question has no answer; `undefined`: it has one. */
export function unanswered(name: string, asked: Asked<unknown>): Finding | undefined {
  if (asked.kind === 'answered') return undefined
  return asked.kind === 'skipped'
    ? { name, state: 'skipped', found: asked.because }
    : { name, state: 'unknown', found: `Could not be asked: ${asked.because}` }
}
