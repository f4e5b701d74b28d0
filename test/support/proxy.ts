import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { Transform } from 'node:stream'
import type { Test } from 'tap'

/** A way to PostgreSQL that can break. */
export type Detour = {
  /** The connection string that leads through it. */
  url: string
  /** From now on nobody gets through, and who is connected is cut off. */
  cut(): void
  mend(): void
}

/** @param before whatever passes, in either direction, waits for it */
export async function startProxy(
  t: Test,
  databaseUrl: string,
  before = async (): Promise<void> => {}
): Promise<Detour> {
  const target = new URL(databaseUrl)
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    if (isCut) return client.destroy()
    const upstream = connect(Number(target.port || 5432), target.hostname)
    for (const [one, other] of [
      [client, upstream],
      [upstream, client]
    ] as const) {
      sockets.add(one)
      one.on('error', () => {})
      one.on('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    client.pipe(passing(before)).pipe(upstream)
    upstream.pipe(passing(before)).pipe(client)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const proxy: Detour = {
    url: url.href,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    }
  }
  t.teardown(() => {
    proxy.cut()
    server.close()
  })
  return proxy
}

const passing = (before: () => Promise<void>) =>
  new Transform({
    transform: (chunk, _encoding, pass) => void before().then(() => pass(null, chunk), pass)
  }).on('error', () => {})
