import t from 'tap'
import type { Notice } from '../../../src/campaigns/mails/notice.ts'
import { ownerNoticeMail } from '../../../src/campaigns/mails/owner-notice.ts'
import { hostile, linksOf, readHtml, readText } from './words-of.ts'

const campaign = { id: '0191e0d4-7b1c-7c3e-9b1a-0d6f1d2c3b4a', name: 'Customers, autumn' }
const mailOf = (notices: Notice[], publicOrigin?: string) =>
  ownerNoticeMail({ campaign, notices, ...(publicOrigin && { publicOrigin }) })

const left = (n: number): Notice[] =>
  Array.from({ length: n }, (_, index) => ({
    kind: 'left',
    details: { userId: `l${index}`, displayName: `Leaver ${index}`, by: 'self' }
  }))
const bounced = (n: number): Notice[] =>
  Array.from({ length: n }, (_, index) => ({
    kind: 'bounced',
    details: {
      userId: `b${index}`,
      displayName: `B ${index}`,
      address: `b${index}@gone.example`,
      said: '5.1.1 unknown'
    }
  }))
const counts = { confirmed: 80, silent: 7, bounced: 2, undelivered: 0, out: 4 }
const closed: Notice = {
  kind: 'closed',
  details: {
    counts,
    approvals: ['/approvals/a', '/approvals/b'],
    brakes: ['minimum-response', 'something-new']
  }
}
const ended: Notice = {
  kind: 'ended',
  details: { counts: { acted: 7, failed: 1 }, report: '/campaigns/c/report?round=1' }
}
const aborted: Notice = {
  kind: 'aborted',
  details: { problem: { title: 'The list is empty', detail: 'Nextcloud listed nobody. Nobody was asked.' } }
}
const away: Notice = { kind: 'page-away', details: { since: '2026-11-25T10:00:00Z' } }

t.test('five hundred notices are one mail that can be read', async (t) => {
  const mail = mailOf([...left(250), ended, ...bounced(250), closed])
  t.equal(mail.text.match(/^- Leaver/gm)?.length, 100)
  t.equal(mail.text.match(/^- B /gm)?.length, 100)
  t.equal(mail.text.match(/^- and 150 more$/gm)?.length, 2)
  t.match(mail.text, /250 people have left\n-+\n/)
  t.match(mail.text, /250 mails came back\n-+\n/)
  t.equal(
    mail.subject,
    'Customers, autumn: The time to answer is over: a second person has to decide, and more'
  )
  t.equal(readHtml(mail), readText(mail))
  t.ok(mail.html.length < 100_000, 'mail programs cut what is longer')
})

t.test('what somebody has to do comes first', async (t) => {
  const { text } = mailOf([ended, ...bounced(1), ...left(1), away, closed, aborted])
  const places = [
    'stopped before anybody was asked',
    'a second person has to decide',
    'cannot be reached',
    'One person has left',
    'One mail came back',
    'The round is over'
  ].map((said) => text.indexOf(said))
  t.notOk(places.includes(-1))
  t.strictSame(
    places,
    places.toSorted((a, b) => a - b)
  )
})

t.test('a round that waits for an approval says where, why, how, and who', async (t) => {
  const { text } = mailOf([closed], 'https://locksmith.example.org/')
  t.match(text, /^- https:\/\/locksmith\.example\.org\/approvals\/a$/m)
  t.match(text, /^- https:\/\/locksmith\.example\.org\/approvals\/b$/m)
  t.match(text, /approvals:decide/)
  t.match(text, /another owner/)
  t.match(text, /Did not answer: 7/)
  t.match(text, /Fewer people answered than the campaign asks for/)
  t.match(text, /^- something-new$/m)
  t.notMatch(text, /: 0$/m)
  t.match(mailOf([closed]).text, /^- \/approvals\/a$/m)
})

t.test('a round that waits for nobody asks nobody', async (t) => {
  const details = { counts, approvals: [], brakes: [] }
  const { text, subject } = mailOf([{ kind: 'closed', details }])
  t.match(text, /Nothing waits for an approval/)
  t.notMatch(text, /approved or rejected|second person/)
  t.equal(subject, 'Customers, autumn: The time to answer is over')
})

t.test('who said that somebody has left is told', async (t) => {
  const by = (by: string) =>
    mailOf([{ kind: 'left', details: { userId: 'a', displayName: 'A', by } }]).text.match(/– (.*)/)?.[1]
  t.equal(by('self'), 'said so themselves')
  t.equal(by('contact:lead@customer.example'), 'said by the contact lead@customer.example')
  t.equal(by('key:ops'), 'said by key:ops')
})

t.test('nothing of it is a link, and hostile words stay words', async (t) => {
  const details = { userId: '"><b>', displayName: hostile, address: '<i>', said: hostile, by: hostile }
  const problem = { title: hostile, detail: hostile }
  const mail = ownerNoticeMail({
    campaign: { id: campaign.id, name: hostile },
    language: 'en',
    notices: [
      { kind: 'left', details },
      { kind: 'bounced', details },
      { kind: 'aborted', details: { problem } },
      { kind: 'closed', details: { counts: {}, approvals: [], brakes: [hostile] } },
      ended
    ]
  })
  t.strictSame(linksOf(mail), [])
  t.notMatch(mail.html, /<img|<b>|<i>/)
  t.notMatch(mail.text, /\r|\nBcc/)
  t.notMatch(mail.subject, /[\r\n]/)
  t.match(mail.text, /Nobody was asked/)
})

t.test('no notice at all is no error', async (t) => {
  t.match(mailOf([]).subject, /Nothing new/)
  t.match(mailOf([{ kind: 'page-away', details: {} }]).text, /Nobody can answer/)
})
