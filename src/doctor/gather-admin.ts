import { resolveProtected } from '../guard/resolve.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { type Asked, answered, skipped } from './asked.ts'
import type { AdminFacts, ExAppFacts, Facts } from './facts.ts'
import type { Subject, Within } from './gather.ts'
import { isAbove } from './versions.ts'

/**
 * Each account is asked about with one call. Only where Nextcloud took the credential it is used for more, and one
 * that was refused before is not sent at all: the gate sees to that.
 */
export async function askAdmins(
  { examine, adminUsers, adminsWithAppPassword }: Nextcloud,
  within: Within,
  barred: Asked<never> | undefined
): Promise<AdminFacts[]> {
  return Promise.all(
    adminUsers.map(async (user, at): Promise<AdminFacts> => {
      const account = barred ?? (await within(9_000, (signal) => examine.account(user, signal)))
      return {
        user,
        variable: at === 0 ? 'NEXTCLOUD_ADMIN_PASSWORD' : 'NEXTCLOUD_MORE_ADMINS',
        looksLikeAppPassword: adminsWithAppPassword.includes(user),
        account,
        confirmed: skipped(`Nextcloud did not take the account ${user}: see admin-account.`)
      }
    })
  )
}

type AsAdmin = Pick<
  Facts,
  | 'admins'
  | 'protectedList'
  | 'apps'
  | 'setupChecks'
  | 'remoteAddress'
  | 'ratesLifted'
  | 'policy'
  | 'enforcement'
  | 'encryption'
  | 'exApp'
>

/** What is asked with an account that Nextcloud took a moment ago. */
export async function askAsAdmin(
  subject: Subject,
  within: Within,
  admins: AdminFacts[],
  barred: Asked<never> | undefined
): Promise<AsAdmin> {
  const { config, nextcloud } = subject
  const { examine, twoFactorEnforcement } = nextcloud
  const isThere = admins.some(isAdmin)
  const why = barred ?? (isThere ? undefined : skipped('No admin account can be used: see admin-account.'))
  const asked = <T>(work: (signal: AbortSignal) => Promise<T>) => why ?? within(18_000, work)
  // The slowest first: two calls with a password are made at a time.
  const [
    setupChecks,
    confirmed,
    protectedList,
    apps,
    remoteAddress,
    ratesLifted,
    policy,
    enforcement,
    encryption,
    exApp
  ] = await Promise.all([
    asked(examine.setupChecks),
    Promise.all(
      admins.map(({ user, account, confirmed }) =>
        account.kind === 'answered'
          ? within(18_000, (signal) => examine.passwordConfirmed(user, signal))
          : (barred ?? confirmed)
      )
    ),
    asked(() => resolveProtected(nextcloud, config.protect, admins.map(idOf))),
    asked(examine.apps),
    asked(examine.remoteAddress),
    asked(examine.ratesLifted),
    asked(examine.passwordPolicy),
    asked(twoFactorEnforcement),
    asked(examine.encryption),
    askExApp(subject, within, why)
  ])
  return {
    admins: admins.map((admin, at) => ({ ...admin, confirmed: confirmed[at]! })),
    protectedList,
    apps,
    setupChecks,
    remoteAddress,
    ratesLifted,
    policy,
    enforcement,
    encryption,
    exApp
  }
}

/** As Nextcloud writes it, where it said so. */
const idOf = ({ user, account }: AdminFacts) => (account.kind === 'answered' ? account.value.id : user)

/** Whether Nextcloud took it, and may tell it more than it tells everybody. */
const isAdmin = ({ account }: AdminFacts) =>
  account.kind === 'answered' && account.value.groups.includes('admin')

/** A secret that was refused once is not sent again, as an admin's password is not. */
async function askExApp(
  { config, nextcloud }: Subject,
  within: Within,
  barred: Asked<never> | undefined
): Promise<Asked<ExAppFacts>> {
  const app = config.appApi
  if (!app) return skipped('APPAPI_ID is not set.')
  if (barred) return barred
  const { examine } = nextcloud
  const registered = await within(9_000, (signal) => examine.exApp(app.id, signal))
  if (registered.kind !== 'answered') return registered
  const known = registered.value
  if (!known) return answered({ registered: undefined, taken: skipped('It is not registered.') })
  // One above the registered one would be written down there.
  const version = isAbove(app.version, known.version) ? known.version : app.version
  const taken = await within(
    9_000,
    async (signal) => (await nextcloud.appApiState({ version, signal })) !== 'refused'
  )
  return answered({ registered: known, taken })
}
