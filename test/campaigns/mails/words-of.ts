import type { Mail } from '../../../src/campaigns/mails/render.ts'

/** Every address that the HTML leads to or fetches. */
export const linksOf = ({ html }: Mail) =>
  [...html.matchAll(/(?:href|src|background|action)\s*=\s*"([^"]*)"|url\(([^)]*)\)/gi)].map(
    ([, a, b]) => a ?? b
  )

export const urlsOf = ({ text }: Mail) => text.match(/\w+:\/\/[^\s]+/g) ?? []

/** What is to be read in the HTML, on one line. */
export const readHtml = ({ html }: Mail) =>
  html
    .replace(/<head>.*?<\/head>/s, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code))
    .replace(/\s+/g, ' ')
    .trim()

/** What is to be read in the text: without the marks of lists and headings, and the address under a button. */
export const readText = ({ text }: Mail, link?: URL) =>
  text
    .replace(/^(--+|- )/gm, '')
    .replace(link ? `:\n${link.href}` : '', '')
    .replace(
      /^(If you do not answer|Wenn Sie nicht antworten|Without an answer|Ohne Antwort|How to decide):$/gm,
      '$1'
    )
    .replace(/\s+/g, ' ')
    .trim()

/** A name that wants to be much more. */
export const hostile = '<img src=x>\r\nBcc: b@evil.example http://www.evil.example {link}\u202e{site}'
