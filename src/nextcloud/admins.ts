import type { Pool } from '../db/pool.ts'
import type { NextcloudError } from './errors.ts'
import { type CredentialGate, createCredentialGate } from './gate.ts'
import type { Credentials } from './transport.ts'

/** How long after Nextcloud took a credential we count on it. */
const provenMs = 5_000

type Admin = Credentials & { gate: CredentialGate; provenAt: number }

/** The admin accounts by which Locksmith works: usually one. */
export type Admins = ReturnType<typeof createAdmins>

export function createAdmins(pool: Pool, accounts: Credentials[], onRefused: (account: string) => void) {
  const admins: Admin[] = accounts.map((account) => ({
    ...account,
    gate: createCredentialGate(pool, account, onRefused),
    provenAt: Number.NEGATIVE_INFINITY
  }))

  /** Those that Nextcloud has not refused. @throws NextcloudError credentials-refused where it refused all */
  async function usable(): Promise<Admin[]> {
    const open: Admin[] = []
    let refusal: unknown
    for (const admin of admins) {
      await admin.gate.assertOpen().then(
        () => open.push(admin),
        (error) => (refusal ??= error)
      )
    }
    if (open.length === 0) throw refusal
    return open
  }

  return {
    names: admins.map(({ user }) => user),
    usable,
    /** @param name a certain one, or the first that may be used */
    pick: async (name?: string): Promise<Admin> =>
      name === undefined ? (await usable())[0]! : admins.find(({ user }) => user === name)!,
    isProven: ({ provenAt }: Admin) => performance.now() - provenAt < provenMs,
    taken(admin: Admin) {
      admin.provenAt = performance.now()
    },
    async refused(admin: Admin, error: NextcloudError) {
      admin.provenAt = Number.NEGATIVE_INFINITY
      await admin.gate.refused(error)
    },
    /** Whether all are refused, from what we remember: Nextcloud is not asked. */
    areRefused: () =>
      usable().then(
        () => false,
        () => true
      )
  }
}
