import type { Part } from '../html.ts'
import { html, theirs } from './html.ts'

/** A sentence in which names of settings and commands stand between backticks. */
export const prose = (text: string): Part =>
  text
    .split('`')
    .map((part, n, all) => (n % 2 === 1 && n < all.length - 1 ? html`<code>${part}</code>` : theirs(part)))
