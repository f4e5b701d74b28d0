import type { Sandbox } from '../control/sandbox.ts'
import { escapeHtml } from '../http/html.ts'
import type { Mail } from '../mail/mailbox.ts'
import { timeOf } from './layout.ts'

const SHOWN = 30

/** The mailbox, newest first. */
export function mails(sandbox: Sandbox): string {
  const all = sandbox.mails()
  const lines = all
    .slice(-SHOWN)
    .reverse()
    .map((mail) => line(sandbox, mail))
  const list =
    lines.length === 0
      ? '<p class="empty">No mail yet. It will show up here by itself.</p>'
      : `<ol class="mails">${lines.join('')}</ol>`
  return `<section data-part="mails"><h2>Mailbox <small>${all.length}</small></h2><div class="card">${list}</div></section>`
}

function line(sandbox: Sandbox, mail: Mail): string {
  const link = safeLink(sandbox.linkOf(mail))
  const reset = link?.includes('/lostpassword/reset/form/')
    ? `<a href="${escapeHtml(link)}">open the reset link</a>`
    : ''
  return `<li data-key="m${mail.number}"><a class="subject" href="/sandbox/mail/${mail.number}">${escapeHtml(mail.subject || '(no subject)')}</a>${timeOf(mail.at)}
<span class="meta"><span>to ${escapeHtml(mail.recipients.join(', '))}</span><span>${mail.via === 'smtp' ? 'over SMTP' : 'from Nextcloud'}</span>${reset}</span></li>`
}

/** Only what leads somewhere over HTTP is made a link. */
export function safeLink(link: string | undefined): string | undefined {
  return link !== undefined && URL.canParse(link) && /^https?:$/.test(new URL(link).protocol)
    ? link
    : undefined
}
