import type { DigestTexts } from './digest.texts.ts'

const people = (n: number) => (n === 1 ? 'eine Person' : `${n} Personen`)

export const german: DigestTexts = {
  subject: (n, site) =>
    `${site}: ${n === 1 ? 'Eine Person hat' : `${n} Personen haben`} noch nicht geantwortet`,
  heading: (n) => (n === 1 ? 'Eine Antwort fehlt noch' : `${n} Antworten fehlen noch`),
  greeting: 'Guten Tag,',
  what: (site, n) =>
    `die Verwaltung von ${site} hat alle, die dort ein Konto haben, gefragt, ob sie es noch brauchen. Sie sind als Kontakt für Ihre Kolleginnen und Kollegen genannt; von ihnen ${n === 1 ? 'hat' : 'haben'} ${people(n)} noch nicht geantwortet.`,
  please: (day) =>
    `Sie können ${day ? `bis ${day} ` : ''}für sie antworten: Bestätigen Sie, wer den Zugang noch braucht, und geben Sie an, wer nicht mehr bei Ihnen ist. Wo Sie es nicht wissen, lassen Sie es einfach offen.`,
  button: 'Zur Liste',
  without: 'Ohne Antwort',
  told: 'Was ohne Antwort geschieht, steht in der Mail, die jede und jeder von ihnen erhalten hat.',
  harmless: 'Mit den Konten derer, die nicht antworten, geschieht nichts.',
  locked: (day) =>
    `Wer bis ${day ?? 'zum Ende der Frist'} ohne Antwort bleibt, kann den Zugang verlieren. Eine eigene Antwort zählt ebenso viel wie Ihre.`,
  link: (host, site) =>
    `Der Link öffnet eine Seite bei ${host}${host === site ? '' : `, die die Verwaltung von ${site} dafür verwendet`}. Sie melden sich dort nicht an, und niemand fragt nach einem Passwort. Der Link gilt nur für Sie, bitte leiten Sie diese Mail nicht weiter.`,
  elsewise: (owner) =>
    `Sie sind bei dieser Mail unsicher oder nicht zuständig? Dann schreiben Sie an ${owner}.`,
  names: 'Noch ohne Antwort',
  more: (n) => `und ${n === 1 ? 'eine weitere Person, die' : `${n} weitere, die`} Sie auf der Seite finden`,
  footer: (address, site, owner) =>
    `Sie erhalten diese Mail, weil ${address} bei ${site} als Kontakt für Ihre Kolleginnen und Kollegen genannt ist.${owner ? ` Fragen beantwortet ${owner}.` : ''}`
}
