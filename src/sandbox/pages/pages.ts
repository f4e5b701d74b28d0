import type { Sandbox } from '../control/sandbox.ts'
import type { Exchange } from '../http/exchange.ts'
import { html, type Reply } from '../http/reply.ts'

export function page(_sandbox: Sandbox, _exchange: Exchange, _path: string): Reply {
  return html('<h1>Sandbox</h1>')
}
