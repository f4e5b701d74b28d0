import type { Html } from '../html.ts'
import type { Language } from '../mail/layout.ts'
import { html } from './html.ts'

type Texts = {
  title: string
  hello: string
  about: (account: Html, site: Html) => Html
  ask: (deadline: Html | undefined) => Html
  keep: string
  leave: string
  leaveHint: string
  effect: string
  effects: string[]
  questions: (address: Html) => Html
  sure: string
  sureWhat: (account: Html, site: Html) => Html
  sureOnce: string
  yes: string
  back: string
  thanks: Record<'confirmed' | 'left', { title: string; said: string; more: string }>
  close: string
}

const english: Texts = {
  title: 'Do you still need your access?',
  hello: 'Hello',
  about: (account, site) => html`You have the account ${account} at ${site}.`,
  ask: (deadline) =>
    deadline
      ? html`Please tell us by ${deadline} whether you still need it. Without an answer your account may be locked.`
      : html`Please tell us whether you still need it. Without an answer your account may be locked.`,
  keep: 'I still need access',
  leave: 'I have left, or no longer need it',
  leaveHint: 'You will be asked once more, so that nothing happens by mistake.',
  effect: 'What your answer does',
  effects: [
    'If you still need access, everything stays as it is, and you are left alone until the next time.',
    'If you no longer need it, the administration is told.',
    'Neither answer signs you in, unlocks anything or resets your password.'
  ],
  questions: (address) => html`Questions? Write to ${address}.`,
  sure: 'Do you really no longer need your access?',
  sureWhat: (account, site) =>
    html`The administration will be told, and your account ${account} at ${site} may then be locked soon.`,
  sureOnce: 'You cannot take this back here.',
  yes: 'Yes, I no longer need it',
  back: 'No, go back',
  thanks: {
    confirmed: {
      title: 'Thank you, your answer is recorded',
      said: 'You still need your access: it stays as it is.',
      more: 'There is nothing left to do. The link in the mail no longer works, and no reminder will come.'
    },
    left: {
      title: 'Thank you, your answer is recorded',
      said: 'You no longer need your access. The administration is told, and your account may be locked soon.',
      more: 'Was that a mistake? Then please tell the administration right away.'
    }
  },
  close: 'You can close this page.'
}

const german: Texts = {
  title: 'Brauchen Sie Ihren Zugang noch?',
  hello: 'Guten Tag',
  about: (account, site) => html`Sie haben das Konto ${account} bei ${site}.`,
  ask: (deadline) =>
    deadline
      ? html`Bitte sagen Sie uns bis ${deadline}, ob Sie es noch brauchen. Ohne Antwort kann Ihr Konto gesperrt werden.`
      : html`Bitte sagen Sie uns, ob Sie es noch brauchen. Ohne Antwort kann Ihr Konto gesperrt werden.`,
  keep: 'Ich brauche den Zugang noch',
  leave: 'Ich bin ausgeschieden oder brauche ihn nicht mehr',
  leaveHint: 'Sie werden noch einmal gefragt, damit nichts aus Versehen geschieht.',
  effect: 'Was Ihre Antwort bewirkt',
  effects: [
    'Wenn Sie den Zugang noch brauchen, bleibt alles, wie es ist, und Sie haben bis zum nächsten Mal Ruhe.',
    'Wenn Sie ihn nicht mehr brauchen, erfährt es die Verwaltung.',
    'Keine der Antworten meldet Sie an, entsperrt etwas oder setzt Ihr Passwort zurück.'
  ],
  questions: (address) => html`Fragen? Schreiben Sie an ${address}.`,
  sure: 'Brauchen Sie Ihren Zugang wirklich nicht mehr?',
  sureWhat: (account, site) =>
    html`Die Verwaltung erfährt davon, und Ihr Konto ${account} bei ${site} kann dann bald gesperrt werden.`,
  sureOnce: 'Hier lässt sich das nicht zurücknehmen.',
  yes: 'Ja, ich brauche ihn nicht mehr',
  back: 'Nein, zurück',
  thanks: {
    confirmed: {
      title: 'Danke, Ihre Antwort ist festgehalten',
      said: 'Sie brauchen Ihren Zugang noch: Er bleibt, wie er ist.',
      more: 'Es ist nichts weiter zu tun. Der Link in der Mail gilt nicht mehr, und es kommt keine Erinnerung.'
    },
    left: {
      title: 'Danke, Ihre Antwort ist festgehalten',
      said: 'Sie brauchen Ihren Zugang nicht mehr. Die Verwaltung erfährt davon, und Ihr Konto kann bald gesperrt werden.',
      more: 'War das ein Versehen? Dann sagen Sie bitte sofort der Verwaltung Bescheid.'
    }
  },
  close: 'Sie können diese Seite schließen.'
}

export const personTexts: Record<Language, Texts> = { de: german, en: english }
