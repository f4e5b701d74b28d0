import type { Pool } from '../db/pool.ts'
import { NextcloudError } from './errors.ts'
import { type CredentialGate, createCredentialGate } from './gate.ts'
import type { Credentials } from './transport.ts'

/** How long after Nextcloud took a credential we count on it. */
const provenMs = 5_000

/** How long an account is left alone that may not change users. */
const barredMs = 600_000

/** As the page "Security" makes them, and as programs get them. */
const appPassword = /^(?:[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){4}|[A-Za-z0-9]{72})$/

type Admin = Credentials & { gate: CredentialGate; provenAt: number; barredAt: number }

/** The admin accounts by which Locksmith works: usually one. */
export type Admins = ReturnType<typeof createAdmins>

export function createAdmins(pool: Pool, accounts: Credentials[], onRefused: (account: string) => void) {
  const admins: Admin[] = accounts.map((account) => ({
    ...account,
    gate: createCredentialGate(pool, account, { onRefused }),
    provenAt: Number.NEGATIVE_INFINITY,
    barredAt: Number.NEGATIVE_INFINITY
  }))

  /** Those that Nextcloud has not refused. @throws NextcloudError credentials-refused where it refused all */
  async function usable(): Promise<Admin[]> {
    const open: Admin[] = []
    let refusal: unknown
    for (const admin of admins) {
      await admin.gate.assertOpen().then(
        () => open.push(admin),
        (error) => {
          if (!(error instanceof NextcloudError)) throw error
          refusal ??= error
        }
      )
    }
    if (open.length === 0) throw refusal
    return open
  }

  return {
    names: admins.map(({ user }) => user),
    /** Those whose password has the form that Nextcloud gives app passwords. */
    withAppPassword: admins.filter(({ password }) => appPassword.test(password)).map(({ user }) => user),
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
    /** Those by whom users may be changed: all, where none may as far as is known. */
    async changing(): Promise<string[]> {
      const open = await usable()
      const may = open.filter(({ barredAt }) => performance.now() - barredAt > barredMs)
      return (may.length > 0 ? may : open).map(({ user }) => user)
    },
    /** Nextcloud does not let this one change users. @returns whether another may */
    bar(name: string): boolean {
      for (const admin of admins) if (admin.user === name) admin.barredAt = performance.now()
      return admins.some(({ barredAt }) => performance.now() - barredAt > barredMs)
    },
    /** Whether all are refused, from what we remember: Nextcloud is not asked. */
    areRefused: () =>
      usable().then(
        () => false,
        (error) => error instanceof NextcloudError
      )
  }
}
