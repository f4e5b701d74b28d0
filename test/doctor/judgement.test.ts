import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { answered, skipped } from '../../src/doctor/asked.ts'
import { judge } from '../../src/doctor/checks/all.ts'
import type { Facts } from '../../src/doctor/facts.ts'

const simulatedHost = new URL('https://cloud.example.org')
const why = skipped('Not asked in this test.')

/** What is known of a Nextcloud far away, and nothing wrong with it. */
function facts(change: Partial<Facts> = {}): Facts {
  return {
    config: readConfig({}),
    url: simulatedHost,
    publicUrl: simulatedHost,
    simulated: false,
    database: answered({ missing: [], unknown: [], aheadMs: 0 }),
    circuit: answered(undefined),
    server: answered({ version: '34.0.1', maintenance: false, needsDbUpgrade: false, aheadMs: 0 }),
    publicFacts: answered({ allowListed: true, delayMs: 0, linkBase: simulatedHost }),
    passwordReset: answered({ on: true }),
    admins: [],
    protectedList: answered({ own: ['locksmith'], users: [], groups: [] }),
    apps: answered([]),
    setupChecks: answered({ mail: 'ready', proxyHeaders: 'ok' }),
    remoteAddress: answered('203.0.113.7'),
    ratesLifted: answered(false),
    policy: answered(undefined),
    enforcement: why,
    encryption: why,
    exApp: why,
    smtp: why,
    bounces: why,
    confirmPage: why,
    webhooks: answered([]),
    canKeepSecrets: true,
    canSign: true,
    drivers: [],
    ownAddresses: ['127.0.0.1', '172.18.0.5'],
    nextcloudAddresses: answered(['198.51.100.20']),
    ...change
  }
}

const finding = (name: string, change: Partial<Facts>) =>
  judge(facts(change)).find((one) => one.name === name)!

const server = (change: object) =>
  answered({ version: '34.0.1', maintenance: false, needsDbUpgrade: false, aheadMs: 0, ...change })

t.test('versions', async (t) => {
  const state = (version: string) => finding('nextcloud-version', { server: server({ version }) })
  t.match(state('30.0.9'), { state: 'error', mend: /Upgrade Nextcloud to 31/ })
  t.match(state('31.0.2'), { state: 'ok', found: /exactly this version/ })
  t.match(state('32.0.1'), { state: 'ok', found: /tried with 31\.0\.2, 33\.0\.3, 34\.0\.1/ })
  t.match(state('35.0.0'), { state: 'warning', found: /newer than any/ })
})

t.test('whether our address is everybody’s', async (t) => {
  const address = (seen: string, change: Partial<Facts> = {}) =>
    finding('own-address', { remoteAddress: answered(seen), ...change })
  t.match(address('172.18.0.5'), { state: 'ok', found: /an address of this machine/ })
  t.match(address('203.0.113.7'), { state: 'ok', means: /shares its limits/ }, 'a router of ours')
  t.match(address('172.18.0.2'), { state: 'warning', mend: /trusted_proxies N --value=172\.18\.0\.2/ })
  t.match(address('198.51.100.20'), { state: 'warning', found: /everybody has it/ }, 'the proxy that we call')
  t.match(address('127.0.0.1'), { state: 'warning', found: /everybody has it/ }, 'one on its own machine')
  t.match(
    address('127.0.0.1', { nextcloudAddresses: answered(['172.18.0.5']) }),
    { state: 'ok' },
    'we are there'
  )
})

