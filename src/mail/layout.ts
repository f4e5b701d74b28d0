export type Language = 'de' | 'en'

/** German for German, English for everybody else. @param language as Nextcloud writes it, such as `de_DE` */
export const languageOf = (language: string | null): Language =>
  /^de([_-]|$)/i.test(language ?? '') ? 'de' : 'en'

export type Page = {
  language: Language
  /** Where it is about, above the heading. */
  site: string
  heading: string
  /** HTML, with everything that came from elsewhere escaped. */
  content: string
  footer: string
}

/**
 * The frame of every mail of ours: tables and inline styles, as mail programs want them; no image, no tracking, nothing
 * fetched. A long address or id breaks, and never makes it wider than a phone.
 */
export function mailPage({ language, site, heading, content, footer }: Page): string {
  const font = 'font-family:-apple-system,Segoe UI,Roboto,Helvetica,Arial,sans-serif'
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light"><title>${escapeHtml(heading)}</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#1c2430;${font};font-size:16px;line-height:1.5">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border-radius:12px;overflow-wrap:anywhere">
<tr><td style="padding:32px 32px 8px">
<p style="margin:0 0 4px;color:#5b6675;font-size:14px">${escapeHtml(site)}</p>
<h1 style="margin:0 0 20px;font-size:24px;line-height:1.25">${escapeHtml(heading)}</h1>
${content}
</td></tr>
<tr><td style="padding:16px 32px 28px;border-top:1px solid #e3e7ed;color:#5b6675;font-size:13px">${escapeHtml(footer)}</td></tr>
</table></td></tr></table>
</body>
</html>
`
}

export const escapeHtml = (value: string) => value.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)

/** A name on one line, whatever it holds. */
export const oneLine = (value: string) => value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
