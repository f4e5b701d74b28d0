import type { Sandbox } from '../control/sandbox.ts'
import type { Exchange } from '../http/exchange.ts'
import type { Reply } from '../http/reply.ts'
import { layout } from './layout.ts'
import { mailPage } from './mail.ts'
import { overview } from './overview.ts'

/** The sandbox's pages for people; `path` is what follows `/sandbox`. */
export function page(sandbox: Sandbox, { method }: Exchange, path: string): Reply {
  const mail = /^\/mail\/(\d+)$/.exec(path)?.[1]
  if (method === 'GET' && (path === '' || path === '/')) return overview(sandbox)
  if (method === 'GET' && mail) return mailPage(sandbox, Number(mail))
  return layout(
    'Nothing here',
    '<main><p class="empty">Nothing here. <a href="/sandbox">To the sandbox</a></p></main>',
    {},
    404
  )
}
