/** POSTs `/users/<prefix>N/reset`, each for the next N, over as many connections as it is told, for so many seconds. */
import { Pool } from 'undici'
import { onQuestion, tell } from './answer.ts'

export type Question = {
  url: string
  key: string
  prefix: string
  /** The N to begin with, and the one at which to stop in any case. */
  from: number
  to: number
  connections: number
  seconds: number
}
export type Load = {
  next: number
  answered: number
  seconds: number
  statuses: Record<string, number>
  p50: number
}

onQuestion<Question>(async ({ url, key, prefix, from, to, connections, seconds }): Promise<Load> => {
  const pool = new Pool(url, { connections, pipelining: 1 })
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  const body = JSON.stringify({ reason: 'bench', mail: 'none' })
  const statuses: Record<string, number> = {}
  const took: number[] = []
  const started = performance.now()
  const until = started + seconds * 1_000
  let next = from
  const loop = async () => {
    while (next < to && performance.now() < until) {
      const sent = performance.now()
      const path = `/users/${prefix}${next++}/reset`
      const response = await pool.request({ method: 'POST', path, headers, body })
      await response.body.dump()
      took.push(performance.now() - sent)
      statuses[response.statusCode] = (statuses[response.statusCode] ?? 0) + 1
    }
  }
  await Promise.all(Array.from({ length: connections }, loop))
  const measured = (performance.now() - started) / 1_000
  await pool.close()
  const p50 = took.sort((a, b) => a - b)[took.length >> 1] ?? 0
  return { next, answered: took.length, seconds: measured, statuses, p50 }
})
tell({})
