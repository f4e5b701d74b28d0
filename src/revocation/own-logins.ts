import type { Pool } from '../db/pool.ts'
import { findOwnLogins, saveOwnLogin } from './own-logins.sql.ts'

/** Our own log-ins as users set Nextcloud's `lastLogin` (fact 13); this tells a person's from ours. */
export type OwnLogins = {
  record(userId: string, window: { from: Date; to: Date }, lastLogin: Date | null): Promise<void>
  /** The person's last login: what Nextcloud says, unless that was us. */
  lastLoginOfPerson(userId: string, said: Date | null): Promise<Date | null>
  /** The same for many at once: the users, each with that last login. */
  ofPersons<T extends { id: string; lastLogin: Date | null }>(users: T[]): Promise<T[]>
}

export function createOwnLogins(pool: Pool): OwnLogins {
  const ofPersons: OwnLogins['ofPersons'] = async (users) => {
    const own = await findOwnLogins(
      pool,
      users.flatMap(({ id, lastLogin }) => (lastLogin === null ? [] : [id]))
    )
    return users.map((user) => {
      const ours = own.get(user.id.toLowerCase())
      const isOurs = ours && user.lastLogin! >= ours.from && user.lastLogin! <= ours.to
      return isOurs ? { ...user, lastLogin: ours.lastLogin } : user
    })
  }
  return {
    record: (userId, window, lastLogin) => saveOwnLogin(pool, userId, window, lastLogin),
    lastLoginOfPerson: async (id, lastLogin) => (await ofPersons([{ id, lastLogin }]))[0]!.lastLogin,
    ofPersons
  }
}
