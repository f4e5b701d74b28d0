/** A plugin of Swagger UI, which is written out as text: so it may use nothing but what is within it. */

type Json = unknown
type Resolved = { spec: Json; errors: [] }

/**
 * Swagger UI reads, normalises and writes the whole document anew for every operation that is opened, which takes seconds with ours.
 * All references of ours lead into the document itself, so it is enough to put what they lead to in their place.
 */
export function resolveWithin() {
  /** @param baseDoc the document's URL, by which schemas are known @returns what is at the path, without references */
  async function resolveSubtree(
    document: Json,
    path: string[],
    { baseDoc = '' }: { baseDoc?: string } = {}
  ): Promise<Resolved> {
    const at = (steps: string[]) =>
      steps.reduce((part, step) => (part as Record<string, Json> | undefined)?.[step], document)
    const stepsOf = (ref: string) =>
      ref
        .slice(2)
        .split('/')
        .map((step) => decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~'))
    const resolve = (part: Json, within: string[]): Json => {
      if (Array.isArray(part)) return part.map((each) => resolve(each, within))
      if (part === null || typeof part !== 'object') return part
      const { $ref, ...rest } = part as Record<string, Json>
      const isRef = typeof $ref === 'string'
      // One that leads to itself would have no end.
      if (isRef && within.includes($ref)) return part
      const own = Object.entries(rest).map(([name, member]) => [name, resolve(member, within)])
      const target = isRef ? (resolve(at(stepsOf($ref)), [...within, $ref]) as object) : {}
      return { ...target, ...Object.fromEntries(own), ...(isRef && { $$ref: baseDoc + $ref }) }
    }
    return { spec: resolve(at(path), []), errors: [] }
  }
  return { fn: { resolveSubtree } }
}
