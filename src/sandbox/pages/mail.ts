import type { Sandbox } from '../control/sandbox.ts'
import { escapeHtml } from '../http/html.ts'
import type { Reply } from '../http/reply.ts'
import { layout, timeOf } from './layout.ts'
import { safeLink } from './mails.ts'

/** One mail, as its reader sees it. */
export function mailPage(sandbox: Sandbox, number: number): Reply {
  const mail = sandbox.mail(number)
  if (!mail)
    return layout(
      'No such mail',
      '<main><p class="empty">There is no such mail. <a href="/sandbox">Back</a></p></main>',
      {},
      404
    )
  const link = safeLink(sandbox.linkOf(mail))
  const html = mail.html
    ? `<details><summary>As HTML</summary><iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="The HTML part" srcdoc="${escapeHtml(`<base target="_blank">${mail.html}`)}"></iframe></details>`
    : ''
  return layout(
    mail.subject || 'Mail',
    `<main style="max-width:52rem">
<p><a href="/sandbox">← Sandbox</a></p>
<article class="card letter">
<h1>${escapeHtml(mail.subject || '(no subject)')}</h1>
<dl class="facts">
<div><dt>From</dt><dd>${escapeHtml(mail.from)}</dd></div>
<div><dt>To</dt><dd>${escapeHtml(mail.recipients.join(', '))}</dd></div>
<div><dt>At</dt><dd>${timeOf(mail.at)}</dd></div>
</dl>
<pre>${linkify(mail.text)}</pre>
${link ? `<p><a class="go" href="${escapeHtml(link)}">${link.includes('/lostpassword/') ? 'Open the reset link' : 'Open the link'}</a></p>` : ''}
${html}
<details><summary>As it was sent</summary><pre>${escapeHtml(mail.raw)}</pre></details>
</article>
</main>`
  )
}

function linkify(text: string): string {
  return text
    .split(/(https?:\/\/[^\s<>"']+)/)
    .map((part, index) =>
      index % 2 === 1 ? `<a href="${escapeHtml(part)}">${escapeHtml(part)}</a>` : escapeHtml(part)
    )
    .join('')
}
