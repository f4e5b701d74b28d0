import { isAdmin, mayManage } from '../model/groups.ts'
import type { Nextcloud } from '../model/nextcloud.ts'
import type { User } from '../model/users.ts'

const federated = new Set(['avatar', 'email', 'displayname', 'pronouns'])
const scope = (property: string): string => (federated.has(property) ? 'v2-federated' : 'v2-local')

/**
 * A user as the provisioning API shows them to the viewer; undefined when it shows nothing.
 * `scopes`: people looking at themselves get the visibility of each property too.
 */
export function userDetails(
  nextcloud: Nextcloud,
  viewer: User,
  user: User,
  scopes: boolean
): Record<string, unknown> | undefined {
  if (viewer !== user && !mayManage(viewer, user)) return undefined
  const data: Record<string, unknown> = { enabled: user.enabled }
  if (isAdmin(viewer)) data.storageLocation = `/var/www/html/data/${user.id}`
  const put = (name: string, value: unknown): void => {
    data[name] = value
    if (scopes) data[`${name}Scope`] = scope(name)
  }
  Object.assign(data, {
    id: user.id,
    firstLoginTimestamp: user.firstLogin,
    lastLoginTimestamp: user.lastLogin,
    lastLogin: user.lastLogin * 1000,
    backend: user.backend,
    subadmin: user.subadminOf,
    quota: { free: -3, used: 0, total: -3, relative: 0, quota: user.quota === 'none' ? -3 : user.quota },
    manager: user.manager
  })
  if (scopes) data.avatarScope = scope('avatar')
  put('email', user.email)
  data.additional_mail = user.additionalMail
  if (scopes) data.additional_mailScope = user.additionalMail.map(() => 'v2-federated')
  data.displayname = user.displayName
  data['display-name'] = user.displayName
  if (scopes) data.displaynameScope = scope('displayname')
  for (const property of nextcloud.quirks.profile) {
    put(property, user.profile[property] ?? (property === 'profile_enabled' ? '1' : ''))
  }
  Object.assign(data, {
    groups: user.groups,
    language: user.language,
    locale: user.locale,
    ...(nextcloud.quirks.hasTimezone && { timezone: user.timezone }),
    notify_email: user.notifyEmail,
    backendCapabilities: {
      setDisplayName: user.backend === 'Database',
      setPassword: user.backend === 'Database'
    }
  })
  return data
}

/** An object by id, or `[]` when there is nobody (PHP knows no difference). */
export function byId(nextcloud: Nextcloud, viewer: User, users: User[]): Record<string, unknown> | [] {
  if (users.length === 0) return []
  // Members that cannot be seen are named only. Integer-like ids come first, as JavaScript orders them.
  return Object.fromEntries(
    users.map((user) => [user.id, userDetails(nextcloud, viewer, user, false) ?? { id: user.id }])
  )
}

/** PHP makes integers of array keys that look like them: numeric ids are JSON numbers. */
export function listedId(id: string): string | number {
  return /^(0|-?[1-9]\d{0,17})$/.test(id) ? Number(id) : id
}
