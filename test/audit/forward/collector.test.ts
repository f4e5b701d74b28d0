import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import t, { type Test } from 'tap'
import { toEcs } from '../../../src/audit/forward/ecs.ts'
import { forwardOnce } from '../../../src/audit/forward/forward.ts'
import { createTarget } from '../../../src/audit/forward/target.ts'
import { skipTls } from '../../support/certificate.ts'
import { eventOf, eventsUpTo, hostile, memoryCursor, never, quiet, readFrom } from './events.ts'
import { type Certificate, certificate } from './receiver.ts'

type Request = { url: string; headers: IncomingMessage['headers']; body: string }
type Answer = (response: ServerResponse) => void

const ok: Answer = (response) => response.end('{"text":"Success","code":0}')

/** Answers its requests as it is told, in order, and all further ones by 200. */
async function startCollector(t: Test, answers: Answer[] = [], tls?: Certificate) {
  const requests: Request[] = []
  const handle = (request: IncomingMessage, response: ServerResponse) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (text) => {
      body += text
    })
    request.on('end', () => {
      requests.push({ url: request.url!, headers: request.headers, body })
      ;(answers[requests.length - 1] ?? ok)(response)
    })
  }
  const server = tls ? createTlsServer(tls, handle) : createServer(handle)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    server.closeAllConnections()
  })
  const { port } = server.address() as { port: number }
  const targetOf = (options: Parameters<typeof createTarget>[1] = {}) =>
    createTarget(
      { kind: 'collector', url: new URL(`http${tls ? 's' : ''}://127.0.0.1:${port}/in?source=locksmith`) },
      options
    )
  return { requests, targetOf, port }
}

const linesOf = ({ body }: Request) => {
  const lines = body.split('\n')
  t.equal(lines.pop(), '', 'each line has its end')
  return lines.map((line) => JSON.parse(line))
}

t.test('a collector gets one JSON object a line, and what it is to be told', async (t) => {
  const { requests, targetOf } = await startCollector(t)
  const target = targetOf({ authorization: 'Splunk 0123-4567' })
  const events = [hostile, eventOf({ index: 1 })]
  await target.send(events.map(target.encode), never)
  t.match(requests, [
    {
      url: '/in?source=locksmith',
      headers: { 'content-type': 'application/x-ndjson', authorization: 'Splunk 0123-4567' }
    }
  ])
  t.same(linesOf(requests[0]!), events.map(toEcs))
  t.notMatch(target.name, /source|in\?|Splunk/, 'its name for logs says no more than where it is')
})

t.test('what fails is sent again, in order, until it is received', async (t) => {
  const { requests, targetOf } = await startCollector(t, [
    (response) => response.writeHead(500).end(),
    (response) => response.writeHead(429, { 'retry-after': '7' }).end(),
    ok,
    (response) => response.destroy(),
    (response) => response.writeHead(503).end('x'.repeat(1_000_000))
  ])
  const cursor = memoryCursor()
  const events = eventsUpTo(1_100)
  const forwarding = { read: readFrom(events), cursor, target: targetOf(), log: quiet }
  for (let n = 0; n < 10 && cursor.next < events.length; n++) await forwardOnce(forwarding, never)
  const came = requests.flatMap(linesOf).map(({ locksmith }) => locksmith.audit.index as number)
  t.strictSame(
    [...new Set(came)],
    events.map(({ index }) => index)
  )
  t.match(cursor.errors, ['it answers 500', 'it answers 429', /broke off/, 'it answers 503'])
  t.strictSame(
    requests.map((request) => linesOf(request).length),
    [500, 500, 500, 500, 500, 500, 100]
  )
})

