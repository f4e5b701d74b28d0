import type { Random } from '../faults/harness/random.ts'
import { aboutOneUser, aboutOthers, type Command, commandFor, variants } from './commands.ts'

/** The log-ins of Locksmith: by a mail address, and in another case than the id. */
export const admin = { user: 'Locksmith', password: 'Locksmith-Password-4711' }
export const logins = [
  { user: 'LOCKSMITH@acme.example', password: admin.password },
  { user: 'HELPER', password: 'Helper-Password-4711' }
]

/** Whoever is protected all the time, one of each kind. */
export const always = [
  { id: 'Locksmith', groups: ['admin'], email: 'locksmith@acme.example' },
  { id: 'Helper', groups: ['admin'] },
  { id: 'Boss' },
  { id: 'Board Secretary' },
  { id: 'chair@acme.example', email: 'the.chair@acme.example' },
  { id: 'root', groups: ['admin', 'sales'] },
  { id: 'Member.One', groups: ['Board Room'] },
  { id: "o'hara", groups: ['sales', 'Board Room'] }
]

/** How the settings name them. */
export const settings = (listed: Iterable<string>) => ({
  PROTECTED_USERS: `boss, BOARD SECRETARY\nChair@acme.example,${[...listed].join(',')}`,
  PROTECTED_GROUPS: 'board room'
})

/** Whoever is protected now and then. */
export const others = Array.from({ length: 100 }, (_, n) => `user${n}`)

export const addressOf = (id: string) =>
  always.find((each) => each.id === id)?.email ?? `${id.toLowerCase()}@x.example`

/** What a refusal may say, where the name is one that Nextcloud takes for the user, and where it is not. */
const asProtected = ['protected-user', 'own-account']
const asNobody = [...asProtected, 'unknown-user', 'invalid-user-id', 'not-found', 'unknown-token']

export type Played = { command: Command; why: string; refusals: string[] }

/** @param ids operations that there are; @param since RFC 3339 */
export function generate(random: Random, ids: string[], since: string): Played {
  const chance = random.next()
  if (chance < 0.015 && ids.length > 0) {
    // An undo cancels all deletions that were put off: not too many of them, or none would ever begin.
    const route = random.next() < 0.05 ? 'POST /operations/undo' : random.pick(aboutOthers.slice(0, 2))
    const path = route
      .replace('POST ', '')
      .replace('{operationId}', random.pick(ids))
      .replace('/undo', `/undo?since=${since}`)
    return { command: { route, method: 'POST', path }, why: route, refusals: [] }
  }
  const isOther = chance < 0.17
  const id = isOther ? random.pick(others) : random.pick(always).id
  const why = isOther ? random.pick(['plain', 'upper', 'escaped']) : random.pick(Object.keys(variants))
  const { write, same } = variants[why]!
  const command = commandFor(random, random.pick(Object.keys(aboutOneUser)), id, write(id, addressOf(id)))
  // Whom a SCIM client has deleted is nobody to it, protected or not.
  const isNobody = !same || command.route.includes(' /scim/')
  return { command, why, refusals: isNobody ? asNobody : asProtected }
}
