import type { Pool } from '../db/pool.ts'
import { findOwnLogin, saveOwnLogin } from './own-logins.sql.ts'

/** Our own log-ins as users set Nextcloud's `lastLogin` (fact 13); this tells a person's from ours. */
export type OwnLogins = {
  record(userId: string, window: { from: Date; to: Date }, lastLogin: Date | null): Promise<void>
  /** The person's last login: what Nextcloud says, unless that was us. */
  lastLoginOfPerson(userId: string, said: Date | null): Promise<Date | null>
}

export function createOwnLogins(pool: Pool): OwnLogins {
  return {
    record: (userId, window, lastLogin) => saveOwnLogin(pool, userId, window, lastLogin),
    async lastLoginOfPerson(userId, said) {
      if (said === null) return null
      const own = await findOwnLogin(pool, userId)
      return own && said >= own.from && said <= own.to ? own.lastLogin : said
    }
  }
}
