import type { Html } from '../html.ts'
import type { Language } from '../mail/layout.ts'
import { html } from './html.ts'

type Texts = {
  title: string
  intro: (site: Html) => Html
  count: (people: number) => string
  nobody: string
  until: (time: string) => string
  still: string
  left: string
  next: string
  first: string
  effect: string
  said: Record<'vouched' | 'left' | 'late', string>
  sure: (name: Html) => Html
  sureTitle: string
  sureWhat: (who: Html, site: Html) => Html
  sureOnce: string
  yes: string
  back: string
  questions: (address: Html) => Html
}

const english: Texts = {
  title: 'Who of you still needs access?',
  intro: (site) =>
    html`You are the contact for these people, who have an account at ${site} and have not answered yet. Without an answer their accounts may be locked. Please say who is still there.`,
  count: (people) =>
    people === 1 ? 'One person has not answered yet.' : `${people} people have not answered yet.`,
  nobody: 'Everybody has answered. There is nothing left to do.',
  until: (time) => `Time to answer: until ${time}`,
  still: 'Still works here',
  left: 'Has left',
  next: 'More people',
  first: 'From the beginning',
  effect:
    'For whoever still works here, everything stays as it is. When somebody has left, you are asked once more, and then the administration is told.',
  said: {
    vouched: 'Recorded: the person still works here.',
    left: 'Recorded: the person has left. The administration is told.',
    late: 'Nothing was recorded: there is an answer for this person already.'
  },
  sure: (name) => html`Has ${name} really left?`,
  sureTitle: 'Has this person really left?',
  sureWhat: (who, site) =>
    html`The administration will be told, and the account of ${who} at ${site} may then be locked soon.`,
  sureOnce: 'You cannot take this back here.',
  yes: 'Yes, has left',
  back: 'No, go back',
  questions: (address) => html`Questions? Write to ${address}.`
}

const german: Texts = {
  title: 'Wer von Ihnen braucht den Zugang noch?',
  intro: (site) =>
    html`Sie sind Kontakt für diese Personen, die ein Konto bei ${site} und noch nicht geantwortet haben. Ohne Antwort können ihre Konten gesperrt werden. Bitte sagen Sie, wer noch da ist.`,
  count: (people) =>
    people === 1
      ? 'Eine Person hat noch nicht geantwortet.'
      : `${people} Personen haben noch nicht geantwortet.`,
  nobody: 'Alle haben geantwortet. Es ist nichts weiter zu tun.',
  until: (time) => `Zeit für die Antwort: bis ${time}`,
  still: 'Arbeitet noch hier',
  left: 'Ist ausgeschieden',
  next: 'Weitere Personen',
  first: 'Von vorn',
  effect:
    'Wer noch hier arbeitet, für den bleibt alles, wie es ist. Ist jemand ausgeschieden, werden Sie noch einmal gefragt, und dann erfährt es die Verwaltung.',
  said: {
    vouched: 'Festgehalten: Die Person arbeitet noch hier.',
    left: 'Festgehalten: Die Person ist ausgeschieden. Die Verwaltung erfährt davon.',
    late: 'Es wurde nichts festgehalten: Für diese Person gibt es schon eine Antwort.'
  },
  sure: (name) => html`Ist ${name} wirklich ausgeschieden?`,
  sureTitle: 'Ist diese Person wirklich ausgeschieden?',
  sureWhat: (who, site) =>
    html`Die Verwaltung erfährt davon, und das Konto von ${who} bei ${site} kann dann bald gesperrt werden.`,
  sureOnce: 'Hier lässt sich das nicht zurücknehmen.',
  yes: 'Ja, ist ausgeschieden',
  back: 'Nein, zurück',
  questions: (address) => html`Fragen? Schreiben Sie an ${address}.`
}

export const contactTexts: Record<Language, Texts> = { de: german, en: english }
