import { createTransport } from 'nodemailer'
import t from 'tap'
import { sandboxFor } from './client.ts'

const mail = {
  from: 'Locksmith <locksmith@acme.example>',
  to: 'Änn <ann@acme.example>',
  subject: 'Bitte anmelden – grüße',
  text: 'Grüße = gut, und eine sehr lange Zeile, die über sechsundsiebzig Zeichen hinausgeht, mit https://cloud.example.com/login am Ende.',
  html: '<p>Grüße</p>'
}

t.test('mail over SMTP lands in the same mailbox, readable', async (t) => {
  const sandbox = await sandboxFor(t)
  for (const encoding of ['quoted-printable', 'base64'] as const) {
    await createTransport(sandbox.smtpUrl).sendMail({ ...mail, textEncoding: encoding })
  }
  for (const got of sandbox.mails({ to: 'ANN@acme.example' })) {
    t.match(got, { via: 'smtp', subject: mail.subject, to: ['ann@acme.example'], html: mail.html })
    t.equal(got.text.trim(), mail.text)
    t.equal(sandbox.linkOf(got), 'https://cloud.example.com/login')
  }
  t.equal(sandbox.mails().length, 2)
})

t.test('recipients can be refused for good or for now', async (t) => {
  const sandbox = await sandboxFor(t)
  const send = (): Promise<unknown> => createTransport(sandbox.smtpUrl).sendMail(mail)
  sandbox.treatMail('ann@acme.example', 'reject')
  await t.rejects(send(), /550/)
  sandbox.treatMail('ann@acme.example', 'tempfail')
  await t.rejects(send(), /451/)
  sandbox.treatMail('ann@acme.example', 'accept')
  await t.resolves(send())
  sandbox.setMailboxDown(true)
  await t.rejects(send())
  t.equal(sandbox.mails().length, 1)
})
