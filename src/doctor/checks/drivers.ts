import { unanswered } from '../asked.ts'
import type { Finding } from '../check.ts'
import type { Facts } from '../facts.ts'

const how: Record<string, string> = {
  session: 'by logging in as the user with a new password',
  occ: 'by occ',
  sql: "in Nextcloud's database",
  wipe: 'by remote wipe'
}

/** Each way to revoke that there is, and whether it works. */
export const checkDrivers = (facts: Facts): Finding[] =>
  facts.drivers.map((driver) => ({ ...judge(driver, facts), about: driver.name }))

function judge({ name: driver, probe }: Facts['drivers'][number], facts: Facts): Finding {
  const name = 'driver'
  const without = unanswered(name, probe)
  if (without || probe.kind !== 'answered') return without!
  const { value } = probe
  const way = `Revoking ${how[driver] ?? `by ${driver}`}`
  if (!value.works)
    return { name, state: 'error', found: `${way} cannot work: ${value.because}`, mend: value.mend }
  if (driver === 'session' && !facts.admins.some(mayChangeUsers))
    return {
      name,
      state: 'skipped',
      found: `${way} needs an admin account that may change users: see admin-account and admin-password.`
    }
  return { name, state: 'ok', found: `${way} works.` }
}

const mayChangeUsers = ({ account, confirmed }: Facts['admins'][number]) =>
  account.kind === 'answered' &&
  account.value.groups.includes('admin') &&
  confirmed.kind === 'answered' &&
  confirmed.value
