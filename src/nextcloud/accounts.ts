import { unexpectedCode } from './answer.ts'
import { NextcloudError } from './errors.ts'
import type { Envelope } from './ocs.ts'
import type { Call } from './transport.ts'
import { type NextcloudUser, unknownUser } from './users.ts'
import type { Wire } from './wire.ts'

/** What has to be read before or after a change. */
export type AccountReads = {
  getUser(id: string): Promise<NextcloudUser>
  twoFactorProviders(id: string): Promise<string[]>
}

/**
 * What an admin does to an account besides its password. None of it is limited (fact 5). All take the id as Nextcloud
 * writes it.
 * @param deleteMs how long deleting an account may take: its files go with it
 */
export function accountCalls(wire: Wire, reads: AccountReads, deleteMs: number) {
  const pathOf = (id: string) => `/cloud/users/${encodeURIComponent(id)}`

  /**
   * Every credential of the user gets 401 from now on, and works again once enabled (fact 2). Already disabled is fine.
   * @throws NextcloudError unknown-user, also for the account of Locksmith itself
   */
  const disableUser = (id: string): Promise<void> => setEnabled(id, 'disable')

  /** Sessions and app passwords that were not revoked work again (fact 2). @throws NextcloudError unknown-user */
  const enableUser = (id: string): Promise<void> => setEnabled(id, 'enable')

  async function setEnabled(id: string, what: 'disable' | 'enable'): Promise<void> {
    const call: Call = { method: 'PUT', path: `${pathOf(id)}/${what}`, name: `${what} user`, effect: true }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 200) return
    // 101 for one that is not there, unlike elsewhere.
    if ([101, 998, 404].includes(envelope.statuscode)) throw unknownUser(id)
    throw unexpectedCode(call, envelope)
  }

  /**
   * Has each device erase its data when it next asks, which works while the user is disabled. Its token becomes a
   * mark: it gives no access any more, and must not be deleted (fact 9).
   * @throws NextcloudError unknown-user
   */
  async function wipeDevices(id: string): Promise<void> {
    const call: Call = { method: 'POST', path: `${pathOf(id)}/wipe`, name: 'wipe devices', effect: true }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 200) return
    if (envelope.statuscode === 998 || envelope.statuscode === 404) throw unknownUser(id)
    throw unexpectedCode(call, envelope)
  }

  /**
   * The account and all its files, for good. The user is read once more before: from 33 on an id that nobody has
   * reaches whoever has it as mail address.
   * @throws NextcloudError not-allowed where the backend keeps it; effect-unknown
   */
  async function deleteUser(id: string): Promise<'deleted' | 'not-there'> {
    const isThere = await reads.getUser(id).then(
      () => true,
      (error) => {
        if (error instanceof NextcloudError && error.variant === 'unknown-user') return false
        throw error
      }
    )
    if (!isThere) return 'not-there'
    const call: Call = {
      method: 'DELETE',
      path: pathOf(id),
      name: 'delete user',
      effect: true,
      timeoutMs: deleteMs
    }
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 200) return 'deleted'
    if (envelope.statuscode === 998 || envelope.statuscode === 404) return 'not-there'
    if (envelope.statuscode === 101) {
      throw new NextcloudError(
        'not-allowed',
        'Nextcloud did not delete the user: the directory that it comes from still has it, an app objects, or it is the account of Locksmith.'
      )
    }
    throw unexpectedCode(call, envelope)
  }

  /**
   * Not a member, and no such group, are fine. A group of a directory is not left, and Nextcloud does not say so: read
   * the user's groups again.
   * @throws NextcloudError unknown-user, not-allowed
   */
  async function removeFromGroup(id: string, group: string): Promise<void> {
    const call = groupCall('DELETE', id, group)
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 200 || envelope.statuscode === 102) return
    throw groupFailure(call, envelope, id)
  }

  /** @throws NextcloudError unknown-user, not-allowed */
  async function addToGroup(id: string, group: string): Promise<'added' | 'unknown-group'> {
    const call = groupCall('POST', id, group)
    const envelope = await wire.ocs(call)
    if (envelope.statuscode === 200) return 'added'
    if (envelope.statuscode === 102) return 'unknown-group'
    throw groupFailure(call, envelope, id)
  }

  /** The group stands in the form as it is: slashes, percent signs and spaces are taken by all versions. */
  const groupCall = (method: 'POST' | 'DELETE', id: string, group: string): Call => ({
    method,
    path: `${pathOf(id)}/groups`,
    name: method === 'POST' ? 'add to group' : 'remove from group',
    form: { groupid: group },
    effect: true
  })

  function groupFailure(call: Call, envelope: Envelope, id: string): NextcloudError {
    const { statuscode } = envelope
    if (statuscode === 103 || statuscode === 998 || statuscode === 404) return unknownUser(id)
    if (statuscode === 104 || statuscode === 105) {
      return new NextcloudError(
        'not-allowed',
        `The account of Locksmith may not do this (${call.name}): it must be in the group admin, and cannot leave it itself.`
      )
    }
    return unexpectedCode(call, envelope)
  }

  /**
   * For good: the user would have to set it up again. One by one, since Nextcloud stops at the first that it does not
   * know.
   * @param providers such as `totp`, as `twoFactorProviders` gives them
   * @throws NextcloudError second-factor-kept, naming those that an admin cannot remove; the others are removed
   */
  async function removeSecondFactors(id: string, providers: string[]): Promise<void> {
    for (const provider of providers) {
      const call: Call = {
        method: 'POST',
        path: '/twofactor/disable',
        name: 'remove second factor',
        form: { user: id, 'providers[]': provider },
        effect: true,
        // 500/996 for one whose app is gone or switched off.
        readsInnerFailures: true
      }
      const envelope = await wire.ocs(call)
      if (envelope.statuscode === 404 || envelope.statuscode === 998) throw unknownUser(id)
      if (envelope.statuscode !== 200 && envelope.statuscode !== 996) throw unexpectedCode(call, envelope)
    }
    // 200 is said also for those that only their user can remove.
    const kept = (await reads.twoFactorProviders(id)).filter((provider) => providers.includes(provider))
    if (kept.length > 0) {
      throw new NextcloudError(
        'second-factor-kept',
        `An admin cannot remove this second factor of the user: ${kept.join(', ')}. Its app does not allow it, or is switched off.`
      )
    }
  }

  return {
    disableUser,
    enableUser,
    wipeDevices,
    deleteUser,
    removeFromGroup,
    addToGroup,
    removeSecondFactors
  }
}
