import { fileURLToPath } from 'node:url'
import type { Test } from 'tap'
import type { Credential, Sandbox } from '../../src/sandbox/index.ts'
import { plainNode } from './bare.ts'
import { eventually, type Locksmith } from './locksmith.ts'

export const oldPassword = 'Old-Password-4711'
export const appApi = { id: 'locksmith', version: '1.0.0', secret: 'secret-of-the-exapp' }

type Spec = { id?: string; enabled?: boolean; twoFactor?: string[]; backend?: string; groups?: string[] }

/** A person with everything by which one gets in, or files get out. */
export function leaver(sandbox: Sandbox, { enabled = true, twoFactor = [], ...spec }: Spec = {}) {
  const id = spec.id ?? 'lea'
  sandbox.createUser({
    groups: ['acme', 'sales'],
    ...spec,
    id,
    password: oldPassword,
    email: `${id}@example.org`
  })
  const sessions = ['Firefox', 'Safari'].map((userAgent) => sandbox.openBrowserSession(id, { userAgent }))
  const apps = ['Phone', 'Laptop', 'Thunderbird'].map((name) => ({
    user: id,
    password: sandbox.createAppPassword(id, name).password
  }))
  const passkey = sandbox.addPasskey(id, 'Key ring')
  const link = sandbox.addShare(id, { type: 3 })
  sandbox.addShare(id, { type: 6, shareWith: 'bob@cloud.example.net' })
  sandbox.updateUser(id, { enabled, twoFactor })
  const credentials: Credential[] = [...sessions, ...apps, { user: id, password: oldPassword }]
  return {
    id,
    sessions,
    apps,
    /** Everything that opens the account now. */
    alive: () => [
      ...credentials.filter((credential) => sandbox.tryCredential(credential) === 200),
      ...(sandbox.loginAsPerson(id, oldPassword).ok ? ['the old password'] : []),
      ...(sandbox.loginByPasskey(id, passkey.id).ok ? ['the passkey'] : [])
    ],
    /** Whether anybody can still fetch the files behind the public link. */
    isPublic: () => sandbox.openPublicFiles(link.token!) === 207
  }
}

/** Nothing of before opens the account, not even after an administrator enabled it in Nextcloud itself. */
export function lockedForGood(t: Test, sandbox: Sandbox, { id, alive }: ReturnType<typeof leaver>): void {
  t.same(alive(), [], 'nothing works')
  sandbox.updateUser(id, { enabled: true })
  t.same(alive(), [], 'nor when the user is enabled')
  sandbox.updateUser(id, { password: 'New-Password-4711' })
  const { ok } = sandbox.loginAsPerson(id, 'New-Password-4711')
  t.ok(ok || sandbox.users().find((user) => user.id === id)!.twoFactor.size > 0, 'the person is back')
  t.same(alive(), [], 'nor when the person is back')
}

/**
 * Begins to enable `lea`, who sets up a second factor while we are about to log in as her: our log-in ends there.
 * @returns the operation's path
 */
export async function enableMeetingSecondFactor({ call, sandbox }: Locksmith): Promise<string> {
  sandbox.addFault({ match: { method: 'POST', pathRegex: '/login$' }, times: 1, do: 'hang-before' })
  const { body } = await call('POST', '/users/lea/enable')
  await eventually(
    () => sandbox.faults(),
    ([fault]) => fault!.seen > 0
  )
  sandbox.updateUser('lea', { twoFactor: ['totp'] })
  sandbox.releaseFaults()
  return `/operations/${body.id}`
}

/** So long Nextcloud may go on taking what was deleted past it. Locksmith waits it out; tests let the clock run instead. */
export const tokenCacheSeconds = 30

/** The simulated occ; how long a deletion takes to be known is not waited for. */
export const byOcc = (sandbox: Sandbox) => ({
  occ: {
    command: [
      ...plainNode,
      fileURLToPath(new URL('../../src/sandbox/occ.ts', import.meta.url)),
      '--sandbox',
      sandbox.url
    ],
    timeoutMs: 20_000,
    cacheMs: 50
  }
})

/** The database of the simulated Nextcloud (see `databaseOf`), as above. */
export const bySql = ({ url }: { url: string }) => ({
  nextcloudDatabase: { url, prefix: 'oc_', cacheMs: 50 }
})
