import type { Html } from '../html.ts'
import { isKnownProblem } from '../problems.ts'
import { html } from './html.ts'
import { prose } from './prose.ts'

export type Told = { code?: string; title?: string; detail?: string; status?: number }

/** A problem as people read it: what was and was not done, and the page that says what to do. */
export const problemNote = (told: object | null | undefined, tone: 'bad' | 'warn' = 'bad'): Html | null => {
  if (!told) return null
  const { code, title, detail } = told as Told
  return html`<div class="note ${tone}"><p><strong>${title ?? 'A problem'}</strong></p>
${detail && html`<p>${prose(detail)}</p>`}${code !== undefined && isKnownProblem(code) && html`<p><a href="/problems/${code}">What it means and what to do</a></p>`}</div>`
}
