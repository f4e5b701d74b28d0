/**
 * PATCH (RFC 7644, section 3.5.2) as Okta and Entra ID send it. Of a user two attributes can change, so nothing is
 * patched: what the operations say of those two is read, one after the other, and the last word counts. A library that
 * patches documents was tried (scim-patch 0.8.3): it takes `Active` for another attribute than `active`, leaves `"False"`
 * the text that it is, and sets what a path such as `__proto__.x` names on every object of the process.
 */
import { parse } from 'scim2-parse-filter'
import { isMembers, type Members, member, nameOf } from './attributes.ts'
import { ScimError } from './errors.ts'
import { mayBeParsed } from './filter.ts'
import { isHeeded, type Statement, say, statementIn } from './statement.ts'
import { urn } from './urns.ts'

/** More than any client sends, and little work. */
export const mostOperations = 100
const longestPath = 500

/** RFC 7643, section 4.1. What is not acted on is Nextcloud's: taken, and left as it is. */
const known = new Set(
  `userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active password emails
   phoneNumbers ims photos addresses entitlements roles x509Certificates externalId`
    .split(/\s+/)
    .map((name) => name.toLowerCase())
)
const readOnly = new Set(['id', 'meta', 'schemas', 'groups'])

/** @throws ScimError invalidSyntax, invalidPath, invalidValue, mutability, tooMany */
export function readPatch(body: unknown): Statement {
  const statement: Statement = {}
  for (const operation of operationsOf(body)) Object.assign(statement, readOperation(operation))
  return statement
}

function operationsOf(body: unknown): unknown[] {
  if (!isMembers(body)) throw syntax('The body must be a PatchOp.')
  const schemas = member(body, 'schemas')
  const isPatch = (name: unknown) => wordOf(name) === urn.patch.toLowerCase()
  // Clients that leave it out mean nothing else.
  if (schemas !== undefined && !(Array.isArray(schemas) && schemas.some(isPatch)))
    throw syntax(`"schemas" must name ${urn.patch}.`)
  const operations = member(body, 'Operations')
  if (!Array.isArray(operations) || operations.length === 0)
    throw syntax('"Operations" must be a list of operations.')
  if (operations.length > mostOperations)
    throw new ScimError(
      400,
      'tooMany',
      `At most ${mostOperations} operations are taken at once. Nothing was done.`
    )
  return operations
}

function readOperation(operation: unknown): Statement {
  if (!isMembers(operation)) throw syntax('Each operation must be an object.')
  const op = wordOf(member(operation, 'op'))
  if (op !== 'add' && op !== 'replace' && op !== 'remove')
    throw syntax('"op" must be add, replace or remove.')
  const path = member(operation, 'path')
  const value = member(operation, 'value')
  if (path !== undefined && path !== null && path !== '') return atPath(op, path, value)
  if (op === 'remove')
    throw new ScimError(400, 'noTarget', 'A "remove" must have a path (RFC 7644, 3.5.2.2). Nothing was done.')
  if (!isMembers(value))
    throw new ScimError(400, 'invalidValue', 'Without a path "value" must be an object. Nothing was done.')
  refuseUnknown(value)
  return statementIn(value)
}

/** `active` under another name would be a leaver who stays in: what nobody knows is refused, not ignored. */
function refuseUnknown(value: Members): void {
  for (const key of Object.keys(value)) {
    const name = nameOf(key)
    if (!isKnown(name) && !readOnly.has(name)) throw badPath(key)
  }
}

/** Other schemas' attributes are Nextcloud's as well; but nobody means another `active` than the user's. */
function isKnown(name: string): boolean {
  if (name.startsWith('urn:')) return name !== urn.user.toLowerCase() && !/[:.]active$/.test(name)
  const attribute = attributeOf(name)
  // What is acted on has no parts.
  return known.has(attribute) && (name === attribute || !isHeeded(attribute))
}

const attributeOf = (name: string) => name.split(/[.[]/, 1)[0]!

function atPath(op: string, path: unknown, value: unknown): Statement {
  if (typeof path !== 'string' || path.length > longestPath || !isPath(path)) throw badPath(path)
  const name = nameOf(path)
  const attribute = attributeOf(name)
  if (readOnly.has(attribute))
    throw new ScimError(400, 'mutability', `"${attribute}" cannot be changed. Nothing was done.`)
  if (!isKnown(name)) throw badPath(path)
  if (!isHeeded(attribute)) return {}
  if (op !== 'remove') return say(attribute, value)
  if (attribute === 'externalid') return { externalId: null }
  throw new ScimError(400, 'mutability', `"${path}" cannot be removed. Nothing was done.`)
}

/** `attrPath / valuePath [subAttr]` (RFC 7644, figure 7): what a filter can ask for whether it is there. */
function isPath(path: string): boolean {
  if (!mayBeParsed(path)) return false
  try {
    parse(path.endsWith(']') ? path : `${path} pr`)
    return true
  } catch {
    return false
  }
}

const syntax = (why: string) => new ScimError(400, 'invalidSyntax', `${why} Nothing was done.`)

const badPath = (path: unknown) => {
  const shown = typeof path === 'string' ? `"${path.slice(0, 100)}"` : 'What is no text'
  return new ScimError(400, 'invalidPath', `${shown} is no attribute of a user. Nothing was done.`)
}

/** In lower case; what is no text is no word, whatever it would say of itself as one. */
const wordOf = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : '')
