import t from 'tap'
import { accessResetMail } from '../../src/mail/access-reset.ts'

const nextcloud = new URL('https://cloud.example.org/files')
const mail = {
  to: 'anna@example.org',
  userId: 'anna',
  displayName: 'Anna',
  language: 'en',
  operationId: 'x',
  revoked: 'all'
} as const

t.test('the mail says no more than what was done', async (t) => {
  for (const language of ['en', 'de']) {
    const all = accessResetMail({ ...mail, language }, nextcloud)
    const sessions = accessResetMail({ ...mail, language, revoked: 'sessions' }, nextcloud)
    const none = accessResetMail({ ...mail, language, revoked: 'none' }, nextcloud)
    const signedOut = /signed out|abgemeldet/
    for (const part of ['text', 'html'] as const) {
      t.match(all[part], signedOut)
      t.match(all[part], /and apps|und Apps/)
      t.match(sessions[part], signedOut)
      t.notMatch(sessions[part], /and apps|und Apps/)
      t.notMatch(none[part], signedOut)
    }
  }
})

t.test('links lead to the configured Nextcloud and nowhere else, whatever a name says', async (t) => {
  const hostile = {
    ...mail,
    displayName: '<img src=x>\r\nBcc: b@evil.example http://evil.example',
    userId: 'a"><script>'
  }
  const { html, text } = accessResetMail(hostile, nextcloud)
  const links = [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, link]) => link)
  t.same(links, ['https://cloud.example.org/files/index.php/login'])
  t.notMatch(html, /<img|<script/)
  t.notMatch(text, /\r|\nBcc/)
})

t.test('German for every kind of German, English for everyone else', async (t) => {
  const languageOf = (language: string | null) => accessResetMail({ ...mail, language }, nextcloud).language
  for (const language of ['de', 'de_DE', 'de-AT', 'DE']) t.equal(languageOf(language), 'de')
  for (const language of ['en', 'fr', 'deutsch', '', null]) t.equal(languageOf(language), 'en')
})
