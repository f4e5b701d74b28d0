import t from 'tap'
import { consequences } from '../../../src/campaigns/campaign.ts'
import { type Invitation, invitationMail } from '../../../src/campaigns/mails/invitation.ts'
import { hostile, linksOf, readHtml, readText, urlsOf } from './words-of.ts'

const link = new URL('https://access.example.org/confirm/a-secret')
const invitation: Invitation = {
  displayName: 'Anna',
  userId: 'anna.mueller',
  language: 'en',
  site: new URL('https://cloud.example.org/'),
  link,
  deadline: new Date('2026-12-09T10:00:00Z'),
  number: 0,
  last: false,
  onSilence: 'disable',
  owner: 'access@example.org',
  now: new Date('2026-11-25T10:00:00Z')
}
const kinds = [
  { number: 0, last: false },
  { number: 0, last: true },
  { number: 1, last: false },
  { number: 3, last: true }
]
const overrides = {
  en: {
    subject: 'Review at {site}',
    text: 'Dear {name},\r\n\r\nplease look at https://intranet.example by {deadline}.'
  },
  de: { subject: 'Prüfung bei {site}', text: 'Liebe(r) {name},\n\nbitte antworten.' }
}
const all = [{}, { overrides }].flatMap((words) =>
  ['en', 'de'].flatMap((language) =>
    kinds.flatMap((kind) =>
      consequences.map((onSilence) => ({ ...invitation, ...words, ...kind, language, onSilence }))
    )
  )
)

t.test('whatever it says, the link is the only one, and stands once', async (t) => {
  for (const each of all) {
    const mail = invitationMail(each)
    t.strictSame(linksOf(mail), [link.href])
    t.strictSame(
      urlsOf(mail).filter((url) => !url.startsWith('https://intranet.example')),
      [link.href]
    )
  }
})

t.test('text and HTML say the same, word by word', async (t) => {
  for (const each of all) {
    const mail = invitationMail(each)
    t.equal(readHtml(mail), readText(mail, link))
  }
})

t.test('it says who asks, whom to write to, and that no password is asked for, in all words', async (t) => {
  for (const each of all)
    for (const said of [
      /cloud\.example\.org/,
      /access@example\.org/,
      /administration|Verwaltung/,
      /not log in there, and nobody asks for a password|melden sich dort nicht an, und niemand fragt nach einem Passwort/,
      /Tuesday, 8 December 2026|Dienstag, 8\. Dezember 2026/
    ])
      t.match(invitationMail(each).text, said)
})

t.test('reminders differ in the subject and in their first lines', async (t) => {
  for (const words of [{}, { overrides }])
    for (const language of ['en', 'de']) {
      const mails = kinds.map((kind) => invitationMail({ ...invitation, ...words, ...kind, language }))
      const [first, only, reminder, last] = mails.map(({ subject }) => subject)
      t.equal(first, only, 'an invitation without reminders is no last reminder')
      t.equal(reminder, `${language === 'en' ? 'Reminder' : 'Erinnerung'}: ${first}`)
      t.equal(last, `${language === 'en' ? 'Last reminder' : 'Letzte Erinnerung'}: ${first}`)
      t.equal(new Set(mails.map(({ text }) => text.split('\n\n').slice(2, 4).join())).size, 3)
    }
  t.match(invitationMail({ ...invitation, number: 2, last: true }).text, /the last time that we ask/)
})

t.test(
  'what follows from silence is what the campaign does, and nothing is threatened where it only reports',
  async (t) => {
    const said = (language: string, deadline: Date | null) =>
      consequences.map((onSilence) => invitationMail({ ...invitation, language, onSilence, deadline }).text)
    for (const deadline of [invitation.deadline, null]) {
      const [disable, reset, revoke, offboard, report] = said('en', deadline)
      t.match(disable, /your account will be disabled/)
      t.match(reset, /your password will be replaced/)
      t.match(revoke, /signed out of all browsers and apps/)
      t.match(offboard, /your account will be closed/)
      t.match(report, /Nothing happens to your account/)
      t.notMatch(report, /disabled|closed|signed out|replaced|no longer log in/)
      const german = said('de', deadline)
      t.match(german[4], /geschieht nichts/)
      t.notMatch(german[4], /gesperrt|geschlossen|abgemeldet|ersetzt/)
      t.equal(new Set(german).size, 5)
    }
    for (const language of ['en', 'de'])
      t.notMatch(said(language, null).join(), /null|undefined|December|Dezember/)
  }
)

t.test('the day that is told is whole before the deadline, wherever that is', async (t) => {
  const day = (deadline: string, more: Partial<Invitation> = {}) =>
    /Please answer by (.+)\. It/.exec(
      invitationMail({ ...invitation, ...more, deadline: new Date(deadline) }).text
    )?.[1]
  t.equal(day('2026-12-09T00:00:00Z'), 'Tuesday, 8 December 2026')
  t.equal(day('2026-12-09T23:59:59Z'), 'Tuesday, 8 December 2026')
  t.equal(day('2026-12-09T22:00:00Z', { timeZone: 'Europe/Berlin' }), 'Tuesday, 8 December 2026')
  t.equal(day('2026-12-09T23:00:00Z', { timeZone: 'Europe/Berlin' }), 'Wednesday, 9 December 2026')
  t.equal(day('2026-11-25T18:00:00Z'), 'Wednesday, 25 November 2026', 'today, where no day is left')
})

t.test('German for every kind of German, English for everyone else', async (t) => {
  const of = (language: string | null) => invitationMail({ ...invitation, language })
  for (const language of ['de', 'de_DE', 'de-AT']) {
    t.equal(of(language).language, 'de')
    t.match(of(language).subject, /^Brauchen Sie/)
  }
  for (const language of ['en', 'fr', null]) t.match(of(language), { language: 'en', subject: /^Do you/ })
})

t.test('a hostile name stays a name, and is no link either', async (t) => {
  for (const words of [{}, { overrides: { en: { subject: '{name}', text: '{name}\n\n{userId}' } } }]) {
    const mail = invitationMail({ ...invitation, ...words, displayName: hostile, userId: 'a"><script>' })
    t.strictSame(linksOf(mail), [link.href])
    t.notMatch(mail.html, /<img|<script/)
    t.notMatch(mail.text, /\r|\nBcc|\u202e|:\/\/www|www\.evil|evil\.example http/)
    t.notMatch(mail.subject, /[\r\n]/)
    t.match(mail.text, /\{link\}\{site\}/, 'what a name holds is not filled in')
    t.equal(readHtml(mail), readText(mail, link))
  }
})

t.test('an id is told letter by letter, also where it is all there is of a name', async (t) => {
  t.match(invitationMail(invitation).text, 'user name: anna.mueller')
  for (const displayName of ['', 'anna.mueller'])
    t.match(invitationMail({ ...invitation, displayName }).text, 'Hello anna.mueller,')
  const displayName = 'anna@mail.example'
  t.match(invitationMail({ ...invitation, displayName }).text, 'Hello anna@mail.example,')
})
