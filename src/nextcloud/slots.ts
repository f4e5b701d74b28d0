import { NextcloudError } from './errors.ts'

/** At most `size` pieces of work at one time; the others wait in their order, or until their signal fires. */
export function createSlots(size: number) {
  let free = size
  const waiting: (() => void)[] = []

  async function take(signal?: AbortSignal): Promise<void> {
    if (free > 0) {
      free--
      return
    }
    await new Promise<void>((resolve, reject) => {
      const go = () => {
        signal?.removeEventListener('abort', giveUp)
        resolve()
      }
      const giveUp = () => {
        waiting.splice(waiting.indexOf(go), 1)
        reject(new NextcloudError('down', 'Nextcloud was not asked in time: too much else was under way.'))
      }
      if (signal?.aborted) return giveUp()
      signal?.addEventListener('abort', giveUp, { once: true })
      waiting.push(go)
    })
  }

  function give(): void {
    const next = waiting.shift()
    if (next) next()
    else free++
  }

  return {
    async within<T>(signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T> {
      await take(signal)
      try {
        return await work()
      } finally {
        give()
      }
    }
  }
}
