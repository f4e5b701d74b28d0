import type { AddressInfo } from 'node:net'
import { createServer, type Server } from 'node:net'
import type { Test } from 'tap'
import { buildConnector } from 'undici'
import { parseAllowList } from '../../../src/integrations/outbound/allow-list.ts'
import type { Dial } from '../../../src/integrations/outbound/dial.ts'
import { createOutbound, type Outbound, type Posted } from '../../../src/integrations/outbound/post.ts'
import type { Resolve } from '../../../src/integrations/outbound/resolve.ts'

/** A server on every address of this machine that counts who connects, and answers nobody. */
export async function startListener(t: Test): Promise<{ port: number; connections(): number }> {
  let connections = 0
  const server: Server = createServer((socket) => {
    connections++
    socket.destroy()
  })
  await new Promise<void>((resolve) => server.listen({ port: 0, host: '::', ipv6Only: false }, resolve))
  t.teardown(() => server.close())
  return { port: (server.address() as AddressInfo).port, connections: () => connections }
}

export type Watched = {
  outbound: Outbound
  /** What was dialled: addresses, and the name for TLS. */
  dialled: { addresses: string[]; hostname: string }[]
  resolved: string[]
  post(url: string): Promise<Posted>
}

/**
 * @param answers what the resolver says, name by name, one answer for each time that it is asked; the last one stays
 * @param lead where everything that is dialled is led instead of where it wants to; default: where it wants to
 */
export function watch(
  t: Test,
  {
    allow = [],
    answers = {},
    lead
  }: { allow?: string[]; answers?: Record<string, string[][]>; lead?: number } = {}
): Watched {
  const dialled: Watched['dialled'] = []
  const resolved: string[] = []
  const resolve: Resolve = async (name) => {
    resolved.push(name)
    const list = answers[name] ?? []
    const [next] = list.length > 1 ? list.splice(0, 1) : list
    if (!next) throw Object.assign(new Error('no such name'), { code: 'ENOTFOUND' })
    return next
  }
  const connect = buildConnector({ allowH2: false })
  const dial: Dial = (addresses, options, callback) => {
    dialled.push({ addresses, hostname: options.hostname })
    const to = { hostname: '127.0.0.1', protocol: 'http:', port: String(lead) }
    connect({ ...options, ...(lead === undefined ? { hostname: addresses[0]! } : to) }, callback)
  }
  const outbound = createOutbound({ allow: parseAllowList(allow)!, resolve, dial })
  t.teardown(() => outbound.close())
  const post = (url: string) => outbound.post(new URL(url), { headers: {}, body: '{}', ms: 5_000 })
  return { outbound, dialled, resolved, post }
}
