/** Whom Locksmith never touches, whoever asks and by whatever name. */
import { DomainError } from '../errors.ts'
import type { Nextcloud } from '../nextcloud/client.ts'
import { remembered } from '../nextcloud/remembered.ts'
import type { NextcloudUser } from '../nextcloud/users.ts'
import { type ProtectedList, resolveOwn, resolveProtected } from './resolve.ts'

/** As it is configured: names that people wrote, in any case. */
export type ProtectSettings = { admins: boolean; users: string[]; groups: string[] }

export type Protection = {
  /** The names as Nextcloud has them, asked for at most every 30 s. @throws NextcloudError, DomainError protected-users-unresolved */
  list(): Promise<ProtectedList>
  /** Nextcloud need not be asked for those whom the settings name. @throws DomainError own-account, protected-user */
  refuseByName(userId: string): void
  /**
   * @param user as Nextcloud told just now: groups change
   * @param soFar what was and was not done, for the refusal
   * @throws DomainError own-account, protected-user
   */
  refuse(user: Pick<NextcloudUser, 'id' | 'groups'>, list: ProtectedList, soFar: string): void
}

const rememberMs = 30_000
const nothing = 'Nothing was changed.'

export function createProtection(
  nextcloud: Pick<Nextcloud, 'adminUsers' | 'examine' | 'getUser' | 'listUsers' | 'findGroups'>,
  settings: ProtectSettings
): Protection {
  const own = resolveOwn(nextcloud)
  return {
    list: remembered(rememberMs, async () => resolveProtected(nextcloud, settings, await own())),
    refuseByName(userId) {
      if (has(nextcloud.adminUsers, userId)) throw ownAccount(userId, nothing)
      if (has(settings.users, userId)) throw protectedUser(userId, 'PROTECTED_USERS names it', nothing)
    },
    refuse({ id, groups }, list, soFar) {
      if (has(list.own, id)) throw ownAccount(id, soFar)
      if (has(list.users, id)) throw protectedUser(id, 'PROTECTED_USERS names it', soFar)
      if (settings.admins && groups.includes('admin'))
        throw protectedUser(id, 'it is in the group admin, whose members are (PROTECT_ADMINS)', soFar)
      const group = groups.find((each) => has(list.groups, each))
      if (group !== undefined)
        throw protectedUser(id, `it is in the group "${group}", which PROTECTED_GROUPS names`, soFar)
    }
  }
}

/** Nextcloud takes `Alice` for `alice`; a group that differs in case alone is protected rather than not. */
const has = (names: string[], name: string) => names.some((each) => each.toLowerCase() === name.toLowerCase())

/** Its own admin account would be the last that Locksmith ever reset: nothing could be finished without it. */
const ownAccount = (id: string, soFar: string) =>
  new DomainError(
    'own-account',
    `"${id}" is the account by which Locksmith works on Nextcloud. ${soFar} Change it by hand, and then NEXTCLOUD_ADMIN_PASSWORD.`
  )

const protectedUser = (id: string, because: string, soFar: string) =>
  new DomainError(
    'protected-user',
    `The user "${id}" is protected: ${because}. ${soFar} Whoever has to change this account does so in Nextcloud itself.`
  )
