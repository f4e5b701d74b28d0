import { connect, createServer } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { ImapFlow } from 'imapflow'
import { pino } from 'pino'
import t, { type Test } from 'tap'
import type { Bounce } from '../../src/bounces/classify.ts'
import { readBounces, sayMailbox, verifyMailbox } from '../../src/bounces/read.ts'
import { startBounceReader } from '../../src/campaigns/bounce-reader.ts'
import { readConfig } from '../../src/config.ts'
import { createPool } from '../../src/db/pool.ts'
import { newMailId, returnPathOf } from '../../src/mail/return-path.ts'
import { createMailer } from '../../src/mail/smtp.ts'
import { testMark } from '../support/audit-keys.ts'
import { testDatabase } from '../support/database.ts'
import { password } from './mail-server-files.ts'
import { type MailServers, skip, startMailServers } from './mail-servers.ts'

const address = 'bounces@people.test'
const campaign = '0190a0b0-0000-7000-8000-000000000001'

async function until(
  what: string,
  servers: MailServers,
  isSo: () => boolean | Promise<boolean>
): Promise<void> {
  for (const ends = Date.now() + 20_000; !(await isSo()); await sleep(50))
    if (Date.now() > ends) throw new Error(`${what} did not happen within 20 s\n${servers.log()}`)
}

/** A mail of ours to each of these, of a round in which all of them are asked. @returns the mails' ids by user */
async function roundOf(t: Test, users: string[]) {
  const pool = createPool(await testDatabase(t), 6, testMark)
  t.teardown(() => pool.end())
  const ids = Object.fromEntries(users.map((user) => [user, newMailId()]))
  await pool.query(
    `INSERT INTO campaign (id, name, definition, state, round, requested_by, owner, vouchers)
     VALUES ($1, 'Spring', '{}', 'open', 1, 'key:first', 'key:first', '{}')`,
    [campaign]
  )
  await pool.query('INSERT INTO round (campaign_id, number, opened_at) VALUES ($1, 1, now())', [campaign])
  for (const user of users) {
    await pool.query(
      `INSERT INTO participant (campaign_id, round, place, user_id, display_name, backend, state, reached)
       VALUES ($1, 1, $2, $2, $2, 'Database', 'asked', true)`,
      [campaign, user]
    )
    await pool.query(
      `INSERT INTO campaign_mail (id, campaign_id, round, place, number, address, state) VALUES ($1, $2, 1, $3, 0, $4, 'accepted')`,
      [ids[user], campaign, user, `${user}@people.test`]
    )
  }
  const story = async () => {
    const { rows } = await pool.query(
      `SELECT p.place, p.state, p.bounce, p.reached, m.bounce AS mail, m.bounce_said AS said
         FROM participant p JOIN campaign_mail m USING (campaign_id, round, place) ORDER BY 1`
    )
    return rows as { place: string; state: string; bounce: string | null; said: string | null }[]
  }
  return { pool, ids: ids as Record<string, string>, story }
}

