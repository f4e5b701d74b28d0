import t from 'tap'
import { offboardingNoticeMail } from '../../src/mail/offboarding-notice.ts'

const nextcloud = new URL('https://cloud.example.org/files')
const nothing = { tokens: 0, wipePending: 0, resetLink: 0, passkeys: 0, publicLinks: 0, federatedShares: 0 }
const notice = {
  to: 'boss@example.org',
  userId: 'lea',
  displayName: 'Lea',
  language: 'en',
  operationId: 'x',
  enabled: false,
  residualAccess: nothing
}

t.test('what is left is told with its number, and what is not known as such', async (t) => {
  const residualAccess = { ...nothing, publicLinks: 2, passkeys: 'unknown' as const }
  for (const [language, links, keys] of [
    ['en', 'Public links: 2', 'Passkeys: not known'],
    ['de', 'Öffentliche Links: 2', 'Passkeys: nicht bekannt']
  ] as const) {
    const { text, html } = offboardingNoticeMail({ ...notice, language, residualAccess }, nextcloud)
    for (const part of [text, html]) {
      t.ok(part.includes(links) && part.includes(keys), language)
      t.notMatch(part, /Nothing is left|nichts mehr da|: 0/)
    }
  }
})

t.test('a user who could not be disabled is not called disabled', async (t) => {
  t.match(offboardingNoticeMail(notice, nextcloud).text, /account is disabled/)
  const { text } = offboardingNoticeMail({ ...notice, enabled: true }, nextcloud)
  t.match(text, /could not be disabled/)
  t.notMatch(text, /is disabled/)
})

t.test('a deletion is told by its day, and only where there is one', async (t) => {
  const deletionAt = '2026-12-23T16:03:12.500Z'
  t.match(offboardingNoticeMail({ ...notice, deletionAt }, nextcloud).text, /deleted on 23 December 2026/)
  t.match(
    offboardingNoticeMail({ ...notice, deletionAt, language: 'de_DE' }, nextcloud).text,
    /am 23\. Dezember 2026 gelöscht/
  )
  t.notMatch(offboardingNoticeMail(notice, nextcloud).text, /deleted/)
})

t.test('a hostile name stays a name', async (t) => {
  const displayName = '<img src=x>\r\nBcc: b@evil.example'
  const { html, text, subject } = offboardingNoticeMail(
    { ...notice, displayName, userId: 'a"><b>' },
    nextcloud
  )
  t.notMatch(html, /<img|<b>/)
  t.notMatch(text, /\r|\nBcc/)
  t.notMatch(subject, /[\r\n]/)
  t.notMatch(html, /<[^>]+ (href|src)=/)
})
