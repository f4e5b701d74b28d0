import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { ConfigError, readConfig } from '../src/config.ts'

const given = {
  NEXTCLOUD_URL: 'https://cloud.example.org',
  NEXTCLOUD_ADMIN_USER: 'locksmith',
  NEXTCLOUD_ADMIN_PASSWORD: 'first-hunter2'
}
const adminsOf = (more: string) =>
  readConfig({ ...given, NEXTCLOUD_MORE_ADMINS: more }).nextcloud!.admins.slice(1)

function faultsOf(env: Record<string, string>): string {
  try {
    readConfig(env)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  return ''
}

t.test('further admins are `user:password`, one a line, whatever the password holds', async (t) => {
  t.same(readConfig(given).nextcloud!.admins, [{ user: 'locksmith', password: 'first-hunter2' }])
  for (const [more, admins] of [
    ['second:pw', [['second', 'pw']]],
    ['second:a:b:c', [['second', 'a:b:c']]],
    [
      'second:pw\nthird:pw3',
      [
        ['second', 'pw'],
        ['third', 'pw3']
      ]
    ],
    [
      'second:pw\r\n\r\n  third : pw 3 \n',
      [
        ['second', 'pw'],
        ['third', 'pw 3']
      ]
    ],
    ['o\'hara@example.org:p#w="1"', [["o'hara@example.org", 'p#w="1"']]]
  ] as const)
    t.same(
      adminsOf(more).map(({ user, password }) => [user, password]),
      admins,
      more
    )
})

t.test('further admins can come by file', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'locksmith-config-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'admins')
  writeFileSync(file, 'second:pw\nthird:pw3\n')
  const { nextcloud } = readConfig({ ...given, NEXTCLOUD_MORE_ADMINS_FILE: file })
  t.same(
    nextcloud!.admins.map(({ user }) => user),
    ['locksmith', 'second', 'third']
  )
})

t.test('what is wrong with them is said by line, and no value is repeated', async (t) => {
  for (const [more, said] of [
    ['hunter2', /line 1, is not of the form/],
    ['second:pw\nhunter2', /line 2, is not of the form/],
    ['second:pw\n\n:hunter2', /line 3, is not of the form/],
    ['x:hunter2\n   :hunter2', /line 2, is not of the form/],
    ['second:   \nthird:hunter2', /line 1, is not of the form/],
    ['second:hunter2\nSecond:hunter2', /names an account twice/],
    ['LOCKSMITH:hunter2', /names an account twice/]
  ] as const) {
    const faults = faultsOf({ ...given, NEXTCLOUD_MORE_ADMINS: more })
    t.match(faults, said, more)
    t.notMatch(faults, /hunter2|second|third/i)
  }
  t.match(
    faultsOf({ NEXTCLOUD_MORE_ADMINS: 'second:hunter2' }),
    /NEXTCLOUD_URL is missing: NEXTCLOUD_MORE_ADMINS alone/
  )
})

t.test('who may call, from where and how, is refused at start where it makes no sense', async (t) => {
  const issuer = { issuer: 'https://id.example.org', audience: 'locksmith' }
  const issuers = (...list: unknown[]) => ({ OIDC_ISSUERS: JSON.stringify(list) })
  for (const [env, said] of [
    [{ TRUST_PROXY: 'loopback' }, /TRUST_PROXY must be addresses/],
    [{ TRUST_PROXY: '10.0.0.5, *' }, /TRUST_PROXY must be addresses/],
    [{ TRUST_PROXY: 'true' }, /TRUST_PROXY must be addresses/],
    [{ CORS_ORIGINS: '*' }, /CORS_ORIGINS must be origins/],
    [{ CORS_ORIGINS: 'https://app.example.org/' }, /CORS_ORIGINS must be origins/],
    [{ CORS_ORIGINS: 'null' }, /CORS_ORIGINS must be origins/],
    [{ PUBLIC_URL: 'locksmith.example.org' }, /PUBLIC_URL must be of the form/],
    [{ PUBLIC_URL: 'https://example.org/locksmith' }, /PUBLIC_URL must be of the form/],
    [{ PUBLIC_URL: 'https://hunter2@example.org' }, /PUBLIC_URL must be of the form/],
    [{ RATE_LIMIT_PER_MINUTE: '0' }, /RATE_LIMIT_PER_MINUTE must/],
    [{ OIDC_ISSUERS: 'https://id.example.org' }, /OIDC_ISSUERS must be a JSON list/],
    [{ OIDC_ISSUERS: '[]' }, /OIDC_ISSUERS must be a JSON list/],
    [issuers({ issuer: 'https://id.example.org' }), /number 1, is not right: .*audience/],
    [issuers(issuer, { ...issuer, audiences: [] }), /number 2, is not right/],
    [issuers({ ...issuer, algorithms: ['HS256'] }), /number 1, is not right: algorithms/],
    [issuers({ ...issuer, algorithms: ['none'] }), /number 1, is not right: algorithms/],
    [issuers({ ...issuer, scopes: { boss: ['everything'] } }), /number 1, is not right: scopes/],
    [issuers({ ...issuer, groups: { desk: [] } }), /number 1, is not right: groups/],
    [issuers({ ...issuer, issuer: 'http://id.example.org' }), /issuer must be an https URL/],
    [issuers({ ...issuer, issuer: 'https://id.example.org#x' }), /issuer must be an https URL/],
    [issuers({ ...issuer, jwksUri: 'http://10.0.0.1/jwks' }), /jwksUri must be an https URL/],
    [issuers(issuer, issuer), /names an issuer twice/]
  ] as const)
    t.match(faultsOf(env), said, JSON.stringify(env))
})

