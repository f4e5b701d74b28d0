import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import t, { type Test } from 'tap'
import { newLink } from '../../src/campaigns/links.ts'
import { createMailer } from '../../src/mail/smtp.ts'

type Received = { from: string; to: string[]; source: string }

/** A mail server that answers a recipient with what stands before the `@`: `550_5.1.1_No_such_user@example.org`. */
async function serverFor(t: Test, port = 0, onMail: (server: SMTPServer) => void = () => {}) {
  const received: Received[] = []
  let connections = 0
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onConnect(_session, done) {
      connections++
      done()
    },
    onRcptTo({ address }, _session, done) {
      const [code, ...words] = address.slice(0, address.lastIndexOf('@')).replaceAll('"', '').split('_')
      if (!/^[45]\d\d$/.test(code!)) return done()
      done(Object.assign(new Error(words.join(' ')), { responseCode: Number(code) }))
    },
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const from = envelope.mailFrom ? envelope.mailFrom.address : ''
        const to = envelope.rcptTo.map(({ address }) => address)
        received.push({ from, to, source: Buffer.concat(chunks).toString('latin1') })
        onMail(server)
        done()
      })
    }
  })
  server.on('error', () => {})
  server.listen(port, '127.0.0.1')
  await once(server.server, 'listening')
  const stop = () => new Promise<void>((resolve) => server.close(() => resolve()))
  t.teardown(stop)
  const { port: taken } = server.server.address() as AddressInfo
  return { port: taken, received, server, stop, connections: () => connections }
}

function mailerFor(t: Test, port: number) {
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    from: 'Locksmith <locksmith@example.org>',
    nextcloudUrl: new URL('https://cloud.example.org')
  })
  t.teardown(() => mailer.close())
  return mailer
}

const mail = { subject: 'Still there?', text: 'Hello', html: '<p>Hello</p>', language: 'en' }
const to = (address: string, name = '') => ({ ...mail, to: { name, address } })

t.test('a recipient is unknown only where the server says so for good', async (t) => {
  const { port } = await serverFor(t)
  const mailer = mailerFor(t, port)
  for (const [answer, unknown] of [
    ['550_5.1.1_User_unknown', true],
    ['550_5.1.0_Address_rejected', true],
    ['550_5.1.2_Bad_destination_system', true],
    ['553_5.1.3_Bad_address_syntax', true],
    ['551_5.1.6_Has_moved', true],
    ['550_5.1.10_RESOLVER.ADR.RecipientNotFound', true],
    ['550_5.2.1_Mailbox_disabled', true],
    ['550_No_such_user_here', true],
    ['551_User_not_local', true],
    ['553_sorry,_no_mailbox_here_by_that_name', true],
    ['550_5.7.1_Rejected_by_policy', false],
    ['550_5.4.1_Recipient_address_rejected:_Access_denied', false],
    ['550_5.1.0_Sender_address_rejected:_User_unknown', false],
    ['550_Sender_verify_failed', false],
    ['550_Relaying_denied', false],
    ['550_Blocked,_see_our_page', false],
    ['552_5.2.2_Mailbox_full', false],
    ['550_5.2.2_Mailbox_full', false],
    ['552_Too_much_mail', false],
    ['554_5.7.1_Relay_access_denied', false],
    ['554_No_such_user', false]
  ] as const) {
    const sent = await mailer.sendTo(to(`${answer}@example.org`))
    t.match(sent, { kind: 'rejected', recipientUnknown: unknown }, answer)
  }
  for (const answer of ['450_4.1.1_User_unknown', '451_4.7.1_Greylisted', '452_4.2.2_Mailbox_full'])
    t.match(await mailer.sendTo(to(`${answer}@example.org`)), { kind: 'not-sent' }, answer)
  t.match(await mailer.sendTo(to('lea>, <evil@example.org')), { kind: 'rejected', recipientUnknown: false })
  t.match(await mailer.sendTo(to('lea@example.org')), { kind: 'accepted' }, 'and it goes on')
})

t.test('a refused sender makes no recipient unknown', async (t) => {
  const { port, server } = await serverFor(t)
  server.onMailFrom = (_address, _session, done) =>
    done(Object.assign(new Error('5.1.1 User unknown'), { responseCode: 550 }))
  const sent = await mailerFor(t, port).sendTo(to('lea@example.org'))
  t.match(sent, { kind: 'rejected', recipientUnknown: false })
})

