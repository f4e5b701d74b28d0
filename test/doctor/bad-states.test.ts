import t from 'tap'
import { type NextcloudVersion, type Settings, startSandbox } from '../../src/sandbox/index.ts'
import { of, startDoctor } from '../support/doctor.ts'

type Case = {
  name: string
  state: 'ok' | 'warning' | 'error' | 'unknown' | 'skipped'
  found: RegExp
  mend: RegExp
}

/** What is wrong with the server → the finding that says so, and the command or setting that mends it. */
const states: [what: string, settings: Partial<Settings>, expected: Case][] = [
  [
    'maintenance mode',
    { maintenance: true },
    { name: 'nextcloud', state: 'error', found: /in maintenance mode/, mend: /^occ maintenance:mode --off/ }
  ],
  [
    'an upgrade that is due',
    { needsDbUpgrade: true },
    { name: 'nextcloud', state: 'error', found: /waits for its upgrade/, mend: /^occ upgrade$/ }
  ],
  [
    'its database is down',
    { databaseDown: true },
    { name: 'nextcloud', state: 'error', found: /not its API/, mend: /its database may be down/ }
  ],
  [
    'something else answers',
    { rubbish: true },
    { name: 'nextcloud', state: 'error', found: /not its API/, mend: /Set NEXTCLOUD_URL to Nextcloud itself/ }
  ],
  [
    'it redirects',
    { redirectAllTo: 'https://cloud.example.org/' },
    {
      name: 'nextcloud',
      state: 'error',
      found: /redirected \(302 to https:\/\/cloud\.example\.org\)/,
      mend: /Set NEXTCLOUD_URL to the address.*occ config:system:set overwriteprotocol --value=https/
    }
  ],
  [
    'the host is not trusted',
    { trustedDomains: ['cloud.example.org'] },
    {
      name: 'nextcloud',
      state: 'error',
      found: /does not know the host name/,
      mend: /^occ config:system:set trusted_domains N --value=127\.0\.0\.1:\d+ .*occ config:system:get trusted_domains/
    }
  ],
  [
    'admins must call from elsewhere',
    { adminsElsewhere: true },
    {
      name: 'admin-account',
      state: 'error',
      found: /in the group admin, but .* from our address/,
      mend: /^occ config:system:set allowed_admin_ranges N --value=/
    }
  ],
  [
    'a proxy that hides everybody',
    { seenAs: '172.18.0.9', trustedProxies: ['172.18.0.9'] },
    {
      name: 'own-address',
      state: 'warning',
      found: /sees us as 172\.18\.0\.9.*a proxy or a router/,
      mend: /X-Forwarded-For.*occ config:system:set trusted_proxies N --value=172\.18\.0\.9/
    }
  ],
  [
    'the same, by its own check',
    { seenAs: '172.18.0.9', trustedProxies: ['172.18.0.9'] },
    { name: 'proxy-headers', state: 'warning', found: /\(172\.18\.0\.9\)/, mend: /X-Forwarded-For/ }
  ],
  [
    'not allow-listed',
    { seenAs: '203.0.113.7' },
    {
      name: 'allow-list',
      state: 'warning',
      found: /\(203\.0\.113\.7\) is not on/,
      mend: /occ config:app:set bruteForce whitelist_1 --value=203\.0\.113\.7\/32/
    }
  ],
  [
    'not allow-listed, over IPv6',
    { seenAs: '2001:db8::7' },
    { name: 'allow-list', state: 'warning', found: /2001:db8::7/, mend: /--value=2001:db8::7\/128/ }
  ],
  [
    'its address cannot be told',
    { missingApps: ['bruteforcesettings'] },
    {
      name: 'own-address',
      state: 'unknown',
      found: /bruteforcesettings is not enabled/,
      mend: /^occ app:enable bruteforcesettings$/
    }
  ],
  [
    'the reset is off',
    { passwordResetEnabled: false },
    {
      name: 'password-reset',
      state: 'error',
      found: /is switched off/,
      mend: /^occ config:system:delete lost_password_link$/
    }
  ],
  [
    'the reset is elsewhere',
    { lostPasswordLink: 'https://id.example.org/forgot' },
    {
      name: 'password-reset',
      state: 'error',
      found: /sends people to https:\/\/id\.example\.org\/forgot/,
      mend: /^occ config:system:delete lost_password_link$/
    }
  ],
  [
    'mail never tested',
    { mailTest: 'not-done' },
    {
      name: 'nextcloud-mail',
      state: 'warning',
      found: /last test failed/,
      mend: /Email server → "Send email"/
    }
  ],
  [
    'mail disabled, which Nextcloud calls a success',
    { mailTest: 'disabled' },
    {
      name: 'nextcloud-mail',
      state: 'error',
      found: /mail_smtpmode is "null"/,
      mend: /^occ config:system:set mail_smtpmode --value=smtp/
    }
  ],
  [
    'a policy above our passwords',
    { passwordPolicy: policy(120) },
    {
      name: 'password-policy',
      state: 'error',
      found: /of 120 characters/,
      mend: /^occ config:app:set password_policy minLength --value=96$/
    }
  ],
  [
    'a key for each user',
    { encryption: 'user-keys' },
    { name: 'encryption', state: 'error', found: /a key for each user/, mend: /occ encryption:decrypt-all/ }
  ],
  [
    'single sign-on',
    { moreApps: ['user_saml'] },
    {
      name: 'user-backends',
      state: 'warning',
      found: /user_saml \(SAML\)/,
      mend: /OCC_COMMAND or NEXTCLOUD_DATABASE_URL/
    }
  ],
  [
    'a second factor for some',
    { twoFactorEnforced: { enforced: true, enforcedGroups: ['acme'], excludedGroups: [] } },
    { name: 'two-factor', state: 'warning', found: /for the group\(s\) acme/, mend: /APPAPI_ID/ }
  ],
  [
    'a second factor for nearly all',
    { twoFactorEnforced: { enforced: true, enforcedGroups: [], excludedGroups: ['admin'] } },
    { name: 'two-factor', state: 'warning', found: /everybody but the group\(s\) admin/, mend: /OCC_COMMAND/ }
  ],
  [
    'links elsewhere',
    { overwriteHost: 'cloud.example.org' },
    {
      name: 'reset-links',
      state: 'warning',
      found: /begin with http:\/\/cloud\.example\.org\/, not with/,
      mend: /Set NEXTCLOUD_PUBLIC_URL=http:\/\/cloud\.example\.org if people come by that; else occ config:system:set overwritehost --value=127/
    }
  ]
]

