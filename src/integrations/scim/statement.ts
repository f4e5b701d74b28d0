/** What a client says of a user: the part of it that Locksmith acts on. Everything else is Nextcloud's. */
import { isMembers, type Members, member, readActive, readExternalId, readText } from './attributes.ts'
import { ScimError } from './errors.ts'

export type Statement = {
  /** undefined: nothing is said of it, so it stays as it is. */
  active?: boolean
  /** null: it is taken away. */
  externalId?: string | null
  /** The names that it gives the user. It is meant for the user of the URL, or refused. */
  id?: string
  userName?: string
}

/** Each attribute that is acted on, and how its value is read. */
const readers = {
  active: readActive,
  externalid: readExternalId,
  id: (value: unknown) => readText('id', value),
  username: (value: unknown) => readText('userName', value)
} as const
const names = { active: 'active', externalid: 'externalId', id: 'id', username: 'userName' } as const

export type Heeded = keyof typeof readers
export const isHeeded = (name: string): name is Heeded => Object.hasOwn(readers, name)

/** @throws ScimError invalidValue */
export const say = (name: Heeded, value: unknown): Statement => ({ [names[name]]: readers[name](value) })

/** Of a whole user, or of the value of a PATCH without a path. Null is no value (RFC 7643, section 2.5). */
export function statementIn(value: Members): Statement {
  const statement: Statement = {}
  for (const name of Object.keys(readers) as Heeded[]) {
    const said = member(value, names[name])
    if (said !== undefined && (said !== null || name === 'externalid'))
      Object.assign(statement, say(name, said))
  }
  return statement
}

/** A user as PUT and POST bring it. @throws ScimError invalidSyntax, invalidValue */
export function readUser(body: unknown): Statement & { userName: string; address: string | undefined } {
  if (!isMembers(body))
    throw new ScimError(400, 'invalidSyntax', 'The body must be a user. Nothing was done.')
  const { userName, ...statement } = statementIn(body)
  // RFC 7643, section 4.1.1: required, and not empty.
  if (!userName) throw new ScimError(400, 'invalidValue', '"userName" is missing. Nothing was done.')
  return { ...statement, userName, address: addressIn(member(body, 'emails')) }
}

/** The primary address, or the only one. */
function addressIn(emails: unknown): string | undefined {
  if (!Array.isArray(emails)) return undefined
  const all = emails.filter(isMembers)
  const one =
    all.find((email) => member(email, 'primary') === true) ?? (all.length === 1 ? all[0] : undefined)
  const value = one && member(one, 'value')
  return typeof value === 'string' ? value : undefined
}
