/** `attributes` and `excludedAttributes` (RFC 7644, section 3.9). */
import { isMembers, type Members, nameOf } from './attributes.ts'

export type Wanted = { attributes?: string; excludedAttributes?: string }

/** RFC 7643, section 2.2, `returned: always`; and without `schemas` nobody can read the rest. */
const always = new Set(['id', 'schemas'])

/** The resource with the attributes that are wanted. Names that nothing has are of no consequence. */
export function project<T extends Members>(resource: T, { attributes, excludedAttributes }: Wanted): T {
  const wanted = namesIn(attributes)
  if (wanted.length > 0)
    return pick(resource, (name) => always.has(name) || isNamed(wanted, name), wanted) as T
  const unwanted = namesIn(excludedAttributes)
  if (unwanted.length === 0) return resource
  return drop(resource, unwanted) as T
}

/** Whether the attribute, which costs something to find, will be in the answer. */
export const isWanted = ({ attributes, excludedAttributes }: Wanted, name: string): boolean => {
  const wanted = namesIn(attributes)
  return wanted.length > 0 ? isNamed(wanted, name) : !namesIn(excludedAttributes).includes(name)
}

const namesIn = (list = ''): string[] => list.split(',').flatMap((name) => nameOf(name.trim()) || [])

const isNamed = (names: string[], name: string) =>
  names.some((each) => each === name || each.startsWith(`${name}.`) || each.startsWith(`${name}:`))

const partsOf = (names: string[], name: string) =>
  names
    .filter((each) => /^[.:]/.test(each.slice(name.length)) && each.startsWith(name))
    .map((each) => each.slice(name.length + 1))

function pick(of: Members, keeps: (name: string) => boolean, names: string[]): Members {
  return Object.fromEntries(
    Object.entries(of).flatMap(([key, value]) => {
      const name = key.toLowerCase()
      if (!keeps(name)) return []
      const parts = names.includes(name) ? [] : partsOf(names, name)
      return [
        [
          key,
          parts.length === 0 ? value : each(value, (one) => pick(one, (part) => parts.includes(part), parts))
        ]
      ]
    })
  )
}

function drop(of: Members, names: string[]): Members {
  return Object.fromEntries(
    Object.entries(of).flatMap(([key, value]) => {
      const name = key.toLowerCase()
      if (names.includes(name) && !always.has(name)) return []
      const parts = partsOf(names, name)
      return [[key, parts.length === 0 ? value : each(value, (one) => drop(one, parts))]]
    })
  )
}

const each = (value: unknown, change: (one: Members) => Members): unknown =>
  Array.isArray(value) ? value.map((one) => each(one, change)) : isMembers(value) ? change(value) : value
