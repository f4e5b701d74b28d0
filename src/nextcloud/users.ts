import { storable } from '../db/storable.ts'
import type { Secret } from '../secret.ts'
import { unexpectedCode } from './answer.ts'
import { NextcloudError } from './errors.ts'
import type { Grant, Limits } from './limits.ts'
import type { Call } from './transport.ts'
import type { Wire } from './wire.ts'

/** A user as Nextcloud's details tell it. */
export type NextcloudUser = {
  /** As Nextcloud writes it: ids resolve case-insensitively, and this is the one to go on with. */
  id: string
  displayName: string
  /** Where Nextcloud mails to: `notify_email`, else `email` (fact 14). */
  mailAddress: string | null
  enabled: boolean
  /** `Database`, `LDAP`, `user_saml` … */
  backend: string
  /** False for directory users: their password is kept elsewhere. */
  canSetPassword: boolean
  language: string | null
  groups: string[]
  /** As Nextcloud says, our own log-ins included; null: never. */
  lastLogin: Date | null
}

export type UserPage = {
  users: NextcloudUser[] /** Fewer than asked may come while there are more: page until this is 0. */
  received: number
}

// These ids reach other routes of the same path; such users are found by search.
const shadowed = new Set(['details', 'disabled', 'recent'])

export function userCalls(wire: Wire, limits: Limits) {
  /** @throws NextcloudError unknown-user */
  async function getUser(id: string, signal?: AbortSignal): Promise<NextcloudUser> {
    if (shadowed.has(id)) return findShadowed(id, signal)
    const call: Call = {
      method: 'GET',
      path: `/cloud/users/${encodeURIComponent(id)}`,
      name: 'get user',
      ...(signal && { signal })
    }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 404 || envelope.statuscode === 998) throw unknownUser(id)
    const user = envelope.statuscode === 200 ? toUser(envelope.data) : undefined
    if (!user) throw unexpectedCode(call, envelope)
    // Whatever answered, no other user may ever be acted on.
    if (user.id.toLowerCase() !== id.toLowerCase()) {
      // From 33 on an id that nobody has reaches whoever has it as mail address.
      throw id.includes('@') ? unknownUser(id) : unexpectedCode(call, envelope)
    }
    return user
  }

  async function findShadowed(id: string, signal?: AbortSignal): Promise<NextcloudUser> {
    const page = await listUsers({ search: id, limit: 100, offset: 0 }, signal)
    const found = page?.users.find((user) => user.id === id)
    if (!found) throw unknownUser(id)
    return found
  }

  /** @param query.group members of this group only. @returns undefined for an unknown group */
  async function listUsers(
    query: { search?: string; group?: string; limit: number; offset: number },
    signal?: AbortSignal
  ): Promise<UserPage | undefined> {
    const within = query.group === undefined ? '/cloud' : `/cloud/groups/${encodeURIComponent(query.group)}`
    const search = query.search === undefined ? '' : `&search=${encodeURIComponent(query.search)}`
    const call: Call = {
      method: 'GET',
      path: `${within}/users/details?limit=${query.limit}&offset=${query.offset}${search}`,
      name: 'list users',
      ...(signal && { signal })
    }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 404 || envelope.statuscode === 998) return undefined
    const page = (envelope.data as { users?: unknown } | null)?.users
    if (envelope.statuscode !== 200 || typeof page !== 'object' || page === null)
      throw unexpectedCode(call, envelope)
    // An object by id, or `[]` where it is empty. Backends can hold the same id: deduplicated by the key.
    const users = Object.values(page)
      .map(toUser)
      .filter((user) => user !== undefined)
    return { users, received: Object.keys(page).length }
  }

  /** The ids of all users, in the order in which `listUsers` pages; the directories' included. */
  const listUserIds = async (): Promise<string[]> => (await idsAt('/cloud/users'))!

  /** The ids of a group's members. @returns undefined for an unknown group */
  const listMemberIds = (group: string): Promise<string[] | undefined> =>
    idsAt(`/cloud/groups/${encodeURIComponent(group)}/users`)

  async function idsAt(path: string): Promise<string[] | undefined> {
    const call: Call = { method: 'GET', path, name: 'list user ids' }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 404 || envelope.statuscode === 998) return undefined
    const ids = (envelope.data as { users?: unknown } | null)?.users
    if (envelope.statuscode !== 200 || typeof ids !== 'object' || ids === null)
      throw unexpectedCode(call, envelope)
    // Numeric ids come as JSON numbers, and several backends can hold the same one.
    return [...new Set(Object.values(ids).map(String))]
  }

  /** Ids of the groups that Nextcloud finds by this, in id or name. */
  async function findGroups(search: string): Promise<string[]> {
    const path = `/cloud/groups?search=${encodeURIComponent(search)}`
    const call: Call = { method: 'GET', path, name: 'find groups' }
    const envelope = await wire.ocs(call)
    const groups = (envelope.data as { groups?: unknown } | null)?.groups
    if (envelope.statuscode !== 200 || typeof groups !== 'object' || groups === null)
      throw unexpectedCode(call, envelope)
    return Object.values(groups).map((group) => storable(String(group)))
  }

  /**
   * @returns `unverified` where server-side encryption made it fail although the password was probably
   *   changed (fact 8): only a log-in tells
   * @throws NextcloudError password-refused, cannot-set-password, unknown-user, effect-unknown
   */
  async function setPassword(id: string, password: Secret, grant: Grant): Promise<'set' | 'unverified'> {
    const call: Call = {
      method: 'PUT',
      path: `/cloud/users/${encodeURIComponent(id)}`,
      name: 'set password',
      form: { key: 'password', value: password.reveal() },
      effect: true
    }
    const { statuscode, message } = await limits.spend(grant, (beforeSend) =>
      wire.ocs({ ...call, beforeSend }, grant.account)
    )
    if (statuscode === 200) return 'set'
    if (statuscode === 998 || statuscode === 404) throw unknownUser(id)
    if (statuscode === 112) {
      throw new NextcloudError('cannot-set-password', 'The backend of this user cannot set passwords.')
    }
    // Fact 8: with server-side encryption this is said although the password was changed.
    if (statuscode === 107 && /recovery key/i.test(message)) return 'unverified'
    if (statuscode === 107 || statuscode === 101) {
      const said = repeats(message, password) ? '' : ` It said: "${storable(message.slice(0, 200))}"`
      throw new NextcloudError(
        'password-refused',
        `Nextcloud refused the random password, so nothing was changed.${said}`
      )
    }
    throw unexpectedCode(call, { statuscode })
  }

  return { getUser, listUsers, listUserIds, listMemberIds, findGroups, setPassword }
}

