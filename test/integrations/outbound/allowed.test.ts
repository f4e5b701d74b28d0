import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import t, { type Test } from 'tap'
import { parseAllowList } from '../../../src/integrations/outbound/allow-list.ts'
import { createOutbound } from '../../../src/integrations/outbound/post.ts'
import { startListener, watch } from './listener.ts'

async function serve(t: Test, listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const outboundWith = (t: Test, allow: string[]) => {
  const outbound = createOutbound({ allow: parseAllowList(allow)! })
  t.teardown(() => outbound.close())
  return (url: string, ms = 5_000) => outbound.post(new URL(url), { headers: {}, body: '{}', ms })
}

t.test('an origin on the list is called over http, and no other port of that host', async (t) => {
  const { dialled, post, outbound } = watch(t, {
    allow: ['http://n8n.internal:5678'],
    answers: { 'n8n.internal': [['10.0.5.7']] },
    lead: 1
  })
  await post('http://n8n.internal:5678/hook')
  t.equal(dialled.length, 1)
  t.match(await post('http://n8n.internal:5679/hook'), { failed: 'address-not-allowed' })
  t.match(await post('https://n8n.internal/hook'), { failed: 'address-not-allowed' })
  t.equal(outbound.refusal(new URL('http://n8n.internal:5678/hook')), undefined)
  t.equal(dialled.length, 1)
})

t.test(
  'a network on the list is called by name and by address, over http as well, and nothing beside it',
  async (t) => {
    const { dialled, post } = watch(t, {
      allow: ['10.0.5.0/24', 'fd00:5::/32'],
      answers: {
        'inner.example': [['10.0.5.7', 'fd00:5::7']],
        'half.example': [['10.0.5.7', '10.0.6.7']],
        'outer.example': [['93.184.216.34']]
      },
      lead: 1
    })
    for (const url of [
      'http://10.0.5.7/',
      'https://10.0.5.7/',
      'http://inner.example/',
      'http://[fd00:5::7]/'
    ])
      await post(url)
    t.equal(dialled.length, 4)
    t.match(await post('http://10.0.6.7/'), { failed: 'address-not-allowed' })
    t.match(
      await post('https://half.example/'),
      { failed: 'address-not-allowed' },
      'one of its addresses is elsewhere'
    )
    t.match(await post('http://outer.example/'), { failed: 'http-not-allowed' }, 'https alone to the world')
    t.match(await post('http://[::ffff:10.0.6.7]/'), { failed: 'address-not-allowed' })
    t.equal(dialled.length, 4)
  }
)

t.test('a host on the list is called on any port', async (t) => {
  const { dialled, post } = watch(t, {
    allow: ['Chat.Internal'],
    answers: { 'chat.internal': [['192.168.7.7']], 'sub.chat.internal': [['192.168.7.8']] },
    lead: 1
  })
  await post('http://chat.internal:8065/')
  await post('https://CHAT.internal/')
  t.equal(dialled.length, 2)
  t.match(await post('https://sub.chat.internal/'), { failed: 'address-not-allowed' })
})

t.test('what can be told of a URL before it is dialled', async (t) => {
  const refused = (url: string, allow: string[] = []) => {
    const outbound = createOutbound({ allow: parseAllowList(allow)! })
    t.teardown(() => outbound.close())
    return outbound.refusal(new URL(url)) !== undefined
  }
  t.notOk(refused('https://example.org/a?b=c'))
  t.notOk(refused('https://93.184.216.34:8443/'))
  for (const url of [
    'http://example.org/',
    'http://93.184.216.34/',
    'ws://example.org/',
    'https://u@example.org/',
    'https://example.org/#x'
  ])
    t.ok(refused(url), url)
  t.ok(refused('http://example.org/', ['n8n.internal']))
  t.notOk(refused('http://n8n.internal/', ['n8n.internal']))
  t.notOk(
    refused('http://example.org/', ['10.0.0.0/8']),
    'it may lead there: that is seen when it is dialled'
  )
  t.ok(refused('http://93.184.216.34/', ['10.0.0.0/8']))
  t.notOk(refused('http://10.1.2.3/', ['10.0.0.0/8']))
})

t.test('what is no entry of such a list', async (t) => {
  for (const entry of [
    'http://n8n.internal:5678/path',
    'ftp://x',
    'http://u:p@x',
    '10.0.0.0/33',
    '10.0.0',
    'a b',
    '*',
    '*.internal',
    '-x'
  ])
    t.equal(parseAllowList([entry]), undefined, entry)
  t.ok(parseAllowList(['http://[fd00::1]:80', 'n8n', '::1', '10.0.0.1', 'https://x.example']))
})

for (const status of [301, 302, 303, 307, 308])
  t.test(`a redirect (${status}) to an internal address is an answer, and not followed`, async (t) => {
    const inner = await startListener(t)
    const port = await serve(t, (_request, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${inner.port}/`, 'retry-after': '7' }).end()
    )
    const post = outboundWith(t, [`http://127.0.0.1:${port}`])
    t.same(await post(`http://127.0.0.1:${port}/`), { status, retryAfter: '7' })
    t.equal(inner.connections(), 0)
  })

t.test('a receiver that says nothing, or too much, or slowly, holds nobody up', async (t) => {
  const port = await serve(t, (request, response) => {
    if (request.url === '/silent') return
    response.writeHead(200)
    if (request.url === '/endless') {
      const chunk = Buffer.alloc(64 * 1024)
      const more = () => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more)
      }
      return more()
    }
    response.write('x') // and never the rest
  })
  const post = outboundWith(t, [`http://127.0.0.1:${port}`])
  const timed = async (path: string) => {
    const started = performance.now()
    return { posted: await post(`http://127.0.0.1:${port}${path}`, 500), took: performance.now() - started }
  }
  for (const [path, posted] of [
    ['/silent', { failed: 'timed-out' }],
    ['/endless', { status: 200 }],
    ['/slow', { status: 200 }]
  ] as const) {
    const found = await timed(path)
    t.match(found.posted, posted, path)
    t.ok(found.took < 2_000, `${path} took ${Math.round(found.took)} ms`)
  }
})

t.test('proxies of the environment are not asked', async (t) => {
  const proxy = await startListener(t)
  const port = await serve(t, (_request, response) => response.writeHead(204).end())
  const before = { ...process.env }
  for (const name of ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy', 'ALL_PROXY'])
    process.env[name] = `http://127.0.0.1:${proxy.port}`
  process.env.NODE_USE_ENV_PROXY = '1'
  t.teardown(() => {
    process.env = before
  })
  t.match(await outboundWith(t, ['127.0.0.1'])(`http://127.0.0.1:${port}/`), { status: 204 })
  t.equal(proxy.connections(), 0)
})
