/** Filters (RFC 7644, section 3.4.2.2) as far as they find one thing: `eq`, and several of them with `and`. */
import { type Filter, filter as matcherOf, parse } from 'scim2-parse-filter'
import { isMembers, nameOf } from './attributes.ts'
import { ScimError } from './errors.ts'
import { urn } from './urns.ts'

const longest = 1_000
const control = /\p{Cc}/u

/**
 * What the parser is given. Within quotes it takes exponential time over line breaks (which no filter has: RFC 8259,
 * section 7), and its stack is as deep as there are brackets.
 */
export const mayBeParsed = (text: string) => text.length <= longest && !control.test(text)

/** By which attribute to look, for what; and which of the resources that are found are meant. */
export type Query = { by: string; value: string; isMeant(resource: object): boolean }

/** Whose parts may be left out: `emails eq` is `emails.value eq`. */
const multiValued = new Set(['emails', 'members', 'groups'])

/**
 * @param lookups attributes in lower case by which something can be found, the quickest first
 * @throws ScimError invalidFilter for whatever is not supported: a filter is never ignored
 */
export function readFilter(text: string, lookups: readonly string[]): Query {
  if (!mayBeParsed(text)) throw refused(`has more than ${longest} characters, or some that do not show`)
  const read = normalise(parsed(text))
  const found = conditionsOf(read)
  for (const by of lookups) {
    const condition = found.find(({ name, value }) => name === by && typeof value === 'string')
    if (condition) {
      const matches = matcherOf(read)
      return { by, value: condition.as as string, isMeant: (resource) => matches(comparable(resource)) }
    }
  }
  throw refused(`must ask for one of ${lookups.join(', ')} by "eq"`)
}

function parsed(text: string): Filter {
  try {
    return parse(text)
  } catch {
    throw refused('cannot be read')
  }
}

type Condition = { name: string; value: unknown; as: unknown }
/** Keeps the value as it was written, beside the one that is compared. */
type Compared = Filter & { written?: unknown }

/** Names in one spelling, texts in lower case where their case means nothing. @throws ScimError */
function normalise(filter: Filter, within = ''): Compared {
  switch (filter.op) {
    case 'and':
      return {
        op: 'and',
        filters: (filter as { filters: Filter[] }).filters.map((each) => normalise(each, within))
      }
    case '[]': {
      const { attrPath, valFilter } = filter as { attrPath: string; valFilter: Filter }
      const name = plain(attrPath)
      return { op: '[]', attrPath: name, valFilter: normalise(valFilter, `${name}.`) }
    }
    case 'eq': {
      const { attrPath, compValue } = filter as {
        attrPath: string
        compValue: string | number | boolean | null
      }
      const name = plain(attrPath)
      const whole = within === '' && multiValued.has(name) ? `${name}.value` : name
      return {
        op: 'eq',
        attrPath: whole,
        compValue: typeof compValue === 'string' ? fold(within + whole, compValue) : compValue,
        written: compValue
      } as Compared
    }
    default:
      throw refused(`may use "eq" and "and" alone, and has "${filter.op}"`)
  }
}

const groupPrefix = `${urn.group.toLowerCase()}:`
const plain = (path: string) => nameOf(path).replace(groupPrefix, '')

function conditionsOf(filter: Compared): Condition[] {
  if (filter.op === 'and') return (filter as { filters: Compared[] }).filters.flatMap(conditionsOf)
  if (filter.op !== 'eq') return []
  const { attrPath, compValue, written } = filter as {
    attrPath: string
    compValue: unknown
    written?: unknown
  }
  return [{ name: attrPath, value: compValue, as: written }]
}

/** RFC 7643, sections 3.1 and 4.1: of what we have, only `externalId` is told apart by case. Ids are Nextcloud's. */
const fold = (name: string, text: string) => (name === 'externalid' ? text : text.toLowerCase())

/** The resource with its texts as filters compare them. */
function comparable(value: unknown, name = ''): unknown {
  if (typeof value === 'string') return fold(name.toLowerCase(), value)
  if (Array.isArray(value)) return value.map((each) => comparable(each, name))
  if (!isMembers(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, comparable(each, key)]))
}

const refused = (why: string) => new ScimError(400, 'invalidFilter', `The filter ${why}.`)
