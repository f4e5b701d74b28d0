import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import type { Test } from 'tap'

/** One request that arrived. @property verified by the library, with the secret that the receiver has just then */
export type Received = {
  id: string
  timestamp: number
  signatures: string[]
  body: string
  event: { type: string; timestamp: string; data: Record<string, unknown> }
  path: string
  verified: boolean
  at: number
}

/** What it says to the n-th request, from 0; undefined: nothing, for ever. */
export type Reply = (received: Received, n: number) => Answer | undefined | Promise<Answer | undefined>
type Answer = number | { status: number; headers: Record<string, string> }

export type Receiver = {
  url: string
  port: number
  /** By which it verifies; none: everything is taken as it comes. */
  secret: string | undefined
  received: Received[]
  /** Of those that were answered by 2xx. */
  accepted: Received[]
  /** How many are being answered at this moment, and how many were at most. */
  busy: { now: number; most: number }
  reply: Reply
  close(): Promise<void>
}

/** A receiver built on `standardwebhooks`, on a port of its own. */
export async function startReceiver(t: Test, reply: Reply = () => 204): Promise<Receiver> {
  const server = createServer((request, response) => void take(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const receiver: Receiver = {
    url: `http://127.0.0.1:${port}/hooks`,
    port,
    secret: undefined,
    received: [],
    accepted: [],
    busy: { now: 0, most: 0 },
    reply,
    async close() {
      server.closeAllConnections()
      if (server.listening) await new Promise((resolve) => server.close(resolve))
    }
  }
  t.teardown(() => receiver.close())

  async function take(request: IncomingMessage, response: ServerResponse) {
    const { busy } = receiver
    busy.most = Math.max(busy.most, ++busy.now)
    response.once('close', () => busy.now--)
    const received = await read(request, receiver.secret)
    const n = receiver.received.push(received) - 1
    const answer = receiver.secret && !received.verified ? 401 : await receiver.reply(received, n)
    if (answer === undefined) return
    const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer
    if (status >= 200 && status < 300) receiver.accepted.push(received)
    response.writeHead(status, headers).end()
  }
  return receiver
}

async function read(request: IncomingMessage, secret: string | undefined): Promise<Received> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const body = Buffer.concat(chunks).toString()
  const header = (name: string) => String(request.headers[name])
  return {
    id: header('webhook-id'),
    timestamp: Number(header('webhook-timestamp')),
    signatures: header('webhook-signature').split(' '),
    body,
    event: JSON.parse(body),
    path: request.url ?? '',
    verified: secret !== undefined && verifies(secret, body, request.headers as Record<string, string>),
    at: performance.now()
  }
}

export function verifies(secret: string, body: string, headers: Record<string, string>): boolean {
  try {
    new Webhook(secret).verify(body, headers)
    return true
  } catch {
    return false
  }
}