t.test('by a real Postfix and Dovecot', { skip, timeout: 90_000 }, async (t) => {
  const servers = await startMailServers(t)
  const { smtpPort, imapPort, imapsPort, ca } = servers
  const mailer = createMailer({
    smtpUrl: `smtp://127.0.0.1:${smtpPort}?ignoreTLS=true`,
    from: 'Locksmith <locksmith@people.test>',
    nextcloudUrl: new URL('https://cloud.example.org')
  })
  t.teardown(() => mailer.close())
  const send = (to: string, mailId = newMailId()) =>
    mailer.sendTo({
      to: { name: 'Somebody', address: to },
      envelopeFrom: returnPathOf(address, mailId),
      ...{ subject: 'Still there?', text: 'Hello', html: '<p>Hello</p>', language: 'en' },
      headers: { 'X-Locksmith-Mail': mailId }
    })
  const mailboxOf = (user: string, change = {}) => ({
    ...{ host: '127.0.0.1', port: imapsPort, secure: true, folder: 'INBOX' },
    ...{ user: `${user}@people.test`, password },
    ...change
  })
  const mailbox = mailboxOf('bounces')
  const tls = { ca }
  const configOn = (port: number) =>
    readConfig({
      BOUNCE_ADDRESS: address,
      BOUNCE_IMAP_URL: `imaps://bounces%40people.test:${encodeURIComponent(password)}@127.0.0.1:${port}`
    })

  await t.test('a recipient whom the mail server knows not to exist is refused at once', async (t) => {
    t.match(await send('nobody@strict.test'), {
      kind: 'rejected',
      recipientUnknown: true,
      response: /^550 5\.1\.1 .*User unknown/
    })
    t.match(await send('lea@strict.test'), { kind: 'accepted' })
    await until('the mail', servers, () => servers.mails('lea').length === 1)
  })

  await t.test('what is accepted and comes back later is matched to exactly its mail', async (t) => {
    const { pool, ids, story } = await roundOf(t, ['full', 'lea', 'nobody', 'nobody-else'])
    const log = pino({ level: 'silent' })
    const config = configOn(imapsPort)
    // Two replicas, of which one reads at a time.
    for (const each of [1, 2]) {
      const reader = startBounceReader({ config, pool, log }, { everyMs: 200 + each, tls })
      t.teardown(() => reader.stop())
    }
    for (const user of ['lea', 'nobody', 'full']) {
      const sent = await send(`${user}@people.test`, ids[user])
      t.match(sent, { kind: 'accepted' }, `${user}: accepted is not delivered`)
    }
    await until(
      'both bounces',
      servers,
      async () => (await story()).filter(({ bounce }) => bounce).length === 2
    )
    await until('the mail to lea', servers, () => servers.mails('lea').length === 2)
    t.match(await story(), [
      {
        place: 'full',
        state: 'asked',
        bounce: 'soft',
        reached: false,
        mail: 'soft',
        said: /^5\.2\.2 552 5\.2\.2/
      },
      { place: 'lea', state: 'asked', bounce: null, reached: true, mail: null },
      {
        place: 'nobody',
        state: 'bounced',
        bounce: 'hard',
        reached: false,
        mail: 'hard',
        said: /^5\.1\.1 550 5\.1\.1/
      },
      { place: 'nobody-else', state: 'asked', bounce: null, reached: true, mail: null }
    ])
    await until('seen', servers, () => servers.mails('bounces').every(({ isSeen }) => isSeen))
    t.equal(servers.mails('bounces').length, 2, 'and nothing is taken out of the mailbox')
    const { rows } = await pool.query(
      `SELECT user_id FROM audit_event JOIN audit_personal USING (seq) WHERE action = 'participant.bounced' ORDER BY 1`
    )
    t.strictSame(rows, [{ user_id: 'full' }, { user_id: 'nobody' }], 'each once')
  })

  await t.test('a bounce that could not be recorded is read again', async (t) => {
    const mailId = newMailId()
    await send('nobody@people.test', mailId)
    await until('the bounce', servers, () => servers.mails('bounces').length === 3)
    const crash = async () => {
      throw new Error('the database is away')
    }
    await t.rejects(readBounces({ mailbox, tls }, crash), /database is away/)
    const found: Bounce[] = []
    // The other way to TLS, too.
    const starttls = mailboxOf('bounces', { port: imapPort, secure: false })
    const keep = async (bounce: Bounce) => {
      found.push(bounce)
    }
    t.strictSame(await readBounces({ mailbox: starttls, tls }, keep), { read: 1, bounces: 1 })
    t.match(found, [{ mailId, kind: 'hard' }])
    t.strictSame(await readBounces({ mailbox, tls }, keep), { read: 0, bounces: 0 }, 'and then no more')
  })

  await t.test('what is no bounce of ours is marked as seen and left alone', async (t) => {
    const outcome = await readBounces({ mailbox: mailboxOf('lea'), tls }, async () => {
      t.fail('no bounce')
    })
    t.strictSame(outcome, { read: 2, bounces: 0 })
    t.ok(
      servers.mails('lea').every(({ isSeen, source }) => isSeen && /^Return-Path: <bounces\+/m.test(source))
    )
  })

  await t.test('of a huge message only its beginning is read', async (t) => {
    const mailId = newMailId()
    const [bounce] = servers.mails('bounces')
    const huge = `${bounce!.source.replace(/bounces\+\w{26}@/g, `bounces+${mailId}@`)}\r\n${'x'.repeat(5_000_000)}\r\n`
    const { host, port, secure, user } = mailbox
    const client = new ImapFlow({ host, port, secure, tls, auth: { user, pass: password }, logger: false })
    await client.connect()
    await client.append('INBOX', huge)
    await client.logout()
    const found: Bounce[] = []
    await readBounces({ mailbox, tls }, async (each) => {
      found.push(each)
    })
    t.match(found, [{ mailId }])
  })

  await t.test('what is wrong with a mailbox is told apart', async (t) => {
    await verifyMailbox({ mailbox, tls })
    const saidOf = (change: object, options: object = { tls }) =>
      verifyMailbox({ mailbox: mailboxOf('bounces', change), ...options }).then(() => 'nothing', sayMailbox)
    t.equal(await saidOf({ password: 'wrong' }), 'it refuses the user or password')
    t.equal(await saidOf({ folder: 'Elsewhere' }), 'it has no such folder')
    t.match(await saidOf({}, {}), /no TLS that can be trusted/)
    t.match(await saidOf({ port: 1 }), /does not answer \(ECONNREFUSED\)/)
  })

  await t.test('an outage is said once, its end once, and nothing is missed', async (t) => {
    const { pool, ids, story } = await roundOf(t, ['nobody'])
    const said: string[] = []
    const log = pino({ level: 'info' }, { write: (line: string) => said.push(JSON.parse(line).msg) })
    const proxy = createServer((socket) => {
      const onward = connect(imapsPort, '127.0.0.1')
      for (const each of [socket, onward]) each.on('error', () => {})
      socket.pipe(onward).pipe(socket)
    })
    const listen = (port: number) => new Promise<void>((resolve) => proxy.listen(port, '127.0.0.1', resolve))
    await listen(0)
    const { port } = proxy.address() as { port: number }
    await new Promise((resolve) => proxy.close(resolve))
    const reader = startBounceReader({ config: configOn(port), pool, log }, { everyMs: 20, tls })
    t.teardown(() => reader.stop())
    await send('nobody@people.test', ids.nobody)
    await sleep(500)
    await listen(port)
    t.teardown(() => proxy.close())
    await until('the bounce', servers, async () => (await story())[0]!.bounce === 'hard')
    await until('the word', servers, () => said.includes('the mailbox of bounces is read again'))
    t.strictSame(said.toSorted(), [
      'a mail came back',
      'the mailbox of bounces cannot be read: it is tried again each minute',
      'the mailbox of bounces is read again'
    ])
    const began = performance.now()
    await reader.stop()
    t.ok(performance.now() - began < 2_000, 'it ends when it is told to')
  })
})
