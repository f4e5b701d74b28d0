import type { FastifyRequest } from 'fastify'

/** Does something for as long as whoever asked is there. @param work `gone`: that one has hung up */
export async function whileThere<T>(
  { raw }: FastifyRequest,
  work: (gone: AbortSignal) => Promise<T>
): Promise<T> {
  const gone = new AbortController()
  const hangUp = () => gone.abort()
  raw.socket.once('close', hangUp)
  try {
    return await work(gone.signal)
  } finally {
    raw.socket.off('close', hangUp)
  }
}