function policy(minLength: number): Settings['passwordPolicy'] {
  return {
    minLength,
    enforceNonCommonPassword: true,
    enforceNumericCharacters: true,
    enforceSpecialCharacters: true,
    enforceUpperLowerCase: true,
    enforceHaveIBeenPwned: true
  }
}

t.test('links that would begin with http, though people come by https', async (t) => {
  const sandbox = await startSandbox({ trustedDomains: ['cloud.example.org'] })
  t.teardown(() => sandbox.close())
  const { look } = await startDoctor(t, { sandbox, publicUrl: 'https://cloud.example.org' })
  const finding = async () => of(await look(), 'reset-links')
  t.match(await finding(), {
    state: 'error',
    found: /begin with http:\/\/cloud\.example\.org\/, though people come by https/,
    mend: /^occ config:system:set overwriteprotocol --value=https; or .*trusted_proxies N --value=127\.0\.0\.1/
  })
  sandbox.settings({ overwriteProtocol: 'https' })
  t.match(await finding(), { state: 'ok', found: /begin with https:\/\/cloud\.example\.org\/$/ })
  sandbox.settings({ overwriteProtocol: '', trustedProxies: ['127.0.0.1'] })
  t.match(await finding(), { state: 'ok' })
})

for (const version of [31, 33, 34] satisfies NextcloudVersion[]) {
  t.test(`on ${version} each bad state is named, with what mends it`, async (t) => {
    const sandbox = await startSandbox({ version })
    t.teardown(() => sandbox.close())
    const { look, world } = await startDoctor(t, { sandbox })
    const usual = structuredClone(sandbox.settings())
    for (const [what, settings, { name, state, found, mend }] of states) {
      sandbox.settings(settings)
      const report = await look()
      t.match(of(report, name), { state, found, mend }, what)
      if (state === 'error') t.equal(report.state, 'error', what)
      sandbox.settings(structuredClone(usual))
    }
    const { rows } = await world.pool.query('SELECT FROM circuit WHERE open_since IS NOT NULL')
    t.equal(rows.length, 0, 'and nothing that the doctor saw keeps others from their work')
  })

  t.test(`on ${version} a server that is well has no error, and nothing is left out`, async (t) => {
    const { look, sandbox } = await startDoctor(t, { sandbox: { version } })
    sandbox.settings({ allowListed: true })
    const report = await look()
    t.match(report, { state: 'ok', nextcloud: new RegExp(`^${version}\\.`) })
    t.strictSame(
      report.findings.filter(({ state }) => state !== 'ok').map(({ name }) => name),
      ['confirm-page', 'bounce-mailbox', 'app-api', 'webhooks', 'streams'],
      'skipped, since it is not set'
    )
  })
}
