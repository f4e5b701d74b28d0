/**
 * A JSON value in the JSON Canonicalization Scheme (RFC 8785): the same text whoever writes it, so that it can be hashed.
 * Its numbers and strings are those of `JSON.stringify`, which the scheme is made after.
 * @throws TypeError for what JSON has no form for
 */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    // Not by an object in order: members that look like numbers come first there.
    const members = Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`)
    return `{${members.join(',')}}`
  }
  const text = JSON.stringify(value)
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError(`JSON has no form for ${String(value)}`)
  return text
}
