import { Html, type Part } from '../html.ts'
import type { Language } from '../mail/layout.ts'
import { html } from './html.ts'
import { style } from './style.ts'

export type Page = { status: number; language: Language; html: string }

export type Frame = {
  /** Host of Nextcloud as people know it: what the page is about, on every page. */
  site: string
  language: Language
  title: string
  /** Where the heading says more than the title. */
  heading?: Html
  content: Part
}

const footer = {
  de: 'Diese Seite meldet niemanden an und fragt nie nach einem Passwort.',
  en: 'This page signs nobody in, and never asks for a password.'
}

const dress = new Html(`<style>${style}</style>`)

/** The frame of every page for people: no script, no cookie, nothing fetched. */
export function page(status: number, { site, language, title, heading, content }: Frame): Page {
  const { text } = html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>${title} – ${site}</title>
${dress}
</head>
<body>
<header>${site}</header>
<main>
<h1>${heading ?? title}</h1>
${content}
</main>
<footer>${footer[language]}</footer>
</body>
</html>
`
  return { status, language, html: text }
}

/** A point in time, to the minute and with its zone, so that nobody is promised more time than there is. */
export const timeOf = (at: Date, language: Language): string =>
  at.toLocaleString(language === 'de' ? 'de-DE' : 'en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZone: 'UTC',
    timeZoneName: 'short'
  })

/** Whom to ask. Whatever the address holds, the link adds nothing to the mail. */
export const mailTo = (address: string): Html =>
  html`<a href="mailto:${encodeURIComponent(address).replace('%40', '@')}">${address}</a>`
