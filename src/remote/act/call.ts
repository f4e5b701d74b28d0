import type { components, Locksmith, Operation } from '../client.ts'
import type { Kind, Wish } from './kinds.ts'

export type DryRun = components['schemas']['DryRun']

type Send = (path: string, init: object) => Promise<{ data: unknown; response: Response }>
type Asking = { signal?: AbortSignal; key?: string; wait?: number }

/** A request of this kind about one user: what is wished for is a body, or the query where there is none. */
const requestOf = ({ method }: Kind, userId: string, wish: Wish, { signal, key, wait }: Asking) => ({
  params: {
    path: { userId },
    ...(method === 'DELETE' && { query: wish }),
    header: { ...(key && { 'idempotency-key': key }), ...(wait && { prefer: `wait=${wait}` }) }
  },
  ...(method === 'POST' && { body: wish }),
  ...(signal && { signal })
})

/** What would come of it; nothing is changed. */
export async function dryRun(
  locksmith: Locksmith,
  kind: Kind,
  userId: string,
  wish: Wish,
  signal: AbortSignal
): Promise<DryRun> {
  // Its options are the API's, by name and choice: a test holds them together.
  const send = locksmith.dryRun as unknown as (method: string, ...rest: Parameters<Send>) => ReturnType<Send>
  return (await send(kind.method, kind.path, requestOf(kind, userId, wish, { signal }))).data as DryRun
}

/** Begins it, or finds it begun by the same request earlier. */
export async function begin(
  locksmith: Locksmith,
  kind: Kind,
  userId: string,
  wish: Wish,
  asking: Asking
): Promise<{ operation: Operation; replayed: boolean }> {
  const send = locksmith[kind.method] as unknown as Send
  const { data, response } = await send(kind.path, requestOf(kind, userId, wish, asking))
  return {
    operation: data as Operation,
    replayed: response.headers.get('idempotency-replayed') === 'true'
  }
}
