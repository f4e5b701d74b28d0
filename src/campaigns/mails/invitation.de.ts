import type { InvitationTexts } from './invitation.texts.ts'

const without = (day: string | null) => `Ohne Antwort${day ? ` bis ${day}` : ''}`

export const german: InvitationTexts = {
  question: (site) => `Brauchen Sie Ihren Zugang zu ${site} noch?`,
  heading: 'Brauchen Sie Ihren Zugang noch?',
  prefix: { invitation: '', reminder: 'Erinnerung: ', last: 'Letzte Erinnerung: ' },
  greeting: (name) => `Guten Tag ${name},`,
  again: {
    reminder: 'Zur Erinnerung: Ihre Antwort fehlt uns noch.',
    last: 'Ihre Antwort fehlt uns noch, und wir fragen heute zum letzten Mal.'
  },
  intro: {
    invitation: (site, id) => `Sie haben ein Konto bei ${site} (Benutzername: ${id}). Brauchen Sie es noch?`,
    reminder: (site, id) =>
      `wir haben Sie gefragt, ob Sie Ihr Konto bei ${site} (Benutzername: ${id}) noch brauchen. Ihre Antwort fehlt uns noch.`,
    last: (site, id) =>
      `Ihre Antwort fehlt uns noch, und wir fragen heute zum letzten Mal: Brauchen Sie Ihr Konto bei ${site} (Benutzername: ${id}) noch?`
  },
  why: (site) =>
    `Die Verwaltung von ${site} fragt das von Zeit zu Zeit, damit niemand Zugang zu gemeinsamen Dateien behält, der nicht mehr mit ihnen arbeitet.`,
  please: (day) =>
    day
      ? `Bitte antworten Sie bis ${day}. Es dauert keine Minute.`
      : 'Bitte antworten Sie. Es dauert keine Minute.',
  button: 'Mit Ja oder Nein antworten',
  link: (host, site) =>
    `Der Link öffnet eine Seite bei ${host}${host === site ? '' : `, die die Verwaltung von ${site} für diese Frage verwendet`}. Sie melden sich dort nicht an, und niemand fragt nach einem Passwort. Der Link gilt nur für Sie, bitte leiten Sie diese Mail nicht weiter.`,
  elsewise: (owner) =>
    `Sie möchten lieber keinen Link öffnen oder sind bei dieser Mail unsicher? Dann schreiben Sie stattdessen an ${owner}.`,
  without: 'Wenn Sie nicht antworten',
  silence: {
    disable: (day, owner) =>
      `${without(day)} wird Ihr Konto gesperrt: Sie können sich dann nicht mehr anmelden. Ihre Dateien bleiben, wie sie sind, und ${owner} kann das Konto wieder öffnen lassen.`,
    reset: (day) =>
      `${without(day)} wird Ihr Passwort ersetzt, und Sie werden überall abgemeldet. Sie können danach ein neues Passwort wählen, und Ihre Dateien bleiben, wie sie sind.`,
    revoke: (day) =>
      `${without(day)} werden Sie in allen Browsern und Apps abgemeldet. Sie können sich danach wieder anmelden, möglicherweise mit einem neuen Passwort. Ihre Dateien bleiben, wie sie sind.`,
    offboard: (day, owner) =>
      `${without(day)} wird Ihr Konto geschlossen: Sie werden überall abgemeldet und können sich nicht mehr anmelden. Wenn Sie es später doch brauchen, schreiben Sie bitte an ${owner}.`,
    'report-only': () =>
      'Mit Ihrem Konto geschieht nichts. Wir wissen dann nur nicht, ob Sie es noch brauchen.'
  },
  footer: (site, owner) =>
    `Sie erhalten diese Mail, weil Sie ein Konto bei ${site} haben. Sie kommt von der dortigen Verwaltung; Fragen beantwortet ${owner}.`
}
