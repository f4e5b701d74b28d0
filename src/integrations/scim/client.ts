/** What a SCIM client asks for about one user, from who it is about to what is answered. */
import type { FastifyRequest } from 'fastify'
import { callerOf } from '../../http/access.ts'
import type { App } from '../../http/fastify.ts'
import { witnessOf } from '../../http/idempotency.ts'
import { whileThere } from '../../http/while-there.ts'
import { NextcloudError } from '../../nextcloud/errors.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { placeOf } from '../../operations/operation.ts'
import { readWait } from '../../operations/wait.ts'
import { nobody } from '../../users/people.ts'
import type { World } from '../../world.ts'
import type { Members } from './attributes.ts'
import { type Asking, bringAbout } from './bring-about.ts'
import { directoryOf } from './directory.ts'
import { ScimError } from './errors.ts'
import { namesOf } from './names.ts'
import { findKnown, forgetDeletion, type Known, saveExternalId } from './scim.sql.ts'
import type { readUser, Statement } from './statement.ts'
import { unseen } from './user.ts'
import { activate, deactivate, remove as removal, type Seen, type Verdict } from './verdicts.ts'

/** How long another operation on the user is waited for. Seconds; clients give up after 30 or 60. */
const usualPatience = 20

export function clientOf(app: App, world: World, request: FastifyRequest) {
  const { pool, protection, config } = world
  const caller = callerOf(request)
  const { owner } = caller
  const { people, view, viewUnseen } = directoryOf(world, caller)
  const { refuseOthers, refuseTaken, only } = namesOf(world, owner, people)

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

  const asking = <T>(
    userId: string,
    alongside: Asking['alongside'],
    ask: (asking: Asking) => Promise<T>
  ): Promise<T> =>
    whileThere(request, (gone) =>
      ask({
        caller,
        userId,
        requestId: request.id,
        alongside,
        witness: witnessOf(request),
        confirm: () => app.confirmCaller(request),
        patience: readWait(request.headers.prefer) ?? usualPatience,
        gone,
        async find() {
          const user = await people.find(userId)
          if (!user) throw nobody(userId)
          return user
        }
      })
    )

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

  /**
   * A leaver is not lost because Nextcloud is away: of a user whom the client was told of before, the off-boarding is
   * recorded all the same, and its first step asks what could not be asked now.
   * @returns what is known of the user; undefined where nobody can tell that there is one
   */
  async function onTrust(
    userId: string,
    { id, externalId }: Statement,
    error: unknown
  ): Promise<Members | undefined> {
    const isAway = error instanceof NextcloudError
    // Whether the user is one of the key's groups only Nextcloud can tell.
    const known =
      isAway && !caller.groups ? (await findKnown(pool, owner, [userId])).get(placeOf(userId)) : undefined
    if (!known || known.isDeleted || (id !== undefined && placeOf(id) !== known.place)) return undefined
    const user = unseen(known)
    await asking(
      user.id,
      async (tx) => {
        if (externalId !== undefined) await saveExternalId(tx, owner, user.id, externalId)
      },
      (asked) => bringAbout(world, { ...asked, find: async () => user }, deactivate)
    )
    return viewUnseen(user)
  }

  return {
    /**
     * @param isExplicit whether `active: true` was said for its own sake
     * @returns the user as it is once that is recorded
     */
    async change(userId: string, statement: Statement, isExplicit: boolean): Promise<Members> {
      try {
        const user = await find(userId)
        await refuseOthers(user, statement)
        return await carryOut(user, statement, { isExplicit })
      } catch (error) {
        const told = statement.active === false && (await onTrust(userId, statement, error))
        if (!told) throw error
        return told
      }
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
}
