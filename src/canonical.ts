/**
 * A JSON value in the JSON Canonicalization Scheme (RFC 8785): the same text whoever writes it, so that it can be hashed.
 * Its numbers and strings are those of `JSON.stringify`, which the scheme is made after.
 * @throws TypeError for what JSON has no form for
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return quoted(value)
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    // Not by an object in order: members that look like numbers come first there.
    let members = ''
    for (const name of inOrder(Object.keys(value))) {
      const member = (value as Record<string, unknown>)[name]
      if (member === undefined) continue
      members += `${members === '' ? '' : ','}${quoted(name)}:${canonicalJson(member)}`
    }
    return `{${members}}`
  }
  const text = JSON.stringify(value)
  if (text === undefined || (typeof value === 'number' && !Number.isFinite(value)))
    throw new TypeError(`JSON has no form for ${String(value)}`)
  return text
}

/** Most texts have nothing to escape, and this is the quickest way to know. */
const quoted = (text: string) => (/^[ !#-[\]-~]*$/.test(text) ? `"${text}"` : JSON.stringify(text))

/** As `sort` does it, in the same list: of few names twice as fast. */
function inOrder(names: string[]): string[] {
  if (names.length > 32) return names.sort()
  for (let n = 1; n < names.length; n++) {
    const name = names[n]!
    let place = n
    for (; place > 0 && names[place - 1]! > name; place--) names[place] = names[place - 1]!
    names[place] = name
  }
  return names
}
