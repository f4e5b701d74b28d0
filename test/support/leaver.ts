import { fileURLToPath } from 'node:url'
import type { Credential, Sandbox } from '../../src/sandbox/index.ts'

export const wait = { headers: { prefer: 'wait=30' } }

export const oldPassword = 'Old-Password-4711'

/** A person with everything by which one gets in, or data get out. */
export function leaver(sandbox: Sandbox, spec: Parameters<Sandbox['createUser']>[0] | { id?: string } = {}) {
  const user = { id: 'lea', password: oldPassword, email: 'lea@example.org', groups: ['acme', 'sales'], ...spec }
  const { id } = user
  sandbox.createUser({ ...user, enabled: true, twoFactor: [] })
  const sessions = ['Firefox', 'Safari'].map((userAgent) => sandbox.openBrowserSession(id, { userAgent }))
  const apps = ['Phone', 'Laptop', 'Thunderbird'].map((name) => ({
    user: id,
    password: sandbox.createAppPassword(id, name).password
  }))
  sandbox.updateUser(id, { ...('twoFactor' in user && { twoFactor: user.twoFactor as string[] }), ...('enabled' in user && { enabled: user.enabled as boolean }) })
  return { id, sessions, apps, all: [...sessions, ...apps] as Credential[] }
}

/** The simulated occ, with a short memory of tokens so that tests need not wait. */
export const byOcc = (sandbox: Sandbox) => ({
  occ: {
    command: [
      process.execPath,
      fileURLToPath(new URL('../../src/sandbox/occ.ts', import.meta.url)),
      '--sandbox',
      sandbox.url
    ],
    timeoutMs: 20_000,
    cacheMs: 50
  }
})

export const appApi = { id: 'locksmith', version: '1.0.0', secret: 'secret-of-the-exapp' }
