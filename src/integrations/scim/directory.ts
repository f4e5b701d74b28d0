/** Users with what is known and decided of them, as a client may see them. */
import type { Caller } from '../../access/scope.ts'
import type { NextcloudUser } from '../../nextcloud/users.ts'
import { placeOf } from '../../operations/operation.ts'
import { peopleOf } from '../../users/people.ts'
import type { World } from '../../world.ts'
import type { Members } from './attributes.ts'
import { type Query, readFilter } from './filter.ts'
import { project } from './projection.ts'
import { findByExternalId, findDeleted, findKnown } from './scim.sql.ts'
import { findStandings } from './standing.ts'
import { urn } from './urns.ts'
import { viewOf } from './user.ts'

export const userLookups = ['id', 'username', 'externalid', 'emails.value'] as const

export function directoryOf({ pool, nextcloud, config }: World, caller: Caller) {
  const people = peopleOf(nextcloud, caller)
  const { owner } = caller

  /** Whom the client has deleted is not among them (RFC 7644, section 3.6). */
  async function view(users: NextcloudUser[]): Promise<Members[]> {
    const ids = users.map(({ id }) => id)
    const [known, standing] = await Promise.all([findKnown(pool, owner, ids), findStandings(pool, ids)])
    return users.flatMap((user) => {
      const of = known.get(placeOf(user.id))
      if (of?.isDeleted) return []
      return [viewOf({ user, standing: standing(user.id), known: of }, caller, config.publicOrigin)]
    })
  }

  /** Of a user whom Nextcloud could not be asked about: what was decided, and no more. */
  async function viewUnseen(user: NextcloudUser): Promise<Members> {
    const [known, standing] = await Promise.all([
      findKnown(pool, owner, [user.id]),
      findStandings(pool, [user.id])
    ])
    const told = { user, standing: standing(user.id), known: known.get(placeOf(user.id)) }
    const isDecided = told.standing.open ?? told.standing.offboarded
    return project(viewOf(told, caller, config.publicOrigin), {
      attributes: `externalId,userName,meta,${urn.operation}${isDecided ? ',active' : ''}`
    })
  }

  async function lookUp({ by, value }: Query): Promise<NextcloudUser[]> {
    if (by === 'emails.value') return people.findByAddress(value)
    const known = by === 'externalid' ? await findByExternalId(pool, owner, value) : undefined
    if (by === 'externalid' && (!known || known.isStale)) return []
    const user = await people.find(known?.userId ?? value)
    return user ? [user] : []
  }

  /** @throws ScimError invalidFilter, tooMany */
  async function search(filter: string): Promise<Members[]> {
    const query = readFilter(filter, userLookups)
    return (await view(await lookUp(query))).filter(query.isMeant)
  }

  /** All that the key is for, in Nextcloud's order. */
  async function page(offset: number, count: number): Promise<{ total: number; resources: Members[] }> {
    const [all, deleted] = await Promise.all([people.ids(), findDeleted(pool, owner)])
    const ids = all.filter((id) => !deleted.has(placeOf(id)))
    const users = await people.findAll(ids.slice(offset, offset + count), offset)
    return { total: ids.length, resources: await view(users) }
  }

  return { people, view, viewUnseen, search, page }
}