t.test('where the links in mails lead', async (t) => {
  const links = (at: string, change: Partial<Facts> = {}) =>
    finding('reset-links', {
      publicFacts: answered({ allowListed: false, delayMs: 0, linkBase: new URL(at) }),
      ...change
    })
  t.match(links('https://cloud.example.org/'), { state: 'ok' })
  t.match(links('http://cloud.example.org/'), {
    state: 'error',
    means: /in the clear/,
    mend: /^occ config:system:set overwriteprotocol --value=https; or occ config:system:set trusted_proxies N --value=203\.0\.113\.7/
  })
  t.match(links('https://cloud.example.org/nextcloud'), {
    state: 'warning',
    mend: /NEXTCLOUD_PUBLIC_URL=https:\/\/cloud\.example\.org\/nextcloud/
  })
  const inner = new URL('http://nextcloud')
  t.match(links('http://nextcloud/', { url: inner, publicUrl: inner }), {
    state: 'warning',
    found: /only inside/,
    mend: /^Set NEXTCLOUD_PUBLIC_URL/
  })
  const both = { url: inner, publicUrl: inner, config: readConfig(given) }
  t.match(links('http://nextcloud/', both), { state: 'ok' }, 'said on purpose')
  t.match(
    finding('reset-links', {
      publicFacts: answered({ allowListed: false, delayMs: 0, linkBase: undefined })
    }),
    { state: 'unknown' }
  )
})

const given = {
  NEXTCLOUD_URL: 'http://nextcloud',
  NEXTCLOUD_PUBLIC_URL: 'http://nextcloud',
  NEXTCLOUD_ADMIN_USER: 'a',
  NEXTCLOUD_ADMIN_PASSWORD: 'b'
}

t.test('plain http across a network', async (t) => {
  t.match(finding('nextcloud-connection', {}), { state: 'ok', found: /TLS/ })
  t.match(finding('nextcloud-connection', { url: new URL('http://10.0.0.4:8080') }), {
    state: 'warning',
    mend: /^Set NEXTCLOUD_URL to https:\/\/10\.0\.0\.4:8080/
  })
  t.match(finding('nextcloud-connection', { url: new URL('http://127.0.0.1:8031') }), { state: 'ok' })
})

t.test('limits in force, in words', async (t) => {
  const limits = (allowListed: boolean, lifted: boolean) =>
    finding('limits', {
      publicFacts: answered({ allowListed, delayMs: 0, linkBase: simulatedHost }),
      ratesLifted: answered(lifted)
    })
  t.match(limits(false, true).found, /about 20 reset mails an hour.*50 password changes in 10 minutes/)
  t.match(limits(true, false).found, /about 120 reset mails an hour.*50 password changes/)
  t.match(limits(true, false).mend, /apply_allowlist_to_ratelimit --type=boolean --value=true/)
  t.match(limits(true, true).found, /about 120 reset mails.*without a limit/)
})

t.test('drivers appear once they are given, with what mends them', async (t) => {
  const works = answered({ works: true as const })
  const because = answered({ works: false as const, because: 'occ is not there.', mend: 'OCC_COMMAND' })
  const drivers = judge(
    facts({
      drivers: [
        { name: 'occ', probe: because },
        { name: 'sql', probe: works }
      ]
    })
  )
  t.match(
    drivers.filter(({ name }) => name === 'driver'),
    [
      { about: 'occ', state: 'error', found: /occ is not there/, mend: 'OCC_COMMAND' },
      { about: 'sql', state: 'ok' }
    ]
  )
})

t.test('a check that fails itself hides no other', async (t) => {
  const found = judge(facts({ ownAddresses: undefined as never }))
  t.match(
    found.find(({ name }) => name === 'own-address'),
    { state: 'unknown', found: /a fault of Locksmith/ }
  )
  t.match(
    found.find(({ name }) => name === 'limits'),
    { state: 'ok' }
  )
})

t.test('with occ or the database nobody is refused for a directory or a second factor', async (t) => {
  const change = {
    config: readConfig({ ...given, OCC_COMMAND: 'php occ' }),
    apps: answered(['user_ldap']),
    enforcement: answered({ enforced: true, enforcedGroups: [], excludedGroups: [] })
  }
  t.match(finding('user-backends', change), { state: 'ok' })
  t.match(finding('two-factor', change), { state: 'ok', found: /by occ/ })
  t.match(finding('two-factor', { ...change, config: readConfig({}) }), { state: 'error', mend: /APPAPI_ID/ })
})