t.test('who may call, from where and how, as it is read', async (t) => {
  const config = readConfig({
    TRUST_PROXY: '10.0.0.5, fd00::/8',
    CORS_ORIGINS: 'https://app.example.org,http://localhost:5173',
    PUBLIC_URL: 'https://locksmith.example.org/',
    OIDC_ISSUERS: '[{"issuer": "https://id.example.org/realms/a", "audience": "locksmith"}]'
  })
  t.strictSame(config.proxies, ['10.0.0.5', 'fd00::/8'])
  t.strictSame(config.origins, ['https://app.example.org', 'http://localhost:5173'])
  t.equal(config.publicOrigin, 'https://locksmith.example.org')
  t.match(config.issuers, [{ algorithms: ['RS256', 'ES256', 'PS256', 'EdDSA'], scopesClaim: 'scope' }])
  const none = readConfig({})
  t.strictSame([none.proxies, none.origins, none.issuers, none.publicOrigin], [[], [], [], undefined])
})

t.test('bounces need an address, its mailbox, and mail of our own', async (t) => {
  const BOUNCE_ADDRESS = 'bounces@example.org'
  const BOUNCE_IMAP_URL = 'imaps://bounces%40example.org:hunter2%2F@mail.example.org'
  const all = {
    ...given,
    SMTP_URL: 'smtp://mail',
    MAIL_FROM: 'a@example.org',
    BOUNCE_ADDRESS,
    BOUNCE_IMAP_URL
  }
  t.strictSame(readConfig(all).bounces, {
    address: BOUNCE_ADDRESS,
    mailbox: {
      ...{ host: 'mail.example.org', port: 993, secure: true, folder: 'INBOX' },
      ...{ user: 'bounces@example.org', password: 'hunter2/' }
    }
  })
  const starttls = readConfig({ ...all, BOUNCE_IMAP_URL: 'imap://b:hunter2@[::1]:1143/Back%20again' })
  t.match(starttls.bounces?.mailbox, { host: '::1', port: 1143, secure: false, folder: 'Back again' })
  t.equal(readConfig(given).bounces, undefined)
  const { SMTP_URL: _, ...withoutSmtp } = all
  for (const [env, said] of [
    [{ BOUNCE_ADDRESS }, /BOUNCE_IMAP_URL is missing/],
    [{ BOUNCE_IMAP_URL }, /BOUNCE_ADDRESS is missing/],
    [withoutSmtp, /SMTP_URL is missing/],
    [{ ...all, BOUNCE_ADDRESS: 'bounces' }, /BOUNCE_ADDRESS must be a mail address/],
    [{ ...all, BOUNCE_ADDRESS: 'Bounces <b@example.org>' }, /BOUNCE_ADDRESS must be a mail address/],
    [{ ...all, BOUNCE_ADDRESS: `${'b'.repeat(38)}@example.org` }, /37 characters at most/],
    [{ ...all, BOUNCE_IMAP_URL: 'pop3://a:hunter2@mail.example.org' }, /BOUNCE_IMAP_URL must be of the form/],
    [{ ...all, BOUNCE_IMAP_URL: 'imaps://bounces@mail.example.org' }, /BOUNCE_IMAP_URL must be of the form/],
    [
      { ...all, BOUNCE_IMAP_URL: 'imaps://a:%hunter2@mail.example.org' },
      /BOUNCE_IMAP_URL must be of the form/
    ],
    [{ ...all, BOUNCE_IMAP_URL: 'mail.example.org' }, /BOUNCE_IMAP_URL must be of the form/]
  ] as const) {
    const faults = faultsOf(env)
    t.match(faults, said, JSON.stringify(env))
    t.notMatch(faults, 'hunter2', 'and no password in it')
  }
})
