import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { SandboxClock } from '../clock.ts'
import type { Settings } from '../model/settings.ts'
import { type Exchange, readExchange } from './exchange.ts'
import { faultReply, notJson } from './fault-replies.ts'
import type { Fault, Faults } from './faults.ts'
import type { CallLog, LoggedCall } from './log.ts'
import type { Handle } from './nextcloud.ts'
import { html, type Reply } from './reply.ts'
import { breakOff, send, trickle } from './send.ts'

/** One simulated Nextcloud, as the server talks to it. */
export interface World {
  handle: Handle
  /** Whom a call concerns, in lower case: faults may be aimed at one user. */
  usersOf: (exchange: Exchange) => Iterable<string>
  /** What is called, for the log. */
  nameOf: (exchange: Exchange) => string
}

export interface ServerParts {
  clock: SandboxClock
  settings: Settings
  faults: Faults
  log: CallLog
  /** Replaced when the sandbox is reset. */
  world: () => World
  /** Pages and API of the sandbox itself, under `/sandbox`. */
  sandbox: (exchange: Exchange) => Promise<Reply> | Reply
}

/** The HTTP server of the sandbox: Nextcloud on all paths, its own things under `/sandbox`. */
export function createSandboxServer(parts: ServerParts): Server {
  return createServer((request, response) => {
    serve(parts, request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy()
      else send(response, html(`<h1>The sandbox itself failed</h1><pre>${String(error)}</pre>`, 500))
    })
  })
}

async function serve(parts: ServerParts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const target = request.url ?? '/'
  if (/^\/sandbox(\/|\?|$)/.test(target)) {
    return send(response, await parts.sandbox(await readExchange(request, parts.settings)))
  }
  const method = request.method ?? 'GET'
  // What is under way when the sandbox is reset belongs to the world that goes.
  const world = parts.world()
  const logged = parts.log.begin(method, target, request.headers['user-agent'] ?? '')
  response.once('close', () => parts.log.end(logged))
  try {
    const exchange = await readExchange(request, parts.settings)
    parts.log.arrived(logged, world.nameOf(exchange))
    const fault = parts.faults.meet(method, target, () => world.usersOf(exchange))
    logged.fault = fault?.do ?? null
    if (parts.settings.latencyMs > 0) await sleep(parts.settings.latencyMs)
    await respond(parts, world.handle, { exchange, response, logged, fault })
  } finally {
    parts.log.settle(logged)
  }
}

interface Underway {
  exchange: Exchange
  response: ServerResponse
  logged: LoggedCall
  fault: Fault | undefined
}

async function respond(parts: ServerParts, handle: Handle, call: Underway): Promise<void> {
  const { exchange, response, logged, fault } = call
  if (!(await begins(parts.faults, call))) return
  const instead = fault && faultReply(fault.do)
  const reply = handle(exchange, logged, instead)
  parts.log.handled(logged)
  if (logged.sleepMs > 0) await sleep(logged.sleepMs / parts.clock.speed)
  if (fault?.do === 'hang-after') await parts.faults.hold({ whenGone: whenGone(response) })
  if (isGone(response)) return
  // Callers hold `lastLogin` against it: of the same clock as everything else.
  response.setHeader('date', new Date(parts.clock.now()).toUTCString())
  logged.status = fault?.do === 'reset-after' ? 0 : reply.status
  switch (fault?.do) {
    case 'reset-after':
      return void response.socket?.resetAndDestroy()
    case 'truncate':
      return breakOff(response, reply, (socket) => socket.destroy())
    case 'reset-body':
      return breakOff(response, reply, (socket) => socket.resetAndDestroy())
    case 'trickle':
      return trickle(response, reply, (ms) => parts.faults.hold({ ms }), fault)
    case 'non-json':
      logged.status = 200
      return send(response, notJson())
    default:
      send(response, reply)
  }
}

/**
 * What strikes before Nextcloud does anything; false: it never will. `hang-before` and `slow` stand for a queue in
 * front of PHP, which drops the calls of those who hung up. Once PHP has begun (`latencyMs`, `late`) nobody stops it.
 */
async function begins(faults: Faults, { response, fault }: Underway): Promise<boolean> {
  switch (fault?.do) {
    case 'refuse':
    case 'reset-before':
      response.socket?.resetAndDestroy()
      return false
    case 'hang-before':
      await faults.hold({ whenGone: whenGone(response) })
      return !isGone(response)
    case 'slow':
      await faults.hold({ ms: fault.delayMs ?? 1000, whenGone: whenGone(response) })
      return !isGone(response)
    case 'late':
      await faults.hold({ ms: fault.delayMs ?? 1000 })
  }
  return true
}

const isGone = (response: ServerResponse): boolean =>
  response.destroyed || response.socket?.destroyed === true

const whenGone =
  (response: ServerResponse) =>
  (gone: () => void): void =>
    void response.once('close', gone)