t.test('a link that the server quotes is not in what is reported', async (t) => {
  const { port, server } = await serverFor(t)
  const token = newLink().token.reveal()
  const mailer = mailerFor(t, port)
  const answers = async (code: number, words: string) => {
    server.onRcptTo = (_address, _session, done) =>
      done(Object.assign(new Error(words), { responseCode: code }))
    return mailer.sendTo(to('lea@example.org'))
  }
  const link = `https://access.example.org/confirm/${token}`
  const withheld = 'Listed: https://access.example.org/confirm/[withheld] is bad'
  for (const [code, kind] of [
    [554, 'rejected'],
    [451, 'not-sent']
  ] as const) {
    const sent = await answers(code, `Listed: ${link} is bad`)
    t.match(sent, { kind, response: withheld })
    t.notMatch(sent.response, token)
  }
  for (const words of [
    `https://filter.example.net/?u=${encodeURIComponent(link)}&d=1`,
    `HTTPS://ACCESS.EXAMPLE.ORG/CONTACT/${token}`,
    // A cut within the link leaves the beginning of its token, which is no link any more, but looks like one.
    `${'x'.repeat(150)} ${link}`
  ]) {
    const { response } = await answers(554, words)
    t.match(response, '[withheld]')
    t.notMatch(response, token.slice(0, 4), words)
  }
})

t.test('names and headers stay what they are, whatever is in them', async (t) => {
  const { port, received } = await serverFor(t)
  const name = 'Lea"\r\nBcc: evil@example.net\r\n\r\n<b>'
  await mailerFor(t, port).sendTo({
    ...to('lea@example.org', name),
    subject: 'Hello\r\nBcc: evil@example.net',
    envelopeFrom: 'bounces+abc@example.org',
    messageId: '<1@example.org>',
    headers: { 'X-Locksmith-Mail': 'abc\r\nBcc: evil@example.net' }
  })
  const { from, to: recipients, source } = received[0]!
  t.equal(from, 'bounces+abc@example.org')
  t.strictSame(recipients, ['lea@example.org'])
  const envelopeFrom = 'bounces+abc@example.org'
  for (const more of [{}, { envelopeFrom }])
    await mailerFor(t, port).sendTo({ ...to('lea@example.org, evil@example.net'), ...more })
  for (const { to } of received) t.equal(to.length, 1, to.join(' | '))
  const head = source.slice(0, source.indexOf('\r\n\r\n'))
  t.notMatch(head, /^Bcc/im)
  t.match(head, /^From: Locksmith <locksmith@example\.org>$/m)
  t.match(head, /^Message-ID: <1@example\.org>$/m)
  t.match(head, /^Auto-Submitted: auto-generated$/m)
  t.match(head, /^Content-Language: en$/m)
})

t.test('a connection is used again, few are opened, and none is left at the end', async (t) => {
  const { port, received, server, connections } = await serverFor(t)
  const mailer = mailerFor(t, port)
  await Promise.all(Array.from({ length: 40 }, (_, n) => mailer.sendTo(to(`u${n}@example.org`))))
  t.equal(received.length, 40)
  t.ok(connections() <= 4, `${connections()} connections`)
  mailer.close()
  for (let tries = 0; tries < 100 && server.connections.size > 0; tries++)
    await new Promise((resolve) => setTimeout(resolve, 20))
  t.equal(server.connections.size, 0)
  t.match(await mailer.sendTo(to('lea@example.org')), { kind: 'not-sent' }, 'closed is closed')
})

t.test('it goes on after the mail server was restarted', async (t) => {
  const first = await serverFor(t)
  const mailer = mailerFor(t, first.port)
  await mailer.sendTo(to('a@example.org'))
  await first.stop()
  t.match(await mailer.sendTo(to('b@example.org')), { kind: 'not-sent' }, 'while it is away')
  const second = await serverFor(t, first.port)
  t.match(await mailer.sendTo(to('c@example.org')), { kind: 'accepted' })
  t.strictSame(
    second.received.map(({ to }) => to[0]),
    ['c@example.org']
  )
})

t.test('a mail whose answer was lost is not sent again', async (t) => {
  const { port, received } = await serverFor(t, 0, (server) => {
    for (const connection of server.connections) (connection as unknown as Ended)._socket.destroy()
  })
  const mailer = mailerFor(t, port)
  t.match(await mailer.sendTo(to('lea@example.org')), { kind: 'unknown' })
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  t.equal(received.length, 1)
})

type Ended = { _socket: { destroy(): void } }
