/** What a person sees of a mail. */
export interface ParsedMail {
  subject: string
  from: string
  to: string[]
  text: string
  html: string
}

/** Reads a mail well enough to show it: one level of multipart, quoted-printable and base64. */
export function parseMail(raw: string): ParsedMail {
  const { headers, body } = split(raw)
  const parts = { text: '', html: '' }
  collect(headers, body, parts)
  return {
    subject: decodeWords(headers.get('subject') ?? ''),
    from: decodeWords(headers.get('from') ?? ''),
    to: addresses(decodeWords(headers.get('to') ?? '')),
    ...parts
  }
}

function split(raw: string): { headers: Map<string, string>; body: string } {
  const end = /\r?\n\r?\n/.exec(raw)
  const head = end ? raw.slice(0, end.index) : raw
  const headers = new Map<string, string>()
  for (const line of head.replaceAll(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim())
  }
  return { headers, body: end ? raw.slice(end.index + end[0].length) : '' }
}

function collect(headers: Map<string, string>, body: string, into: { text: string; html: string }): void {
  const type = headers.get('content-type') ?? 'text/plain'
  const boundary = /boundary="?([^";]+)"?/i.exec(type)?.[1]
  if (boundary && /^multipart\//i.test(type)) {
    for (const part of body.split(`--${boundary}`).slice(1)) {
      if (part.startsWith('--')) break
      const inner = split(part.replace(/^\r?\n/, ''))
      collect(inner.headers, inner.body, into)
    }
    return
  }
  const content = decodeBody(body, headers.get('content-transfer-encoding') ?? '')
  if (/^text\/html/i.test(type)) into.html ||= content
  else if (/^text\/plain/i.test(type)) into.text ||= content
}

function decodeBody(body: string, encoding: string): string {
  if (/base64/i.test(encoding)) return Buffer.from(body, 'base64').toString('utf8')
  // The raw mail is held as latin1, one character a byte.
  if (/quoted-printable/i.test(encoding)) return unquote(body.replaceAll(/=\r?\n/g, ''))
  return Buffer.from(body, 'latin1').toString('utf8')
}

function unquote(text: string): string {
  const bytes = text.replaceAll(/=([0-9A-Fa-f]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16))
  )
  return Buffer.from(bytes, 'latin1').toString('utf8')
}

function decodeWords(value: string): string {
  return value
    .replaceAll(/\?=\s+=\?/g, '?==?')
    .replaceAll(/=\?[\w-]+\?([bq])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
      kind.toLowerCase() === 'b'
        ? Buffer.from(text, 'base64').toString('utf8')
        : unquote(text.replaceAll('_', ' '))
    )
}

function addresses(value: string): string[] {
  return value
    .split(',')
    .map((one) => (/<([^>]*)>/.exec(one)?.[1] ?? one).trim())
    .filter((one) => one !== '')
}
