import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

type Value = { stringValue?: string; intValue?: number; boolValue?: boolean }
type KeyValue = { key: string; value: Value }
type Wire = {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  kind: number
  attributes: KeyValue[]
  status?: { code?: number; message?: string }
  events?: unknown[]
}
type Export = {
  resourceSpans: { resource: { attributes: KeyValue[] }; scopeSpans: { spans: Wire[] }[] }[]
}

export type Told = Omit<Wire, 'attributes'> & {
  attributes: Record<string, string | number | boolean | undefined>
  resource: Record<string, string | number | boolean | undefined>
}

/** Takes traces by OTLP over HTTP, as JSON, and keeps all that it was sent. */
export async function startCollector(t: Test) {
  const bodies: string[] = []
  const requests: { path: string; headers: IncomingHttpHeaders }[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    bodies.push(body)
    requests.push({ path: `${request.method} ${request.url}`, headers: request.headers })
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    server.closeAllConnections()
    server.close()
  })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** All of it, as it came. */
    text: () => [...bodies, JSON.stringify(requests)].join('\n'),
    spans: (): Told[] => bodies.flatMap((body) => spansIn(JSON.parse(body) as Export))
  }
}

const spansIn = ({ resourceSpans }: Export) =>
  resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes)
      }))
    )
  )

const plain = (list: KeyValue[]) =>
  Object.fromEntries(
    list.map(({ key, value }) => [key, value.stringValue ?? value.intValue ?? value.boolValue])
  )
