import { readFileSync } from 'node:fs'
import t from 'tap'
import { parseArrived } from '../../src/bounces/arrived.ts'
import { classify } from '../../src/bounces/classify.ts'

const mailId = 'abcdefghijkmnpqrstuvwxyz23'
const sample = (name: string) => readFileSync(new URL(`samples/${name}.eml`, import.meta.url))
const read = async (source: Buffer | string) => classify(await parseArrived(Buffer.from(source)))

t.test('nobody at that address: for good', async (t) => {
  for (const [name, said] of [
    ['postfix-unknown', /^5\.1\.1 550 5\.1\.1 <lea@customer\.example>: Recipient address rejected/],
    ['postfix-bare-550-at-rcpt', /^5\.0\.0 550 No such user here$/],
    ['postfix-null-mx', /^5\.1\.0 Domain customer\.example does not accept mail/],
    ['headers-only', /User unknown/],
    ['exchange', /^5\.1\.10 550 5\.1\.10 RESOLVER\.ADR\.RecipientNotFound/],
    ['gmail', /^5\.1\.1 550-5\.1\.1 The email account that you tried to reach does not exist/],
    ['both-of-two', /^5\.1\.1/],
    ['international', /^5\.1\.1/],
    ['by-original-header', /^5\.1\.1/],
    ['by-delivered-to', /^5\.1\.1$/]
  ] as const)
    t.match(await read(sample(name)), { mailId, kind: 'hard', said }, name)
})

t.test('anything else that came back says nothing about whether there is such a person', async (t) => {
  for (const name of [
    'postfix-full',
    'postfix-delayed',
    'postfix-expired',
    'postfix-no-host',
    'postfix-bare-550-at-data',
    'sender-refused',
    'policy',
    'statuses-differ',
    'greylisted',
    'exchange-full',
    'one-of-two'
  ])
    t.match(await read(sample(name)), { mailId, kind: 'soft' }, name)
})

t.test('a bounce without a report is never for good, whatever it says', async (t) => {
  t.match(await read(sample('qmail')), { mailId, kind: 'soft', said: /no mailbox here.*#5\.1\.1/ })
  t.match(await read(sample('exim-old')), {
    mailId,
    kind: 'soft',
    said: 'Mail delivery failed: returning message to sender'
  })
  t.match(await read(sample('challenge')), { mailId, kind: 'soft' })
})

t.test(
  'answers of absent people, receipts, complaints, and what others were sent are no bounces',
  async (t) => {
    for (const name of [
      'vacation',
      'vacation-german',
      'person',
      'receipt',
      'complaint',
      'delivered',
      'foreign'
    ])
      t.equal(await read(sample(name)), undefined, name)
    t.equal(await read(''), undefined)
  }
)

t.test('a bounce that is cut off says as much as its report, and breaks nothing', async (t) => {
  const whole = sample('postfix-unknown')
  const returned = whole.indexOf('Please confirm')
  t.match(await read(whole.subarray(0, returned)), { mailId, kind: 'hard' })
  for (let end = 0; end < whole.length; end += 7) {
    const found = await read(whole.subarray(0, end)).catch(() => undefined)
    t.ok(found === undefined || found.mailId === mailId)
  }
})

t.test('a report in base64 or with other line ends is read as well', async (t) => {
  const text = sample('postfix-unknown').toString()
  t.match(await read(text.replaceAll('\r', '')), { mailId, kind: 'hard' })
  const encoded = text.replace(
    /(Content-Type: message\/delivery-status)\r\n\r\n([\s\S]*?)\r\n--b1/,
    (_, type, body) =>
      `${type}\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(body).toString('base64')}\r\n--b1`
  )
  t.not(encoded, text)
  t.match(await read(encoded), { mailId, kind: 'hard' })
})

t.test('hostile messages take neither long nor much', async (t) => {
  const head = `From: mailer-daemon@x\r\nTo: bounces+${mailId}@example.org\r\n`
  const nested = Array.from(
    { length: 500 },
    (_, n) => `Content-Type: multipart/report; boundary="n${n}"\r\n\r\n--n${n}\r\n`
  ).join('')
  const report = (said: string, more: string) =>
    `Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; ${said}${more}\r\n`
  for (const source of [
    head + nested,
    `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${'--b\r\n\r\n'.repeat(30_000)}`,
    `${head}Subject: ${'a'.repeat(250_000)}\r\n\r\n`,
    `${head}To: ${'<'.repeat(100_000)}\r\n\r\n`,
    `${head}To: ${'(a,'.repeat(40_000)}\r\n\r\n`,
    `${head}Content-Type: message/delivery-status\r\n\r\n${'Action: failed\n\n'.repeat(16_000)}`,
    `${head}${'X: y\r\n'.repeat(40_000)}\r\n`,
    // What a server says is long, with no space, no address and no end of one in it.
    head + report('550 5.1.1 ', 'a'.repeat(200_000)),
    head + report('550 5.1.1 ', '<'.repeat(200_000)),
    head + report('550 5.1.1 ', '@'.repeat(200_000)),
    `${head}Content-Type: text/plain; charset=\0\xff\r\nContent-Transfer-Encoding: base64\r\n\r\n${'\0'.repeat(200_000)}`
  ]) {
    const began = performance.now()
    await read(source).catch(() => undefined)
    t.ok(performance.now() - began < 2_000, `${Math.round(performance.now() - began)} ms`)
  }
})
