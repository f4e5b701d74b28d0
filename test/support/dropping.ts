import { type AddressInfo, connect, createServer } from 'node:net'
import type { Test } from 'tap'

/** Forwards to `url`; of the next so many answers the connection breaks before any of it arrives. */
export async function startDropping(t: Test, url: string) {
  const { hostname, port } = new URL(url)
  const dropping = { url: '', left: 0, dropped: 0, when: (_request: string) => true }
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    for (const socket of [client, upstream]) socket.on('error', () => {})
    client.on('close', () => upstream.destroy())
    upstream.on('close', () => client.destroy())
    let request = ''
    client.on('data', (chunk) => (request = String(chunk)))
    client.pipe(upstream)
    upstream.on('data', (chunk) => {
      if (dropping.left === 0 || !dropping.when(request)) return client.write(chunk)
      dropping.left--
      dropping.dropped++
      return client.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => server.close())
  dropping.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return dropping
}
