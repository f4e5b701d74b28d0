import type { Report } from './doctor.ts'

const head = { checkedAt: '2026-11-25T09:12:44.120Z', locksmith: '0.1.0', nextcloud: '34.0.1' }

/** Examples of `GET /doctor`, a few findings of each. */
export const whenMended: Report = {
  state: 'ok',
  ...head,
  findings: [
    { name: 'database', state: 'ok', found: 'It answers and is up to date.' },
    {
      name: 'admin-password',
      about: 'locksmith',
      state: 'ok',
      found: 'The password of locksmith may change users on Nextcloud 34.0.1.'
    },
    { name: 'allow-list', state: 'ok', found: 'Our address (203.0.113.7) is on the allow-list.' }
  ]
}

export const whenWrong: Report = {
  state: 'error',
  ...head,
  findings: [
    {
      name: 'admin-password',
      about: 'locksmith',
      state: 'error',
      found:
        'Nextcloud 34.0.1 does not take the password of locksmith as a confirmation: it is an app password.',
      means:
        'From Nextcloud 34 on an app password can only read: no user can be reset (403 "Password confirmation is required", nextcloud/server#61974).',
      mend: 'Set NEXTCLOUD_ADMIN_PASSWORD to the real password of locksmith. It must be without a second factor.'
    },
    {
      name: 'allow-list',
      state: 'warning',
      found: "Our address (203.0.113.7) is not on Nextcloud's allow-list.",
      means:
        'Reset mails are slowed down, about 20 an hour, and failed log-ins of whoever shares the address block us.',
      mend: 'Add 203.0.113.7/32 under Administration settings → Security → Brute-force IP whitelist, or: occ config:app:set bruteForce whitelist_1 --value=203.0.113.7/32 (whitelist_2 … if taken: occ config:list bruteForce)'
    },
    { name: 'app-api', state: 'skipped', found: 'APPAPI_ID is not set.' }
  ]
}
