import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import t from 'tap'
import { createTransport, type Fence } from '../../src/nextcloud/transport.ts'

t.test('nothing is sent where others took over, nor where that is not sure at the last moment', async (t) => {
  let received = 0
  const server = createServer((_request, response) => {
    received++
    response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  const transport = createTransport({ url, publicUrl: url })
  t.teardown(async () => {
    await transport.close()
    server.close()
  })
  const send = (fence: Fence, freshConnection: boolean) =>
    transport
      .send({ method: 'POST', path: '/', name: 'x', effect: true, fence, freshConnection })
      .catch((error) => error)
  for (const fresh of [true, false]) {
    received = 0
    const lost = new Error('lost')
    t.equal(await send({ confirm: () => Promise.reject(lost), isFresh: () => true }, fresh), lost)
    t.match(await send({ confirm: async () => {}, isFresh: () => false }, fresh), {
      variant: 'down',
      notSent: true,
      isOurs: true
    })
    t.equal(received, 0)
    t.match(await send({ confirm: async () => {}, isFresh: () => true }, fresh), { status: 200 })
    t.equal(received, 1)
  }
})
