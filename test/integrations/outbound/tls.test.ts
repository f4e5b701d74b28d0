import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t, { type Test } from 'tap'
import { parseAllowList } from '../../../src/integrations/outbound/allow-list.ts'
import { createOutbound } from '../../../src/integrations/outbound/post.ts'
import { bare } from '../../support/bare.ts'
import { certificateIn, skipTls } from '../../support/certificate.ts'

const options = { skip: skipTls }

/** An https server on loopback with a certificate of its own for that name. */
async function serve(t: Test, name: string) {
  const folder = t.testdir({})
  const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  certificateIn(folder, `DNS:${name}`)
  let requests = 0
  const server = createServer({ key: readFileSync(key), cert: readFileSync(cert) }, (_request, response) => {
    requests++
    response.writeHead(204).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, cert, requests: () => requests }
}

const program = new URL('./post-once.ts', import.meta.url).pathname

/** In a process of its own: what it trusts is decided at its start. */
async function postFrom(url: string, env: Record<string, string>): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, url], {
    env: { ...bare, ...env }
  })
  return JSON.parse(stdout)
}

t.test(
  'a certificate that nobody vouches for is refused, whatever the environment says',
  options,
  async (t) => {
    const { port, cert, requests } = await serve(t, 'receiver.example')
    const url = `https://receiver.example:${port}/`
    t.match(await postFrom(url, {}), { failed: 'tls-refused' })
    t.match(await postFrom(url, { NODE_TLS_REJECT_UNAUTHORIZED: '0' }), { failed: 'tls-refused' })
    t.equal(requests(), 0, 'nothing was sent')
    t.match(
      await postFrom(url, { NODE_EXTRA_CA_CERTS: cert }),
      { status: 204 },
      'a CA of your own is trusted'
    )
    t.match(
      await postFrom(`https://another.example:${port}/`, { NODE_EXTRA_CA_CERTS: cert }),
      { failed: 'tls-refused' },
      'the certificate is for the name that was asked for, not for where it led'
    )
    t.equal(requests(), 1)
  }
)

t.test('who speaks no TLS is not spoken to without', options, async (t) => {
  const { port } = await serve(t, 'receiver.example')
  const outbound = createOutbound({ allow: parseAllowList(['127.0.0.1'])! })
  t.teardown(() => outbound.close())
  const posted = await outbound.post(new URL(`http://127.0.0.1:${port}/`), {
    headers: {},
    body: '',
    ms: 5_000
  })
  t.match(posted, { failed: 'broken-off' })
})
