import { randomBytes } from 'node:crypto'
import { escapeHtml } from '../http/html.ts'
import type { Reply } from '../http/reply.ts'
import { script } from './script.ts'
import { style } from './style.ts'

const icon =
  "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'><rect width='32' height='32' rx='8' fill='%2300639a'/><path d='M11 15v-3a5 5 0 0 1 10 0v3' fill='none' stroke='white' stroke-width='2.5'/><rect x='8' y='14' width='16' height='11' rx='2.5' fill='white'/></svg>"

/** A whole page; `body` is trusted markup. Nothing comes from elsewhere, and the policy holds it so. */
export function layout(
  title: string,
  body: string,
  { refreshes = false }: { refreshes?: boolean } = {},
  status = 200
): Reply {
  const nonce = randomBytes(12).toString('base64')
  const policy = [
    "default-src 'none'",
    "style-src 'unsafe-inline'",
    `script-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    'img-src data:',
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'"
  ].join('; ')
  const text = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
${refreshes ? '<noscript><meta http-equiv="refresh" content="10"></noscript>' : ''}
<link rel="icon" href="${icon}">
<style>${style}</style>
</head>
<body>
${body}
${refreshes ? `<script nonce="${nonce}">${script}</script>` : ''}
</body>
</html>
`
  return {
    status,
    headers: {
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': policy,
      'cache-control': 'no-store'
    },
    body: text
  }
}

/** Time of day by the sandbox's clock. */
export function timeOf(milliseconds: number): string {
  const iso = new Date(milliseconds).toISOString()
  return `<time datetime="${iso}" title="${iso}">${iso.slice(11, 19)}</time>`
}

export function pill(text: string, kind: 'good' | 'warn' | 'bad' | 'info' | '' = '', title = ''): string {
  return `<span class="pill ${kind}"${title ? ` title="${escapeHtml(title)}"` : ''}>${escapeHtml(text)}</span>`
}
