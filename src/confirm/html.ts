/** Text that is HTML already. Only {@link html} makes it from anything that came from elsewhere. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

export type Part = string | number | Html | undefined | null | false | Part[]

/** A template in which every value is escaped, unless it is HTML itself: nobody can forget to. */
export const html = (texts: TemplateStringsArray, ...values: Part[]): Html =>
  new Html(texts.map((text, i) => text + (i < values.length ? render(values[i]) : '')).join(''))

function render(value: Part): string {
  if (value === undefined || value === null || value === false) return ''
  if (value instanceof Html) return value.text
  if (Array.isArray(value)) return value.map(render).join('')
  return String(value).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** A name as its owner wrote it: on one line, and its direction of writing touches nothing around it. */
export const nameOf = (value: string): Html =>
  html`<bdi>${value.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')}</bdi>`
