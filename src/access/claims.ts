import type { Issuer } from './issuers.ts'
import { isScope, type Scope } from './scope.ts'

export type Claims = Record<string, unknown>

/** The words of a claim: of a list, or of a text by its spaces. */
export function valuesOf(claims: Claims, path: string): string[] {
  const found = Object.hasOwn(claims, path) ? claims[path] : path.split('.').reduce(step, claims as unknown)
  if (typeof found === 'string') return found.split(' ').filter(Boolean)
  return Array.isArray(found) ? found.filter((value) => typeof value === 'string') : []
}

const step = (at: unknown, name: string): unknown =>
  typeof at === 'object' && at !== null && Object.hasOwn(at, name) ? (at as Claims)[name] : undefined

/** What the values of a token mean here. Without `scopes` in the setting a value that is a scope of ours means itself. */
export function scopesFor({ scopes }: Issuer, values: string[]): Scope[] {
  const given = values.flatMap((value) =>
    scopes ? (Object.hasOwn(scopes, value) ? scopes[value]! : []) : isScope(value) ? [value] : []
  )
  return [...new Set(given)]
}

/**
 * Where the setting has `groups`, a token is for nobody unless a value says for whom. Whoever has a limited role
 * beside an unlimited one is limited: the scopes of both go together.
 * @returns undefined: for all users
 */
export function groupsFor({ groups }: Issuer, values: string[]): string[] | undefined {
  if (!groups) return undefined
  const given = values.flatMap((value) => (Object.hasOwn(groups, value) ? [groups[value]!] : []))
  const lists = given.filter((each) => each !== 'all')
  return lists.length === 0 && given.length > 0 ? undefined : [...new Set(lists.flat())]
}
