/** What pages of the console are dressed in, and the little script that they have: files of our own, known by their hash. */
import { createHash } from 'node:crypto'
import type { App } from '../http/fastify.ts'
import { script } from './script.ts'
import { style } from './style.ts'

const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16)

export const stylePath = `/console/assets/${hashOf(style)}.css`
export const scriptPath = `/console/assets/${hashOf(script)}.js`

/** Nothing inline, nothing from elsewhere, in nobody's frame; forms lead back here alone. */
export const policy =
  "default-src 'none';style-src 'self';script-src 'self';connect-src 'self';form-action 'self';base-uri 'none';frame-ancestors 'none'"

/** Of every answer of the console: no copy anywhere, no trace elsewhere. Our own forms say where they come from. */
export const headers = {
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'x-robots-tag': 'noindex',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'content-security-policy': policy
}

export function assetRoutes(app: App): void {
  for (const [path, type, text] of [
    [stylePath, 'text/css', style],
    [scriptPath, 'text/javascript', script]
  ] as const)
    app.get(
      path.slice('/console'.length),
      { config: { access: 'public' }, schema: { hide: true } },
      async (_request, reply) =>
        reply
          .headers({ ...headers, 'cache-control': 'public, max-age=31536000, immutable' })
          .type(`${type}; charset=utf-8`)
          .send(text)
    )
}
