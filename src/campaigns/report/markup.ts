/** HTML in which every value is escaped, unless it is itself such HTML. */
export class Markup {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

type Value = string | number | Markup | Value[] | null | undefined | false

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** What controls, or turns the direction of what is read: a page shows that it was there. */
const hidden = /(?![\t\r\n])[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/gu

export const escaped = (text: string) =>
  text.replace(hidden, '\ufffd').replace(/[&<>"']/g, (character) => entities[character]!)

/** A tag for templates. null, undefined and false come to nothing. */
export const html = (strings: TemplateStringsArray, ...values: Value[]) =>
  new Markup(strings.map((string, n) => string + render(values[n])).join(''))

function render(value: Value): string {
  if (value === null || value === undefined || value === false) return ''
  if (value instanceof Markup) return value.text
  return Array.isArray(value) ? value.map(render).join('') : escaped(String(value))
}

/** What somebody else wrote: it may run from right to left, and must not take the words around it along. */
export const theirs = (text: string) => html`<bdi>${text}</bdi>`

/** A number as people read it. */
export const count = (n: number) => n.toLocaleString('en')

/** A time as people read it, in UTC. */
export const when = (at: string) => html`<time datetime="${at}">${at.slice(0, 10)} ${at.slice(11, 19)}</time>`
