/** The major number of `34.0.1`; 0 where there is none. */
export const majorOf = (version: string): number => Number(/^\d+/.exec(version)?.[0] ?? 0)

/** Whether a version is a later one, number by number. */
export function isAbove(one: string, other: string): boolean {
  const numbers = (version: string) => version.split(/[^\d]+/).map(Number)
  const [a, b] = [numbers(one), numbers(other)]
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const apart = (a[i] ?? 0) - (b[i] ?? 0)
    if (apart !== 0) return apart > 0
  }
  return false
}
