/** What a participant sees. No page has the link's token in it: forms lead to where they stand. */
import type { Language } from '../mail/layout.ts'
import { html, nameOf } from './html.ts'
import { mailTo, type Page, page, timeOf } from './page.ts'
import { personTexts } from './person.texts.ts'

export type Person = {
  site: string
  language: Language
  userId: string
  displayName: string
  /** null: not known yet, or past while others still have time. */
  deadline: Date | null
  /** Mail address of who answers for the campaign. */
  owner: string
}

const strong = (text: string) => html`<strong>${text}</strong>`
const account = (userId: string) => html`<strong>${nameOf(userId)}</strong>`

export function askPage({ site, language, userId, displayName, deadline, owner }: Person): Page {
  const t = personTexts[language]
  return page(200, {
    site,
    language,
    title: t.title,
    content: html`<p>${t.hello} ${nameOf(displayName)},</p>
<p>${t.about(account(userId), strong(site))} ${t.ask(deadline ? strong(timeOf(deadline, language)) : undefined)}</p>
<div class="choices">
<form method="post"><button class="main" name="answer" value="confirmed">${t.keep}</button></form>
<form method="get"><button name="answer" value="left" aria-describedby="once-more">${t.leave}</button></form>
<p class="hint" id="once-more">${t.leaveHint}</p>
</div>
<h2>${t.effect}</h2>
<ul>${t.effects.map((effect) => html`<li>${effect}</li>`)}</ul>
<p>${t.questions(mailTo(owner))}</p>`
  })
}

/** The second step, without which nobody has left. */
export function surePage({ site, language, userId, owner }: Person): Page {
  const t = personTexts[language]
  return page(200, {
    site,
    language,
    title: t.sure,
    content: html`<p>${t.sureWhat(account(userId), strong(site))} ${t.sureOnce}</p>
<div class="choices">
<form method="post"><input type="hidden" name="sure" value="yes"><button name="answer" value="left">${t.yes}</button></form>
<a class="button main" href="?">${t.back}</a>
</div>
<p>${t.questions(mailTo(owner))}</p>`
  })
}

export function thanksPage(site: string, language: Language, answer: 'confirmed' | 'left'): Page {
  const { thanks, close } = personTexts[language]
  const { title, said, more } = thanks[answer]
  const content = html`<p class="said">${said}</p>
<p>${more}</p>
<p>${close}</p>`
  return page(200, { site, language, title, content })
}
