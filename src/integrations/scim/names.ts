/** Whom a client means: it has names of its own for users, and several of them in one request. */
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { placeOf } from '../../operations/operation.ts'
import type { People } from '../../users/people.ts'
import type { World } from '../../world.ts'
import { taken } from './bring-about.ts'
import { ScimError } from './errors.ts'
import { findByExternalId, freeExternalId } from './scim.sql.ts'
import type { Statement } from './statement.ts'

export function namesOf({ pool }: World, owner: string, people: People) {
  /** @throws ScimError where the names are not, or not only, those of the user of the URL */
  async function refuseOthers(user: NextcloudUser, { id, userName }: Statement): Promise<void> {
    const place = placeOf(user.id)
    if (id !== undefined && placeOf(id) !== place)
      throw new ScimError(400, 'invalidValue', `The "id" is not that of "${user.id}". Nothing was done.`)
    if (userName === undefined || placeOf(userName) === place) return
    // Clients have names of their own for a user. Only one that is somebody else's here is a mistake.
    if (await people.find(userName))
      throw new ScimError(
        409,
        'uniqueness',
        `"${userName}" is another user than "${user.id}". Nothing was done.`
      )
  }

  /** @throws ScimError uniqueness where another user has it who is still there */
  async function refuseTaken(user: NextcloudUser, externalId: string | null | undefined): Promise<void> {
    if (externalId === undefined || externalId === null) return
    const other = await findByExternalId(pool, owner, externalId)
    if (!other || other.place === placeOf(user.id)) return
    const isGone = other.isStale || other.isDeleted || !(await people.find(other.userId))
    if (!isGone) throw taken(`"${other.userId}"`)
    await freeExternalId(pool, owner, externalId)
  }

  /** The one user with the address that a client has for its own. */
  async function only(userName: string, address: string | undefined): Promise<NextcloudUser> {
    const addresses = new Set([userName, address ?? ''].filter((each) => each.includes('@')))
    const found = new Map<string, NextcloudUser>()
    for (const each of addresses)
      for (const user of await people.findByAddress(each)) found.set(placeOf(user.id), user)
    const [one, another] = found.values()
    if (another)
      throw new ScimError(
        409,
        'uniqueness',
        `Several users of Nextcloud have the mail address of "${userName}". Nothing was done: send the id in Nextcloud as "userName".`
      )
    if (one) return one
    throw new ScimError(
      400,
      'invalidValue',
      `Nextcloud has no user "${userName}", nor one with that mail address. Nothing was done: accounts are made by Nextcloud's own login, not by Locksmith. Send it again after the first login.`
    )
  }

  return { refuseOthers, refuseTaken, only }
}
