import { type Html, tagOf } from '../html.ts'
import { escapeHtml, oneLine } from '../mail/layout.ts'

export const html = tagOf(escapeHtml)

/** A name as its owner wrote it: on one line, and its direction of writing touches nothing around it. */
export const nameOf = (value: string): Html => html`<bdi>${oneLine(value)}</bdi>`
