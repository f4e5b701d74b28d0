import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** A way to PostgreSQL that can break. */
export type Proxy = {
  /** The connection string that leads through it. */
  url: string
  /** From now on nobody gets through, and who is connected is cut off. */
  cut(): void
  mend(): void
  /** Told of what a client sends. @returns whether to let it through */
  watch: (sent: Buffer, client: Socket) => boolean
  /** Told of what the server answers. @returns whether to let it through */
  watchAnswers: (answered: Buffer, client: Socket) => boolean
}

export async function startProxy(t: Test, databaseUrl: string): Promise<Proxy> {
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
    client.on('data', (sent) => proxy.watch(sent, client) && upstream.write(sent))
    upstream.on('data', (answered) => proxy.watchAnswers(answered, client) && client.write(answered))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(databaseUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  const proxy: Proxy = {
    url: url.href,
    cut() {
      isCut = true
      for (const socket of sockets) socket.destroy()
    },
    mend() {
      isCut = false
    },
    watch: () => true,
    watchAnswers: () => true
  }
  t.teardown(() => {
    proxy.cut()
    server.close()
  })
  return proxy
}
