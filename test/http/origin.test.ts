import { once } from 'node:events'
import { request } from 'node:http'
import { connect } from 'node:net'
import t from 'tap'
import { createFastify } from '../../src/http/fastify.ts'
import { createLog } from '../../src/world.ts'
import { firstKey, startLocksmith } from '../support/locksmith.ts'

type Raw = { status: number; text: string }

/** With headers that fetch does not let us set. @returns everything that came back, headers included */
function raw(url: string, method: string, path: string, headers: Record<string, string>, body?: string) {
  return new Promise<Raw>((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, method, path, headers }, (response) => {
      let text = response.rawHeaders.join('\n')
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () => resolve({ status: response.statusCode!, text }))
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

const hostile = {
  host: 'evil.example',
  'x-forwarded-host': 'evil.example',
  'x-forwarded-proto': 'gopher',
  'x-forwarded-port': '6666',
  'x-forwarded-prefix': '/evil.example',
  'x-original-url': '/evil.example',
  forwarded: 'host=evil.example;proto=gopher',
  authorization: `Bearer ${firstKey}`
}

t.test(
  'no header of a request gets into a link, a location, a problem, the document or a mail',
  async (t) => {
    for (const env of [{}, { TRUST_PROXY: '127.0.0.1' }] as Record<string, string>[]) {
      const { url, sandbox } = await startLocksmith(t, { env })
      for (const id of ['anna', 'bert'])
        sandbox.createUser({ id, password: 'Old-Password-4711', email: `${id}@example.org` })
      const json = { ...hostile, 'content-type': 'application/json', prefer: 'wait=20' }
      const seen = [
        await raw(url, 'GET', '/users?limit=1', hostile),
        await raw(url, 'POST', '/users/anna/reset', json, '{"mail": "smtp"}'),
        await raw(url, 'POST', '/users/bert/reset', json, '{}'),
        await raw(url, 'GET', '/operations?limit=1', hostile),
        await raw(url, 'GET', '/operations/none', hostile),
        await raw(url, 'GET', '/openapi.json', hostile),
        await raw(url, 'GET', '/nowhere', hostile),
        await raw(url, 'GET', '/', hostile),
        await raw(url, 'GET', '/docs', hostile),
        await raw(url, 'GET', '/problems/unauthorized', hostile),
        await raw(url, 'GET', '/operations', { ...hostile, authorization: 'Bearer x' }),
        await raw(url, 'POST', '/keys', json, '{"name": "x", "scopes": ["users:read"]}')
      ]
      for (const { text } of seen) t.notMatch(text, /evil\.example|gopher|6666/)
      t.match(seen[0]!.text, '</users?limit=1&cursor=1>; rel="next"')
      t.match(seen[1]!.text, '"succeeded"')
      const mails = JSON.stringify(sandbox.mails())
      t.match(mails, 'anna@example.org')
      t.notMatch(mails, /evil\.example|gopher|6666/)
    }
  }
)

t.test('the document names the address of PUBLIC_URL, where there is one', async (t) => {
  const { call } = await startLocksmith(t, {
    worker: false,
    env: { PUBLIC_URL: 'https://locksmith.example.org/' }
  })
  t.strictSame((await call('GET', '/openapi.json')).body.servers, [{ url: 'https://locksmith.example.org' }])
})

t.test('web pages of other origins may not call, unless CORS_ORIGINS has them', async (t) => {
  const asked = {
    origin: 'https://app.example.org',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,idempotency-key'
  }
  const closed = await startLocksmith(t, { worker: false })
  for (const [method, headers] of [
    ['OPTIONS', asked],
    ['GET', { origin: asked.origin }]
  ] as const) {
    const answer = await closed.call(method, '/operations', { headers })
    t.equal(answer.headers.get('access-control-allow-origin'), null, method)
  }

  const env = { CORS_ORIGINS: 'https://app.example.org, http://localhost:5173' }
  const { call } = await startLocksmith(t, { worker: false, env })
  const preflight = await call('OPTIONS', '/users/anna/reset', { headers: asked, authorization: null })
  t.equal(preflight.status, 204)
  t.equal(preflight.headers.get('access-control-allow-origin'), asked.origin)
  t.match(preflight.headers.get('access-control-allow-headers'), /authorization.*idempotency-key/)
  t.equal(preflight.headers.get('access-control-allow-credentials'), null)
  for (const authorization of [`Bearer ${firstKey}`, null]) {
    const answer = await call('GET', '/operations', { headers: { origin: asked.origin }, authorization })
    t.equal(answer.headers.get('access-control-allow-origin'), asked.origin, 'also where it is refused')
    t.match(answer.headers.get('access-control-expose-headers'), /location/)
  }
  for (const origin of ['https://evil.example', 'https://app.example.org.evil.example', 'null']) {
    const answer = await call('GET', '/operations', { headers: { origin } })
    t.equal(answer.headers.get('access-control-allow-origin'), null, origin)
  }
})

/** By hand: a client may see the connection end before it has read why. @returns all that came back */
async function answerTo(url: string, request: string): Promise<string> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  let answer = ''
  socket.on('data', (chunk) => (answer += chunk)).on('error', () => {})
  socket.write(request)
  await once(socket, 'close')
  return answer
}

const problemIn = (answer: string) => JSON.parse(answer.split('\r\n\r\n')[1]!)

t.test('headers and bodies that are too large are refused', async (t) => {
  const { url, call } = await startLocksmith(t, { worker: false })
  const large = (size: number) =>
    `GET /health/live HTTP/1.1\r\nhost: x\r\nx-large: ${'x'.repeat(size)}\r\n\r\n`
  const answer = await answerTo(url, large(17_000))
  t.match(answer, /^HTTP\/1.1 431 /)
  t.match(problemIn(answer), {
    type: '/problems/headers-too-large',
    code: 'headers-too-large',
    status: 431
  })
  t.match(answer, 'Content-Type: application/problem+json')
  t.equal((await raw(url, 'GET', '/health/live', { 'x-large': 'x'.repeat(12_000) })).status, 200)
  t.equal((await call('POST', '/keys', { body: { name: 'x'.repeat(70_000) } })).status, 413)
})

t.test('what is no request of HTTP, or does not arrive, is refused as a problem, too', async (t) => {
  const app = createFastify(createLog('silent'))
  t.teardown(() => app.close())
  const url = await app.listen({ port: 0, host: '127.0.0.1' })
  const garbage = await answerTo(url, 'GIVE /health/live NOW\r\n\r\n')
  t.match(garbage, /^HTTP\/1.1 400 /)
  t.match(problemIn(garbage), { code: 'invalid-request', status: 400 })
  // As Node itself tells it, after half a minute.
  app.server.once('connection', (socket) => {
    const late = Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
    app.server.emit('clientError', late, socket)
  })
  const late = await answerTo(url, 'GET /')
  t.match(late, /^HTTP\/1.1 408 /)
  t.match(problemIn(late), { code: 'request-timeout', status: 408 })
})
