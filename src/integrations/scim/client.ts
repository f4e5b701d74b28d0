/** What a SCIM client asks for about one user, from who it is about to what is answered. */
import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../http/access.ts'
import type { App } from '../../http/fastify.ts'
import { witnessOf } from '../../http/idempotency.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { placeOf } from '../../operations/operation.ts'
import { readWait } from '../../operations/wait.ts'
import type { World } from '../../world.ts'
import type { Members } from './attributes.ts'
import { type Asking, bringAbout, taken } from './bring-about.ts'
import { directoryOf } from './directory.ts'
import { ScimError } from './errors.ts'
import { nobody } from './people.ts'
import {
  findByExternalId,
  findKnown,
  forgetDeletion,
  freeExternalId,
  type Known,
  saveExternalId
} from './scim.sql.ts'
import type { readUser, Statement } from './statement.ts'
import { activate, deactivate, remove as removal, type Seen, type Verdict } from './verdicts.ts'

/** How long another operation on the user is waited for. Seconds; clients give up after 30 or 60. */
const usualPatience = 20

export function clientOf(app: App, world: World, request: FastifyRequest) {
  const { pool, protection, config } = world
  const caller = callerOf(request)
  const { owner } = caller
  const { people, view } = directoryOf(world, caller)

  const knownOf = async ({ id }: NextcloudUser): Promise<Known | undefined> =>
    (await findKnown(pool, owner, [id])).get(placeOf(id))

  /** @throws DomainError unknown-user also for one whom the client has deleted */
  async function find(userId: string): Promise<NextcloudUser> {
    const user = await people.find(userId)
    if (!user || (await knownOf(user))?.isDeleted) throw nobody(userId)
    return user
  }

  /** @throws DomainError own-account, protected-user */
  const refuseProtected = async (user: NextcloudUser) =>
    protection.refuse(user, await protection.list(), 'Nothing was done.')

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

  async function asking<T>(
    userId: string,
    alongside: Asking['alongside'],
    ask: (asking: Asking) => Promise<T>
  ): Promise<T> {
    const gone = new AbortController()
    const hangUp = () => gone.abort()
    request.raw.socket.once('close', hangUp)
    try {
      return await ask({
        caller,
        userId,
        requestId: request.id,
        alongside,
        witness: witnessOf(request),
        confirm: () => app.confirmCaller(request),
        patience: readWait(request.headers.prefer) ?? usualPatience,
        gone: gone.signal,
        async find() {
          const user = await people.find(userId)
          if (!user) throw nobody(userId)
          return user
        }
      })
    } finally {
      request.raw.socket.off('close', hangUp)
    }
  }

  /** Both at once: whoever is linked is linked in the transaction that begins what is done to that very user. */
  async function carryOut(
    user: NextcloudUser,
    { active, externalId }: Statement,
    { isExplicit, isNew = false }: { isExplicit: boolean; isNew?: boolean }
  ): Promise<Members> {
    if (active === false) await refuseProtected(user)
    await refuseTaken(user, externalId)
    const mail = config.MAIL_VIA
    const decide = (seen: Seen): Verdict => {
      if (active === undefined) return { do: 'nothing' }
      return active ? activate(seen, { owner, isExplicit, mail }) : deactivate(seen)
    }
    await asking(
      user.id,
      async (tx) => {
        if (externalId !== undefined) await saveExternalId(tx, owner, user.id, externalId)
        if (isNew) await forgetDeletion(tx, owner, user.id)
      },
      (asked) => bringAbout(world, asked, decide)
    )
    const now = await people.find(user.id)
    const [told] = now ? await view([now]) : []
    if (!told) throw nobody(user.id)
    return told
  }

  return {
    /**
     * @param isExplicit whether `active: true` was said for its own sake
     * @returns the user as it is once that is recorded
     */
    async change(userId: string, statement: Statement, isExplicit: boolean): Promise<Members> {
      const user = await find(userId)
      await refuseOthers(user, statement)
      return carryOut(user, statement, { isExplicit })
    },

    /** @throws ScimError where Nextcloud has no such user, or several, or the user is linked otherwise */
    async assign({ userName, address, id: _, ...statement }: ReturnType<typeof readUser>): Promise<Members> {
      const user = (await people.find(userName)) ?? (await only(userName, address))
      const known = await knownOf(user)
      const { externalId } = statement
      if (known?.externalId && externalId && known.externalId !== externalId && !known.isDeleted)
        throw new ScimError(409, 'uniqueness', `"${user.id}" has another "externalId". Nothing was done.`)
      return carryOut(user, statement, { isExplicit: known?.isDeleted ?? false, isNew: true })
    },

    /** @param mayDo throws where the key may not; asked once it is known that the user is there */
    async remove(userId: string, after: string, mayDo: () => void): Promise<void> {
      const user = await find(userId)
      mayDo()
      await refuseProtected(user)
      await asking(
        user.id,
        async () => {},
        (asked) => bringAbout(world, asked, (seen) => removal(seen, after))
      )
    }
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
}
