import t from 'tap'
import {
  createTarget,
  isHeaderValue,
  parseEndpoint,
  parseForwardUrl
} from '../../../src/audit/forward/target.ts'

t.test('where to forward to is read from a URL', async (t) => {
  const syslog = (host: string, port: number, secure: boolean) => ({ kind: 'syslog', host, port, secure })
  for (const [text, expected, name] of [
    ['syslog+tcp://10.0.0.7', syslog('10.0.0.7', 514, false), 'syslog+tcp://10.0.0.7:514'],
    [
      'syslog+tls://siem.example.org/',
      syslog('siem.example.org', 6_514, true),
      'syslog+tls://siem.example.org:6514'
    ],
    ['syslog+tls://[fd00::1]:7000', syslog('fd00::1', 7_000, true), 'syslog+tls://[fd00::1]:7000']
  ] as const) {
    const address = parseForwardUrl(text)
    t.strictSame(address, expected)
    t.equal(createTarget(address!).name, name)
  }
  const address = parseForwardUrl('https://siem.example.org:8088/in/secret-in-path?token=1')
  t.match(address, {
    kind: 'collector',
    url: { href: 'https://siem.example.org:8088/in/secret-in-path?token=1' }
  })
  t.equal(createTarget(address!).name, 'https://siem.example.org:8088')
})

t.test('what would not work, or would send the audit in the clear by mistake, is no such URL', async (t) => {
  for (const text of [
    '',
    'siem.example.org:514',
    'syslog://siem.example.org',
    'syslog+udp://siem.example.org:514',
    'syslog+tls://',
    'syslog+tls://:6514',
    'syslog+tls://user:pw@siem.example.org',
    'syslog+tls://siem.example.org/path',
    'syslog+tls://siem.example.org?ca=x',
    'syslog+tls://siem.example.org#x',
    'syslog+tls://siem.example.org:65536',
    'syslog+tls://a,b',
    'syslog+tls://%73iem',
    'http://siem.example.org/in',
    'http://127.0.0.1.example.org/in',
    'http://10.0.0.1/in',
    'https://user:pw@siem.example.org/in',
    'https://siem.example.org/in#x',
    'ftp://siem.example.org/in'
  ])
    t.equal(parseForwardUrl(text), undefined, text)
})

t.test('to this host itself a collector may listen without TLS', async (t) => {
  for (const text of ['http://127.0.0.1:8080/in', 'http://localhost/in', 'http://[::1]:8080/'])
    t.equal(parseEndpoint(text)?.href, text)
})

t.test('what cannot be the value of a header is told', async (t) => {
  for (const text of ['Bearer abc', 'Splunk 0123-4567', 'Basic dXNlcjpwdw==', 'ApiKey a  b'])
    t.ok(isHeaderValue(text), text)
  for (const text of ['', ' ', 'Bearer a\r\nx: y', 'Bearer ä', 'Bearer\ta', 'a\u0000'])
    t.notOk(isHeaderValue(text), text)
})
