/** Pages that say why there is nothing to answer. None has a word of what was sent. */
import type { Language } from '../mail/layout.ts'
import { html } from './html.ts'
import { type Page, page } from './page.ts'

const texts = {
  en: {
    dead: 'This link does not work, or not any more',
    reasons: [
      'You have already answered: then your answer is recorded, and there is nothing left to do.',
      'There is a newer mail: only the link in the newest one works.',
      'The link is incomplete: open it right from the mail, or copy it as a whole.',
      'The time to answer is over.'
    ],
    maybe: 'This may be why:',
    ask: 'If none of this helps, please ask the administration.',
    unread: 'That could not be read',
    again: 'Nothing was recorded. Please open the link in the mail again, and choose there.',
    away: 'Not available right now',
    later:
      'Something is wrong on our side, which is not your fault. Please open the link in the mail again in a few minutes: it shows whether your answer is still needed.'
  },
  de: {
    dead: 'Dieser Link funktioniert nicht oder nicht mehr',
    reasons: [
      'Sie haben schon geantwortet: Dann ist Ihre Antwort festgehalten, und es ist nichts weiter zu tun.',
      'Es gibt eine neuere Mail: Nur der Link in der neuesten gilt.',
      'Der Link ist unvollständig: Öffnen Sie ihn direkt aus der Mail, oder kopieren Sie ihn ganz.',
      'Die Zeit für die Antwort ist vorbei.'
    ],
    maybe: 'Das kann der Grund sein:',
    ask: 'Wenn nichts davon hilft, fragen Sie bitte die Verwaltung.',
    unread: 'Das ließ sich nicht lesen',
    again: 'Es wurde nichts festgehalten. Bitte öffnen Sie den Link in der Mail erneut und wählen Sie dort.',
    away: 'Zurzeit nicht verfügbar',
    later:
      'Bei uns stimmt etwas nicht, an Ihnen liegt es nicht. Bitte öffnen Sie den Link in der Mail in ein paar Minuten erneut: Er zeigt, ob Ihre Antwort noch gebraucht wird.'
  }
} satisfies Record<Language, object>

/** Never there, used, replaced or over: nobody learns which. */
export function deadPage(site: string, language: Language): Page {
  const t = texts[language]
  return page(404, {
    site,
    language,
    title: t.dead,
    content: html`<p>${t.maybe}</p>
<ul>${t.reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
<p>${t.ask}</p>`
  })
}

/** A form that none of our pages sends. */
export function unreadPage(status: number, site: string, language: Language): Page {
  const t = texts[language]
  return page(status, { site, language, title: t.unread, content: html`<p>${t.again}</p>` })
}

export function awayPage(status: number, site: string, language: Language): Page {
  const t = texts[language]
  return page(status, { site, language, title: t.away, content: html`<p>${t.later}</p>` })
}
