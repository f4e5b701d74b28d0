import type { Sandbox } from '../../src/sandbox/index.ts'
import type { Scenario, Step } from './recording.ts'

/** What a scenario's recorder did past HTTP, by SQL or occ, and the names that stand for what came of it. */
export interface Prepared {
  /** Placeholder → the sandbox's own value, such as `<share-1>` → `12`. */
  names: Map<string, string>
}

type Prepare = (sandbox: Sandbox, users: readonly string[], prepared: Prepared) => void

const totp: Prepare = (sandbox, [user = '']) => {
  sandbox.nextcloud.users.get(user)?.twoFactor.set('totp', true)
}

const app = { id: 'locksmith-sbx', version: '1.0.0', secret: 'locksmith-sbx-secret-0123456789' }

const passkeys: Prepare = (sandbox, [mine = '', other = ''], { names }) => {
  const made = [
    sandbox.addPasskey(mine, 'Yubikey'),
    sandbox.addPasskey(mine, 'Phone'),
    sandbox.addPasskey(other, 'Theirs')
  ]
  for (const [index, { id }] of made.entries()) names.set(`<passkey-${index + 1}>`, String(id))
}

const shares: Prepare = (sandbox, [a = '', b = ''], { names }) => {
  const file = '/Project/Deep/plan.txt'
  const made = [
    sandbox.addShare(a, { type: 3 }),
    sandbox.addShare(a, { type: 3, path: file, hasPassword: true, label: 'For the press' }),
    sandbox.addShare(a, { type: 3, expiresAt: Date.parse('2027-01-31T23:59:59Z') / 1000 }),
    sandbox.addShare(a, { type: 4, path: file, shareWith: 'reader@example.com' }),
    sandbox.addShare(a, { type: 0, shareWith: b, permissions: 31 }),
    sandbox.addShare(a, { type: 1, path: '/Project/Deep', shareWith: 'sbx-readers', permissions: 1 }),
    sandbox.addShare(a, { type: 6, shareWith: 'partner@elsewhere.example', permissions: 19 }),
    sandbox.addShare(b, { type: 3, owner: a })
  ]
  for (const [index, { id, token }] of made.entries()) {
    names.set(`<share-${index + 1}>`, String(id))
    if (token !== null) names.set(`<share-token-${index + 1}>`, token)
  }
}

const expire: Prepare = (sandbox, _users, { names }) => {
  const share = sandbox.nextcloud.shares.get(Number(names.get('<share-3>')))
  if (share) share.expiresAt = 1
}

/** By the note of the step that they come before. */
const preparations: Partial<Record<Scenario, Record<string, Prepare>>> = {
  'app-api-login': { 'log in: asked for the second factor': totp },
  'app-api-refused': {
    'a wrong secret': totp,
    'an ExApp that is disabled': (sandbox) => sandbox.settings({ appApi: { ...app, enabled: false } }),
    'a user in the header': (sandbox) => sandbox.settings({ appApi: { ...app } })
  },
  'app-api-enforced': {
    'providers before any log-in': (sandbox) =>
      sandbox.settings({
        twoFactorEnforced: { enforced: true, enforcedGroups: ['sbx-enforced'], excludedGroups: [] }
      })
  },
  passkeys: { 'log in': passkeys },
  shares: { 'the list': shares, 'the list when one has expired': expire },
  'two-factor-disable': { 'switch it off': totp }
}

const groups: Partial<Record<Scenario, readonly string[]>> = {
  'app-api-enforced': ['sbx-enforced'],
  shares: ['sbx-readers'],
  groups: ['sbx-readers']
}

/** What every scenario finds. */
export function furnish(sandbox: Sandbox, scenario: Scenario): void {
  for (const group of groups[scenario] ?? []) sandbox.createGroup(group)
  sandbox.settings({
    appApi: { ...app },
    twoFactorEnforced: { enforced: false, enforcedGroups: [], excludedGroups: [] }
  })
}

export function prepare(
  sandbox: Sandbox,
  scenario: Scenario,
  { note }: Step,
  users: readonly string[],
  prepared: Prepared
): void {
  preparations[scenario]?.[note]?.(sandbox, users, prepared)
}
