export type Json = Record<string, unknown>

/** The object, if it has no other members than these. What an interpreter does not know it must not pass over. */
export function only<Name extends string>(
  what: string,
  value: unknown,
  names: readonly Name[]
): Partial<Record<Name, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new Error(`${what}: not an object`)
  for (const name of Object.keys(value))
    if (!(names as readonly string[]).includes(name)) throw new Error(`${what}: ${name} is not known`)
  return value as Partial<Record<Name, unknown>>
}

/** The value, if it is one of these. */
export function oneOf<T>(what: string, value: unknown, ...known: T[]): T {
  if (!known.includes(value as T)) throw new Error(`${what}: ${JSON.stringify(value)} is not known`)
  return value as T
}

export function textOf(what: string, value: unknown): string {
  if (typeof value !== 'string') throw new Error(`${what}: not a text, but ${JSON.stringify(value)}`)
  return value
}
