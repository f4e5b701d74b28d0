import type { DigestTexts } from './digest.texts.ts'

const people = (n: number) => (n === 1 ? 'one person' : `${n} people`)

export const english: DigestTexts = {
  subject: (n, site) =>
    `${site}: ${n === 1 ? 'One of your colleagues has' : `${n} of your colleagues have`} not answered yet`,
  heading: (n) => (n === 1 ? 'One answer is missing' : `${n} answers are missing`),
  greeting: 'Hello,',
  what: (site, n) =>
    `the administration of ${site} has asked everybody with an account there whether they still need it. You are named as the contact for your colleagues, and ${people(n)} among them ${n === 1 ? 'has' : 'have'} not answered yet.`,
  please: (day) =>
    `You can answer for them${day ? ` by ${day}` : ''}: confirm those who still need their access, and mark those who have left. Where you do not know, leave it open.`,
  button: 'Open the list',
  without: 'Without an answer',
  told: 'What follows when there is no answer was written to each of them.',
  harmless: 'Nothing happens to the accounts of those who do not answer.',
  locked: (day) =>
    `Those for whom there is no answer${day ? ` by ${day}` : ''} may lose their access. Their own answer counts as much as yours.`,
  link: (host, site) =>
    `The link opens a page at ${host}${host === site ? '' : `, which the administration of ${site} uses for this`}. You do not log in there, and nobody asks for a password. It is for you alone, so please do not forward this mail.`,
  elsewise: (owner) => `You are not sure about this mail, or are the wrong person to ask? Write to ${owner}.`,
  names: 'Not answered yet',
  more: (n) => `and ${n} more, whom you find on the page`,
  footer: (address, site, owner) =>
    `You receive this mail because ${address} is named at ${site} as the contact for your colleagues.${owner ? ` Questions are answered by ${owner}.` : ''}`
}
