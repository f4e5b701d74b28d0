import t from 'tap'
import { type ContactDigest, contactDigestMail } from '../../../src/campaigns/mails/digest.ts'
import { hostile, linksOf, readHtml, readText, urlsOf } from './words-of.ts'

const link = new URL('https://access.example.org/confirm/a-secret')
const people = (n: number) =>
  Array.from({ length: n }, (_, index) => ({
    displayName: `Person ${index}`,
    userId: `p${index}`,
    address: `p${index}@customer.example`
  }))
const digest: ContactDigest = {
  address: 'lead@customer.example',
  language: 'en',
  site: new URL('https://cloud.example.org/'),
  link,
  deadline: new Date('2026-12-09T10:00:00Z'),
  people: people(3),
  total: 3,
  now: new Date('2026-11-25T10:00:00Z')
}

t.test('text and HTML say the same, and lead to the one page alone', async (t) => {
  for (const language of ['en', 'de_DE'])
    for (const onSilence of [undefined, 'disable', 'report-only'] as const)
      for (const owner of [undefined, 'access@example.org'])
        for (const deadline of [digest.deadline, null]) {
          const mail = contactDigestMail({
            ...digest,
            language,
            deadline,
            ...(onSilence && { onSilence }),
            ...(owner && { owner })
          })
          t.equal(readHtml(mail), readText(mail, link))
          t.strictSame(linksOf(mail), [link.href])
          t.strictSame(urlsOf(mail), [link.href])
          t.match(mail.text, /nobody asks for a password|niemand fragt nach einem Passwort/)
          t.notMatch(mail.text, /null|undefined/)
          if (onSilence !== 'disable') t.notMatch(mail.text, /lose their access|Zugang verlieren/)
          t.equal(/Tuesday, 8 December 2026|Dienstag, 8\. Dezember 2026/.test(mail.text), deadline !== null)
        }
})

t.test('fifty are named, and the others counted', async (t) => {
  const { text, subject } = contactDigestMail({ ...digest, people: people(60), total: 1_234 })
  t.equal(text.match(/^- Person/gm)?.length, 50)
  t.match(text, 'and 1184 more, whom you find on the page')
  t.match(subject, '1234 of your colleagues have not answered yet')
  t.notMatch(contactDigestMail({ ...digest, people: people(50), total: 50 }).text, ' more')
  t.match(
    contactDigestMail({ ...digest, people: people(50), total: 51, language: 'de' }).text,
    /eine weitere Person/
  )
})

t.test('one person is not several', async (t) => {
  for (const [language, said] of [
    ['en', /one person among them has not answered/],
    ['de', /hat eine Person noch nicht geantwortet/]
  ] as const)
    t.match(contactDigestMail({ ...digest, language, people: people(1), total: 1 }).text, said)
})

t.test("a colleague's hostile name stays a name, and nobody is named twice in a line", async (t) => {
  const mail = contactDigestMail({
    ...digest,
    people: [
      { displayName: hostile, userId: '"><b>', address: '<i>@evil.example' },
      { displayName: 'p@customer.example', userId: 'p@customer.example', address: 'p@customer.example' },
      { displayName: '', userId: 'nameless', address: null }
    ]
  })
  t.strictSame(linksOf(mail), [link.href])
  t.strictSame(urlsOf(mail), [link.href])
  t.notMatch(mail.html, /<img|<b>|<i>/)
  t.notMatch(mail.text, /\r|\nBcc|www\.evil/)
  t.match(mail.text, /^- p@customer\.example$/m)
  t.match(mail.text, /^- nameless$/m)
})
