/** Text that is HTML already. Only a tag of {@link tagOf} makes it from anything that came from elsewhere. */
export class Html {
  readonly text: string
  constructor(text: string) {
    this.text = text
  }
}

/** null, undefined and false come to nothing. */
export type Part = string | number | Html | undefined | null | false | Part[]

/**
 * A tag for templates in which every value is escaped, unless it is HTML itself: nobody can forget to.
 * @param safely makes text safe to stand between tags and inside quoted attributes
 */
export function tagOf(safely: (text: string) => string) {
  const render = (value: Part): string => {
    if (value === undefined || value === null || value === false) return ''
    if (value instanceof Html) return value.text
    return Array.isArray(value) ? value.map(render).join('') : safely(String(value))
  }
  return (texts: TemplateStringsArray, ...values: Part[]): Html =>
    new Html(texts.map((text, n) => text + render(values[n])).join(''))
}
