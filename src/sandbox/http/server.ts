import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Settings } from '../model/settings.ts'
import { type Exchange, readExchange } from './exchange.ts'
import { faultReply, notJson } from './fault-replies.ts'
import type { Faults } from './faults.ts'
import type { CallLog, LoggedCall } from './log.ts'
import type { Handle } from './nextcloud.ts'
import { html, type Reply } from './reply.ts'

export interface ServerParts {
  settings: Settings
  faults: Faults
  log: CallLog
  /** Replaced when the sandbox is reset. */
  nextcloud: () => Handle
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
  const fault = parts.faults.meet(method, target)
  const logged = parts.log.begin(method, target, request.headers['user-agent'] ?? '', fault?.do ?? null)
  try {
    const exchange = await readExchange(request, parts.settings)
    if (parts.settings.latencyMs > 0) await sleep(parts.settings.latencyMs)
    if (fault?.do === 'slow') await sleep(fault.delayMs ?? 1000)
    await respond(parts, exchange, response, logged, fault?.do)
  } finally {
    parts.log.end(logged, response.headersSent ? response.statusCode : 0)
  }
}

async function respond(
  parts: ServerParts,
  exchange: Exchange,
  response: ServerResponse,
  logged: LoggedCall,
  fault: LoggedCall['fault'] | undefined
): Promise<void> {
  const hang = (): Promise<void> => parts.faults.hang((gone) => response.once('close', gone))
  if (fault === 'refuse' || fault === 'reset-before') return void response.socket?.resetAndDestroy()
  if (fault === 'hang-before') await hang()
  if (response.destroyed || response.socket?.destroyed) return
  const instead = fault ? faultReply(fault as Parameters<typeof faultReply>[0]) : undefined
  if (instead) return send(response, instead)

  const reply = parts.nextcloud()(exchange, logged)
  if (logged.sleepMs > 0) await sleep(logged.sleepMs)
  if (fault === 'hang-after') await hang()
  if (fault === 'reset-after') return void response.socket?.resetAndDestroy()
  if (response.socket?.destroyed) return
  if (fault === 'truncate') return truncate(response, reply)
  send(response, fault === 'non-json' ? notJson() : reply)
}

function send(response: ServerResponse, reply: Reply): void {
  response.writeHead(reply.status, { ...reply.headers, 'content-length': Buffer.byteLength(reply.body) })
  response.end(reply.body)
}

/** Says how long the answer is, sends half of it, and hangs up. */
function truncate(response: ServerResponse, reply: Reply): void {
  const bytes = Buffer.from(reply.body || ' '.repeat(64))
  response.writeHead(reply.status, { ...reply.headers, 'content-length': bytes.length })
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.socket?.destroy())
}
