import { connect as connectTcp, isIP, type Socket } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { DeliveryError, undelivered } from './delivery-error.ts'
import type { Trust } from './post.ts'

export type SyslogServer = {
  host: string
  port: number
  /** TLS from the first byte (RFC 5425). The server's certificate has to be good, and for this host. */
  secure: boolean
}

export type SyslogOptions = {
  tls?: Trust
  /** For all of it: to connect, to write, and to be answered by the end of the connection. */
  timeoutMs?: number
  /** See {@link sendSyslog}. */
  settleMs?: number
}

/**
 * Sends framed messages on a connection of their own. Syslog has no acknowledgements, so the end of the connection
 * stands in for one: all is written, our side is closed, and only a server that then closes its own side, without an
 * error, has read up to the end. One that dies with something unread resets the connection; one that closes *before*
 * we did did not wait for the end. Either way nothing counts as received, and the caller sends all of it again.
 *
 * Our side stays open for `settleMs` and two round trips after the last byte was handed to the kernel, whose buffer
 * holds about as much as leaves in that time: so one that ends while something is still under way is heard before our
 * own end, and its end is not taken for the answer to ours. What no sender can see is a server that has read
 * everything and dies before it has written it down: who needs that as well has an HTTPS collector that answers once
 * it has stored.
 * @param signal ends it, with an error
 * @throws DeliveryError where the messages cannot be known to be received
 */
export async function sendSyslog(
  { host, port, secure }: SyslogServer,
  messages: Buffer[],
  signal: AbortSignal,
  { tls, timeoutMs = 15_000, settleMs = 100 }: SyslogOptions = {}
): Promise<void> {
  signal.throwIfAborted()
  const began = performance.now()
  const socket = open({ host, port, secure }, tls)
  const giveUp = () => socket.destroy(new DeliveryError('it was given up'))
  signal.addEventListener('abort', giveUp, { once: true })
  const timer = setTimeout(
    () => socket.destroy(new DeliveryError(`it did not take all within ${timeoutMs / 1_000} s`)),
    timeoutMs
  )
  const closed = untilClosed(socket)
  try {
    await Promise.race([connected(socket, secure), closed])
    const roundTripMs = performance.now() - began
    await Promise.race([written(socket, Buffer.concat(messages)), closed])
    await Promise.race([sleep(settleMs + 2 * roundTripMs, undefined, { ref: false }), closed])
    socket.end()
    await closed
  } catch (error) {
    throw undelivered(error)
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
    socket.destroy()
  }
}

/** Half open: a server that ends first is to be seen as such, and not answered by an end of ours. */
function open({ host, port, secure }: SyslogServer, tls?: Trust): Socket {
  const address = { host, port, allowHalfOpen: true }
  if (!secure) return connectTcp(address)
  const name = isIP(host) === 0 && { servername: host }
  const options = { ...tls, ...address, ...name, minVersion: 'TLSv1.2' as const, rejectUnauthorized: true }
  return connectTls(options)
}

/** Resolves once both sides have ended without an error. Whatever a server says is dropped. */
function untilClosed(socket: Socket): Promise<void> {
  const closed = new Promise<void>((resolve, reject) => {
    socket.once('error', reject)
    // An end of theirs while ours is open: theirs was not an answer to it.
    socket.once('end', () => {
      if (!socket.writableEnded) socket.destroy(new DeliveryError('it closed the connection before the end'))
    })
    socket.once('close', () =>
      socket.readableEnded && socket.writableFinished
        ? resolve()
        : reject(new DeliveryError('the connection broke off'))
    )
  })
  closed.catch(() => {}) // it may end while nobody waits for it
  socket.resume()
  return closed
}

const connected = (socket: Socket, secure: boolean): Promise<void> =>
  new Promise((resolve) => socket.once(secure ? 'secureConnect' : 'connect', resolve))

/** A failure ends the socket as well. */
const written = (socket: Socket, bytes: Buffer): Promise<void> =>
  new Promise((resolve) => socket.write(bytes, () => resolve()))
