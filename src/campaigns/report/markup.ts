import { tagOf } from '../../html.ts'

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** What controls, or turns the direction of what is read: a page shows that it was there. */
const hidden = /(?![\t\r\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu

const escaped = (text: string) =>
  text.replace(hidden, '\ufffd').replace(/[&<>"']/g, (character) => entities[character]!)

export const html = tagOf(escaped)

/** What somebody else wrote: it may run from right to left, and must not take the words around it along. */
export const theirs = (text: string) => html`<bdi>${text}</bdi>`

/** A number as people read it. */
export const count = (n: number) => n.toLocaleString('en')

/** A time as people read it, in UTC. */
export const when = (at: string) => html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)}</time>`
