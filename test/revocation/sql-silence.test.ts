import { type AddressInfo, createServer, type Socket } from 'node:net'
import t from 'tap'
import { sqlDriver } from '../../src/revocation/sql.ts'

t.test('a database that takes a connection and then says nothing is given up after 5 s', async (t) => {
  const sockets: Socket[] = []
  const server = createServer((socket) => {
    sockets.push(socket.on('error', () => {}))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const probes = ['postgres', 'mysql'].map(async (scheme) => {
    const driver = sqlDriver({ url: `${scheme}://a:b@127.0.0.1:${port}/nextcloud`, prefix: 'oc_' })
    const started = performance.now()
    t.match(await driver.probe(), { works: false, because: /was not reached/ }, scheme)
    t.ok(performance.now() - started < 8_000, scheme)
    await driver.close()
  })
  await Promise.all(probes)
})
