import { DomainError } from '../errors.ts'

/**
 * Lets so many in at a time, in the order in which they came.
 * @returns a function that waits for a turn, and gives what ends it
 * @throws DomainError rate-limited for whom none has come in `waitMs`
 */
export function createTurns(most: number, waitMs: number): () => Promise<() => void> {
  let taken = 0
  const waiting: (() => void)[] = []
  const end = () => {
    const next = waiting.shift()
    if (next) next()
    else taken--
  }
  return async () => {
    if (taken < most) taken++
    else await next()
    let ended = false
    return () => {
      if (!ended) end()
      ended = true
    }
  }

  function next(): Promise<void> {
    return new Promise((resolve, reject) => {
      const mine = () => {
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(mine), 1)
        reject(busy(most))
      }, waitMs)
      waiting.push(mine)
    })
  }
}

const busy = (most: number) =>
  new DomainError(
    'rate-limited',
    `${most} of these are being read here already. Nothing was done: ask again in 30 s.`,
    { headers: { 'retry-after': '30' } }
  )
