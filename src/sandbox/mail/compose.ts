import { randomBytes } from 'node:crypto'

export interface OutgoingMail {
  from: { name: string; address: string }
  to: { name: string; address: string }
  subject: string
  text: string
  html: string
}

/** Builds the mail as Nextcloud sends it: multipart/alternative, both parts quoted-printable. */
export function composeMail(mail: OutgoingMail, date: Date): string {
  const boundary = randomBytes(6).toString('base64url')
  return [
    `Subject: ${encodeWord(mail.subject)}`,
    `To: ${mailbox(mail.to)}`,
    `From: ${mailbox(mail.from)}`,
    `Message-ID: <${randomBytes(16).toString('hex')}@${mail.from.address.split('@')[1]}>`,
    'MIME-Version: 1.0',
    `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
    `Content-Type: multipart/alternative; boundary=${boundary}`,
    '',
    ...part(boundary, 'text/plain', mail.text),
    ...part(boundary, 'text/html', mail.html),
    `--${boundary}--`,
    ''
  ].join('\r\n')
}

function part(boundary: string, type: string, content: string): string[] {
  return [
    `--${boundary}`,
    `Content-Type: ${type}; charset=utf-8`,
    'Content-Transfer-Encoding: quoted-printable',
    '',
    quote(content)
  ]
}

function quote(content: string): string {
  return content.split(/\r?\n/).map(quoteLine).join('\r\n')
}

function quoteLine(line: string): string {
  const tokens: string[] = []
  for (const byte of Buffer.from(line, 'utf8')) {
    const plain = (byte >= 33 && byte <= 126 && byte !== 61) || byte === 32
    tokens.push(plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`)
  }
  if (tokens.at(-1) === ' ') tokens[tokens.length - 1] = '=20'
  const lines = ['']
  for (const token of tokens) {
    if (lines.at(-1)!.length + token.length > 75) {
      lines[lines.length - 1] += '='
      lines.push('')
    }
    lines[lines.length - 1] += token
  }
  return lines.join('\r\n')
}

const plainAscii = /^[\x20-\x7e]*$/

function encodeWord(text: string): string {
  return plainAscii.test(text) ? text : `=?utf-8?B?${Buffer.from(text, 'utf8').toString('base64')}?=`
}

function mailbox({ name, address }: { name: string; address: string }): string {
  return `${encodeWord(name.replaceAll(/[<>",]/g, ''))} <${address}>`
}
