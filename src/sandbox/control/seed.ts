import type { Sandbox } from './sandbox.ts'

const firefox = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0'
const safari =
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15'

/** The password of a seeded user; everybody knows it. */
export const seededPassword = (userId: string): string => `${userId}-sandbox-password`

/** A seeded app password; everybody knows it. */
export const seededAppPassword = (userId: string, device: string): string =>
  `${userId}-${device.toLowerCase()}-app-password`

/** The users that a newcomer finds, one for each thing that can be different about a user. */
export function seed(sandbox: Sandbox): void {
  for (const group of ['acme', 'globex']) sandbox.createGroup(group)
  const add = (
    id: string,
    displayName: string,
    more: Parameters<Sandbox['createUser']>[0] | object
  ): void => {
    sandbox.createUser({
      id,
      displayName,
      password: seededPassword(id),
      email: `${id}@acme.example`,
      groups: ['acme'],
      ...more
    })
  }
  add('alice', 'Alice Archer', {})
  sandbox.openBrowserSession('alice', { userAgent: firefox })
  sandbox.openBrowserSession('alice', { userAgent: safari })
  for (const device of ['Phone', 'Laptop', 'Thunderbird']) {
    sandbox.createAppPassword('alice', device, { password: seededAppPassword('alice', device) })
  }
  add('bob', 'Bob Baker', {})
  add('carol', 'Carol Carter', { email: 'carol@globex.example', groups: ['globex'], twoFactor: ['totp'] })
  sandbox.createAppPassword('carol', 'Tablet', { password: seededAppPassword('carol', 'Tablet') })
  add('dave', 'Dave Dyer', { email: 'dave@globex.example', groups: ['globex'] })
  sandbox.openBrowserSession('dave', { userAgent: firefox })
  sandbox.updateUser('dave', { enabled: false })
  add('erin', 'Erin Eades', { email: 'erin@globex.example', groups: ['globex'], backend: 'LDAP' })
  add('frank', 'Frank Fisher', { email: null })
  add('grace', 'Grace Green', { groups: ['acme', 'globex'], twoFactor: ['totp'] })
  sandbox.openBrowserSession('grace', { userAgent: firefox })
  sandbox.openBrowserSession('grace', { userAgent: safari })
  for (const device of ['Phone', 'Laptop']) {
    sandbox.createAppPassword('grace', device, { password: seededAppPassword('grace', device) })
  }
  sandbox.addPasskey('grace', 'Security key')
  sandbox.addShare('grace', { type: 3, path: '/Quarterly figures' })
  sandbox.addShare('grace', { type: 6, path: '/Roadmap', shareWith: 'partner@cloud.elsewhere.example' })
  add('heidi', 'Heidi Hale', { email: 'heidi@globex.example', groups: ['globex'], backend: 'user_saml' })
}