/** Whether a message holds any piece of the password, also one that a server escaped in parts. */
function repeats(message: string, password: Secret): boolean {
  const secret = password.reveal()
  return Array.from({ length: secret.length - 4 }, (_, i) => secret.slice(i, i + 5)).some((piece) =>
    message.includes(piece)
  )
}

export const unknownUser = (id: string) =>
  new NextcloudError('unknown-user', `Nextcloud has no user "${id}".`)

function toUser(data: unknown): NextcloudUser | undefined {
  const raw = data as Record<string, unknown> | null
  // Numeric ids can come as JSON numbers.
  const id = typeof raw?.id === 'number' ? String(raw.id) : raw?.id
  if (!raw || typeof id !== 'string' || id === '' || typeof raw.enabled !== 'boolean') return undefined
  const text = (value: unknown) => (typeof value === 'string' && value !== '' ? storable(value) : null)
  const capabilities = raw.backendCapabilities as { setPassword?: unknown } | undefined
  const lastLogin = typeof raw.lastLogin === 'number' ? raw.lastLogin : 0
  return {
    id,
    displayName: text(raw.displayname) ?? id,
    mailAddress: text(raw.notify_email) ?? text(raw.email),
    enabled: raw.enabled,
    backend: text(raw.backend) ?? 'unknown',
    // Only a plain yes is a yes: a missing capability must not lead to a PUT.
    canSetPassword: capabilities?.setPassword === true,
    language: text(raw.language),
    groups: Array.isArray(raw.groups) ? raw.groups.map((group) => storable(String(group))) : [],
    lastLogin: lastLogin > 0 ? new Date(lastLogin) : null
  }
}