t.test('it is left alone for as long as it asks', async (t) => {
  const inAMinute = new Date(Date.now() + 60_000).toUTCString()
  const asked = ['7', inAMinute, '999999999', 'soon', '-5', new Date(0).toUTCString()]
  const { targetOf } = await startCollector(
    t,
    asked.map((after) => (response) => response.writeHead(503, { 'retry-after': after }).end())
  )
  const heeded: (number | undefined)[] = []
  for (const _ of asked)
    await targetOf()
      .send([Buffer.from('{}\n')], never)
      .catch((error) => heeded.push(error.retryAfterSeconds))
  const [seconds, date, far, ...none] = heeded
  t.equal(seconds, 7)
  t.ok(date! > 55 && date! <= 60)
  t.equal(far, 3_600, 'but not for ever')
  t.ok(none.every((each) => !each || each === 0))
})

t.test('a redirect is not followed, and its credential goes nowhere else', async (t) => {
  const elsewhere = await startCollector(t)
  for (const status of [301, 302, 307, 308]) {
    const { targetOf } = await startCollector(t, [
      (response) => response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/in` }).end()
    ])
    const target = targetOf({ authorization: 'Bearer secret' })
    await t.rejects(target.send([Buffer.from('{}\n')], never), {
      message: `it answers ${status}, a redirect, which is not followed`
    })
  }
  t.equal(elsewhere.requests.length, 0)
})

t.test('one that hangs keeps nobody waiting, before its answer or within', async (t) => {
  const { targetOf } = await startCollector(t, [
    () => {},
    (response) => response.writeHead(500).write('so'),
    (response) => response.writeHead(200).write('well')
  ])
  const send = () => targetOf({ timeoutMs: 600 }).send([Buffer.from('{}\n')], never)
  await t.rejects(send(), { name: 'DeliveryError', message: 'it did not answer within 0.6 s' })
  const began = performance.now()
  await t.rejects(send(), { name: 'DeliveryError' })
  await t.resolves(send(), 'what it says after a 200 changes nothing')
  t.ok(performance.now() - began < 6_000)
})

t.test('an answer without an end takes no memory', async (t) => {
  let written = 0
  const { targetOf } = await startCollector(t, [
    (response) => {
      const chunk = Buffer.alloc(65_536, 'x')
      const pour = () => {
        while (!response.destroyed && response.write(chunk)) written += chunk.length
      }
      response
        .writeHead(200)
        .on('drain', pour)
        .on('error', () => {})
      pour()
    }
  ])
  await targetOf().send([Buffer.from('{}\n')], never)
  t.ok(written < 32 * 1024 * 1024)
})

t.test('a huge event goes alone, and one over 1 MB without its details, which it says', async (t) => {
  const { requests, targetOf } = await startCollector(t)
  const cursor = memoryCursor()
  const fill = (bytes: number) => ({ outcome: 'x'.repeat(bytes) })
  const events = [100, 999_000, 100, 2_000_000].map((bytes, index) =>
    eventOf({ index, details: fill(bytes) })
  )
  await forwardOnce({ read: readFrom(events), cursor, target: targetOf(), log: quiet }, never)
  t.strictSame(
    requests.map((request) => linesOf(request).map(({ locksmith }) => locksmith.audit.index)),
    [[0], [1], [2, 3]]
  )
  t.ok(requests.every(({ body }) => Buffer.byteLength(body) <= 1_000_000))
  t.match(linesOf(requests[2]!)[1], { tags: ['details-omitted'], locksmith: { details_bytes: 2_000_014 } })
})

t.test('over TLS', { skip: skipTls }, async (t) => {
  const tls = certificate(t)
  const { requests, targetOf } = await startCollector(t, [], tls)
  await targetOf({ tls: { ca: tls.cert } }).send([Buffer.from('{}\n')], never)
  await t.rejects(targetOf({ authorization: 'Bearer secret' }).send([Buffer.from('{}\n')], never), {
    message: 'its TLS certificate is not accepted (DEPTH_ZERO_SELF_SIGNED_CERT)'
  })
  t.equal(requests.length, 1, 'nothing is sent to one that is not trusted')
})
