import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer as createTlsServer } from 'node:tls'
import type { Test } from 'tap'
import { certificateIn } from '../../support/certificate.ts'
import { parseStrictly, type Received, takeFrames } from './rfc5424.ts'

export type Certificate = { cert: string; key: string }

/** For localhost and 127.0.0.1, vouching for itself. */
export function certificate(t: Test): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-tls-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  return { cert: certificateIn(folder), key: readFileSync(join(folder, 'key.pem'), 'utf8') }
}

/** What a receiver does on its first connection; on all further ones it takes everything. */
export type Fate = {
  /** After so many bytes, before it has seen any more. */
  afterBytes?: number
  does: 'resets' | 'ends' | 'is silent'
}

export type Receiver = {
  port: number
  /** Of all connections, in their order. */
  received: Received[]
  /** What no receiver would take. */
  faults: unknown[]
  connections(): number
}

/** A syslog receiver, gone after the test. It writes down each whole message that it has read. */
export async function startReceiver(
  t: Test,
  { fate, tls, host = '127.0.0.1' }: { fate?: Fate; tls?: Certificate; host?: string } = {}
): Promise<Receiver> {
  const received: Received[] = []
  const faults: unknown[] = []
  const sockets = new Set<Socket>()
  let connections = 0
  const take = (socket: Socket) => {
    const mine = connections++ === 0 ? fate : undefined
    sockets.add(socket)
    socket.on('error', () => {})
    let left = mine?.afterBytes ?? Number.POSITIVE_INFINITY
    let rest = Buffer.alloc(0)
    let isOver = false
    const meetFate = () => {
      isOver = true
      if (mine?.does === 'resets') tls ? socket.destroy() : socket.resetAndDestroy()
      if (mine?.does === 'ends') socket.end()
    }
    if (left === 0) meetFate()
    socket.on('data', (data) => {
      if (isOver) return
      try {
        const read = data.subarray(0, left)
        left -= read.length
        rest = Buffer.from(
          takeFrames(Buffer.concat([rest, read]), (message) => received.push(parseStrictly(message)))
        )
      } catch (fault) {
        faults.push(fault)
      }
      if (left === 0) meetFate()
    })
    socket.on('end', () => {
      if (mine?.does === 'is silent') return
      if (rest.length > 0 && !isOver) faults.push(new Error('it ends within a frame'))
      socket.end()
    })
  }
  const server = tls
    ? createTlsServer({ ...tls, allowHalfOpen: true }, take)
    : createServer({ allowHalfOpen: true }, take)
  server.on('tlsClientError', () => {})
  server.listen(0, host)
  await once(server, 'listening')
  t.teardown(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as { port: number }
  return { port, received, faults, connections: () => connections }
}
