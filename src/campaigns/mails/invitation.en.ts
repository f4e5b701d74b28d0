import type { InvitationTexts } from './invitation.texts.ts'

const without = (day: string | null) => `Without an answer${day ? ` by ${day}` : ''}`

export const english: InvitationTexts = {
  question: (site) => `Do you still need your access to ${site}?`,
  heading: 'Do you still need your access?',
  prefix: { invitation: '', reminder: 'Reminder: ', last: 'Last reminder: ' },
  greeting: (name) => `Hello ${name},`,
  again: {
    reminder: 'A reminder: we have not had your answer yet.',
    last: 'We have not had your answer yet, and this is the last time that we ask.'
  },
  intro: {
    invitation: (site, id) => `you have an account at ${site} (user name: ${id}). Do you still need it?`,
    reminder: (site, id) =>
      `we asked you whether you still need your account at ${site} (user name: ${id}), and have not had your answer yet.`,
    last: (site, id) =>
      `we have not had your answer yet, and this is the last time that we ask: do you still need your account at ${site} (user name: ${id})?`
  },
  why: (site) =>
    `The administration of ${site} asks this from time to time, so that nobody keeps access to shared files who no longer works with them.`,
  please: (day) =>
    day
      ? `Please answer by ${day}. It takes less than a minute.`
      : 'Please answer. It takes less than a minute.',
  button: 'Answer yes or no',
  link: (host, site) =>
    `The link opens a page at ${host}${host === site ? '' : `, which the administration of ${site} uses for this question`}. You do not log in there, and nobody asks for a password. The link is for you alone, so please do not forward this mail.`,
  elsewise: (owner) =>
    `You would rather not open a link, or are not sure about this mail? Write to ${owner} instead.`,
  without: 'If you do not answer',
  silence: {
    disable: (day, owner) =>
      `${without(day)}, your account will be disabled: you can no longer log in. Your files stay as they are, and ${owner} can have the account opened again.`,
    reset: (day) =>
      `${without(day)}, your password will be replaced and you will be signed out everywhere. You can then choose a new password, and your files stay as they are.`,
    revoke: (day) =>
      `${without(day)}, you will be signed out of all browsers and apps. You can then sign in again, possibly with a new password. Your files stay as they are.`,
    offboard: (day, owner) =>
      `${without(day)}, your account will be closed: you will be signed out everywhere and can no longer log in. Should you need it later, please write to ${owner}.`,
    'report-only': () => 'Nothing happens to your account. We would only not know whether you still need it.'
  },
  footer: (site, owner) =>
    `You receive this mail because you have an account at ${site}. It was sent by the administration there; questions are answered by ${owner}.`
}
