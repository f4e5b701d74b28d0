import { escapeHtml } from '../http/html.ts'

export interface LetterContent {
  heading?: string
  text: string
  /** Where the HTML part words it differently. */
  html?: string
  button?: { label: string; url: string; named?: boolean }
}

/** Both parts of one of Nextcloud's mails. */
export function letter({ heading, text, html, button }: LetterContent): { text: string; html: string } {
  const footer =
    'Nextcloud - a safe home for all your data\r\nThis is an automatically sent email, please do not reply.'
  const plain = [
    ...(heading ? [heading, ''] : []),
    text,
    '',
    ...(button ? [button.named ? `${button.label}: ${button.url}` : button.url, ''] : ['']),
    '-- ',
    footer
  ].join('\r\n')
  const rich = [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8"><title></title></head>',
    "<body style=\"margin:0;background:#fff;color:#0a0a0a;font-family:-apple-system,'Segoe UI',Roboto,Oxygen-Sans,Ubuntu,Cantarell,'Helvetica Neue',Arial,sans-serif;font-size:16px;line-height:1.5\">",
    '<div style="background:#00679e;color:#fff;padding:20px;text-align:center;font-weight:700">Nextcloud</div>',
    '<div style="max-width:36em;margin:0 auto;padding:30px">',
    heading ? `<h1 style="font-size:24px;font-weight:400">${escapeHtml(heading)}</h1>` : '',
    `<p>${escapeHtml(html ?? text).replaceAll('\r\n', '<br>')}</p>`,
    button
      ? `<p style="text-align:center"><a href="${escapeHtml(button.url)}" style="display:inline-block;background:#00679e;color:#fff;padding:10px 25px;border-radius:100px;text-decoration:none">${escapeHtml(button.label)}</a></p>`
      : '',
    `<p style="color:#767676;font-size:14px">${footer.replaceAll('\r\n', '<br>')}</p>`,
    '</div></body></html>'
  ].join('\r\n')
  return { text: plain, html: rich }
}
