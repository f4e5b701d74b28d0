/** What a customer's contact sees: who has not answered, and two answers for each. */

import type { Html } from '../html.ts'
import type { Language } from '../mail/layout.ts'
import { contactTexts } from './contact.texts.ts'
import { html, nameOf } from './html.ts'
import { mailTo, type Page, page, timeOf } from './page.ts'

export type Colleague = {
  /** The user's id, lower-cased. */
  place: string
  userId: string
  displayName: string
  address: string | null
  deadline: Date | null
}

export type Said = 'vouched' | 'left' | 'late'

export type ContactView = {
  site: string
  language: Language
  owner: string
  /** Of whom the page before told last; `undefined`: it is the first. */
  after: string | undefined
}

export type ListView = ContactView & {
  people: Colleague[]
  /** How many there are on all pages. */
  total: number
  hasMore: boolean
  /** What came of the form that was sent before. */
  said: Said | undefined
}

export function listPage({ site, language, owner, after, people, total, hasMore, said }: ListView): Page {
  const t = contactTexts[language]
  const last = people.at(-1)
  return page(200, {
    site,
    language,
    title: t.title,
    content: html`${said && html`<p class="said" role="status">${t.said[said]}</p>`}
${
  total === 0
    ? html`<p>${t.nobody}</p>`
    : html`<p>${t.intro(html`<strong>${site}</strong>`)}</p>
<p>${t.effect}</p>
<p><strong>${t.count(total)}</strong></p>
${last && html`<ul class="people">${people.map((each, n) => colleague(each, n, after, language))}</ul>`}
${
  (hasMore || after !== undefined) &&
  html`<p class="pages">${after !== undefined && html`<a class="button" href="?">${t.first}</a>`}
${hasMore && last && html`<a class="button" href="${pageAfter(last.place)}">${t.next}</a>`}</p>`
}`
}
<p>${t.questions(mailTo(owner))}</p>`
  })
}

function colleague(
  { place, userId, displayName, address, deadline }: Colleague,
  n: number,
  after: string | undefined,
  language: Language
): Html {
  const t = contactTexts[language]
  return html`
<li>
<h2 id="p${n}">${nameOf(displayName)}</h2>
<p class="hint">${nameOf(address ?? userId)}${deadline && html`<br>${t.until(timeOf(deadline, language))}`}</p>
<div class="pair">
<form method="post"><input type="hidden" name="place" value="${place}"><button id="s${n}" name="answer" value="vouched" aria-labelledby="s${n} p${n}">${t.still}</button></form>
<form method="get">${after !== undefined && html`<input type="hidden" name="after" value="${after}">`}<button id="l${n}" name="left" value="${place}" aria-labelledby="l${n} p${n}">${t.left}</button></form>
</div>
</li>`
}

/** The second step, without which nobody has left. */
export function sureOfPage(
  { site, language, owner, after }: ContactView,
  { place, userId, displayName }: Colleague
): Page {
  const t = contactTexts[language]
  const who = html`<strong>${nameOf(displayName)}</strong> (${nameOf(userId)})`
  return page(200, {
    site,
    language,
    title: t.sureTitle,
    heading: t.sure(nameOf(displayName)),
    content: html`<p>${t.sureWhat(who, html`<strong>${site}</strong>`)} ${t.sureOnce}</p>
<div class="choices">
<form method="post"><input type="hidden" name="place" value="${place}"><input type="hidden" name="sure" value="yes"><button name="answer" value="left">${t.yes}</button></form>
<a class="button main" href="${pageAfter(after)}">${t.back}</a>
</div>
<p>${t.questions(mailTo(owner))}</p>`
  })
}

/** Relative, so that no page and no header has the link's token in it. */
export const pageAfter = (after: string | undefined, said?: Said): string =>
  `?${new URLSearchParams({ ...(after !== undefined && { after }), ...(said && { said }) })}`
