/** What is no request of HTTP, or too much of one: no route is ever asked, and still it is refused as a problem. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { FastifyInstance } from 'fastify'
import { type ProblemCode, problemOf } from '../errors.ts'

/** Bytes of all headers and the request line together. */
export const maxHeaderSize = 16 * 1024

const known: Record<string, [ProblemCode, detail: string]> = {
  ERR_HTTP_REQUEST_TIMEOUT: [
    'request-timeout',
    'The request did not arrive within 30 s. Nothing was done: send it again.'
  ],
  HPE_HEADER_OVERFLOW: [
    'headers-too-large',
    `The path and the headers are larger than ${maxHeaderSize / 1024} KiB. Nothing was done.`
  ]
}

/** For `clientErrorHandler`. The connection ends: what else comes on it cannot be told apart. */
export function refuseUnreadable(
  this: FastifyInstance,
  error: Error & { code: string },
  socket: Socket
): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return
  this.log.trace({ err: error }, 'no request')
  const [code, detail] = known[error.code] ?? [
    'invalid-request',
    'This is no request of HTTP. Nothing was done.'
  ]
  const problem = problemOf(code, detail)
  const body = JSON.stringify(problem)
  if (socket.writable)
    socket.write(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        'Content-Type: application/problem+json; charset=utf-8',
        `Content-Length: ${Buffer.byteLength(body)}`,
        'Connection: close',
        '',
        body
      ].join('\r\n')
    )
  socket.destroy(error)
}
