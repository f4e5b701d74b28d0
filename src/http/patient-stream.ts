import { Readable } from 'node:stream'

/** How long the one who reads may take for one piece, and for everything. */
export type Patience = { pieceMs: number; allMs: number }

/**
 * What a client reads at its own pace, and no further ahead than a piece: a snapshot waits for it, so not for ever.
 * @param release whatever becomes of it: read to the end, hung up, or too slow
 */
export function patiently(
  pieces: AsyncGenerator<string>,
  { pieceMs, allMs }: Patience,
  release: () => unknown
): Readable {
  const stream = Readable.from(timed(), { highWaterMark: 1 })
  const giveUp = () => stream.destroy(new Error('it was read too slowly'))
  const all = setTimeout(giveUp, allMs)
  stream.once('close', () => {
    clearTimeout(all)
    release()
  })
  return stream

  async function* timed() {
    for await (const piece of pieces) {
      const one = setTimeout(giveUp, pieceMs)
      try {
        yield piece
      } finally {
        clearTimeout(one)
      }
    }
  }
}
