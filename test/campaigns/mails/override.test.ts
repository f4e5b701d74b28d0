import t from 'tap'
import { type Invitation, invitationMail } from '../../../src/campaigns/mails/invitation.ts'
import { checkMailText } from '../../../src/campaigns/mails/override.ts'
import { linksOf, readHtml } from './words-of.ts'

const invitation: Invitation = {
  displayName: 'Anna $& Co',
  userId: 'anna',
  language: 'en',
  site: new URL('https://cloud.example.org:8443/'),
  link: new URL('https://access.example.org/confirm/a-secret'),
  deadline: new Date('2026-12-09T10:00:00Z'),
  number: 0,
  last: false,
  onSilence: 'reset',
  owner: 'access@example.org',
  now: new Date('2026-11-25T10:00:00Z')
}

t.test('words of its own stand before the request, with placeholders filled in literally', async (t) => {
  const text =
    'Dear {name} ({userId}),\n \nat {site} until {deadline};\nnot {Name}, {link}, {constructor}, {{name}}.\n\n\n<b>Thanks</b>\n'
  const mail = invitationMail({ ...invitation, overrides: { en: { subject: 'For {name}: {what}', text } } })
  t.equal(mail.subject, 'For Anna $& Co: {what}')
  t.strictSame(mail.text.split('\n\n').slice(2, 5), [
    'Dear Anna $& Co (anna),',
    'at cloud.example.org:8443 until Tuesday, 8 December 2026;\nnot {Name}, {link}, {constructor}, {Anna $& Co}.',
    '<b>Thanks</b>'
  ])
  t.match(readHtml(mail), '<b>Thanks</b>')
  t.notMatch(mail.html, '<b>')
  t.notMatch(mail.text, /Hello Anna|asks this from time to time/)
})

t.test('they take away neither the link, nor what follows, nor the footer', async (t) => {
  const built = invitationMail(invitation)
  const own = invitationMail({ ...invitation, overrides: { en: { text: 'Hi.' } } })
  const kept = (text: string) => text.slice(text.indexOf('Please answer by'))
  t.equal(kept(own.text), kept(built.text))
  t.equal(own.subject, built.subject, 'one can be given without the other')
  t.strictSame(linksOf(own), [invitation.link.href])
})

t.test('only those of the language count', async (t) => {
  const overrides = { de: { subject: 'Hallo', text: 'Hallo' } }
  t.strictSame(invitationMail({ ...invitation, overrides }), invitationMail(invitation))
  t.equal(invitationMail({ ...invitation, overrides, language: 'de' }).subject, 'Hallo')
})

t.test('what is not known is not told', async (t) => {
  const mail = invitationMail({
    ...invitation,
    deadline: null,
    overrides: { en: { text: 'By {deadline}.' } }
  })
  t.match(mail.text, 'By –.')
})

t.test('a subject stays on one line, and is not long', async (t) => {
  const subject = '{name}'.repeat(25)
  const displayName = `${'é'.repeat(100)}\r\nBcc: x@evil.example`
  const mail = invitationMail({ ...invitation, displayName, overrides: { en: { subject } } })
  t.notMatch(mail.subject, /[\r\n]/)
  t.equal([...mail.subject].length, 200)
})

t.test('texts that no mail can hold are refused in one sentence', async (t) => {
  for (const good of [
    {},
    { subject: 'Noch da?' },
    { text: 'One.\r\n\r\nTwo.\n\tThree.' },
    { subject: 'x'.repeat(150), text: 'x'.repeat(5_000) }
  ])
    t.equal(checkMailText(good), undefined)
  for (const [bad, why] of [
    [{ subject: '' }, /^subject is empty/],
    [{ subject: ' ' }, /^subject is empty/],
    [{ subject: 'x'.repeat(151) }, /^subject is longer/],
    [{ subject: 'a\nBcc: b' }, /^subject holds a line break/],
    [{ subject: 'a\u2028b' }, /^subject holds/],
    [{ text: '\n \n' }, /^text is empty/],
    [{ text: 'x'.repeat(5_001) }, /^text is longer/],
    [{ subject: 'good', text: 'a\u0000b' }, /^text holds a control/],
    [{ text: 'a\rb' }, /^text holds a control/],
    [{ text: 'a\u001b[1mb' }, /^text holds a control/]
  ] as const)
    t.match(checkMailText(bad), why)
})
