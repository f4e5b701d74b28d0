import { type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Reply } from './reply.ts'

export function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}

/** Says how long the answer is, sends half of it, and ends the connection. */
export function breakOff(response: ServerResponse, reply: Reply, end: (socket: Socket) => void): void {
  const bytes = Buffer.from(reply.body || ' '.repeat(64))
  const { socket } = response
  response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => socket && end(socket))
}

/** Bodies shorter than this would end too soon: with those the head trickles, too. */
const SHORT = 120

/**
 * Sends the whole answer, a byte at a time: every timeout between two bytes is content, only one over all of it is
 * not. `pause` says true when the call was let go of: the rest is sent at once then.
 */
export async function trickle(
  response: ServerResponse,
  reply: Reply,
  pause: (ms: number) => Promise<boolean>,
  { delayMs = 1000 }: { delayMs?: number }
): Promise<void> {
  const { socket } = response
  const body = Buffer.from(reply.body)
  const head = Buffer.from(headOf(response, reply, body.length), 'latin1')
  const bytes = Buffer.concat([head, body])
  let sent = body.length < SHORT ? 1 : head.length
  socket?.write(bytes.subarray(0, sent))
  while (sent < bytes.length && socket && !socket.destroyed) {
    const next = (await pause(delayMs)) ? bytes.length : sent + 1
    if (socket.destroyed) return
    socket.write(bytes.subarray(sent, next))
    sent = next
  }
  socket?.end()
}

/** The head as it goes over the wire: Node would send it in one piece. */
function headOf(response: ServerResponse, reply: Reply, length: number): string {
  const headers = {
    ...response.getHeaders(),
    ...reply.headers,
    'content-length': length,
    connection: 'close'
  }
  const lines = Object.entries(headers).flatMap(([name, value]) =>
    [value ?? []].flat().map((one) => `${name}: ${one}`)
  )
  return `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status]}\r\n${lines.join('\r\n')}\r\n\r\n`
}
