/** Names of attributes are the same in any case (RFC 7643, section 2.1), and may bear the name of their schema. */
import { ScimError } from './errors.ts'
import { urn } from './urns.ts'

export type Members = Record<string, unknown>

export const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const corePrefix = new RegExp(`^${urn.user}[:.]`, 'i')

/** `Urn:…:core:2.0:User:userName` → `username`. Of other schemas' attributes the whole name. */
export const nameOf = (path: string): string => path.replace(corePrefix, '').toLowerCase()

/**
 * What an object says of an attribute. Only its own members are looked at.
 * @throws ScimError where it is said twice, in two spellings: nobody can tell which one is meant
 */
export function member(of: Members, name: string): unknown {
  const wanted = name.toLowerCase()
  const found = Object.keys(of).filter((key) => nameOf(key) === wanted)
  if (found.length > 1)
    throw new ScimError(400, 'invalidSyntax', `"${name}" is given more than once. Nothing was done.`)
  return found.length === 1 ? of[found[0]!] : undefined
}

/**
 * `"False"` is what Entra ID sends, and would be true as a boolean of JavaScript: such a leaver stays in.
 * @throws ScimError for whatever is neither true nor false beyond doubt
 */
export function readActive(value: unknown): boolean {
  if (typeof value === 'boolean') return value
  if (value === 'True' || value === 'true') return true
  if (value === 'False' || value === 'false') return false
  throw new ScimError(400, 'invalidValue', '"active" must be true or false. Nothing was done.')
}

/** @returns null: it is taken away (RFC 7643, section 2.5). @throws ScimError for what cannot be kept */
export function readExternalId(value: unknown): string | null {
  if (value === null || value === '') return null
  if (typeof value === 'string' && value.length <= 255 && !value.includes('\0') && value.isWellFormed())
    return value
  throw new ScimError(
    400,
    'invalidValue',
    '"externalId" must be text of at most 255 characters. Nothing was done.'
  )
}

/** @throws ScimError */
export function readText(name: string, value: unknown): string {
  if (typeof value === 'string') return value
  throw new ScimError(400, 'invalidValue', `"${name}" must be text. Nothing was done.`)
}
