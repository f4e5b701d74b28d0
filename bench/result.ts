/** How long a part may measure. */
export type Length = {
  quick: boolean
  /** `performance.now()` at which it ends in any case. */
  until: number
}

/** What a part found. */
export type Ratio = {
  name: string
  ratio: number
  goal: string
  ok: boolean
  /** The absolute numbers, and what was and was not measured: a line each. */
  notes: string[]
}

export function toText({ name, ratio, goal, ok, notes }: Ratio): string {
  const verdict = `${name}: ${ratio.toFixed(3)} (goal ${goal}) [${ok ? 'ok' : 'MISSED'}]`
  return [verdict, ...notes.map((note) => `  ${note}`)].join('\n')
}

export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length / 2
  if (sorted.length === 0) throw new Error('nothing was measured')
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Of pairs that were measured in turn, the median of their ratios. */
export const ratioOf = (over: number[], under: number[]): number =>
  median(over.map((value, n) => value / under[n]!))

/** `660 ms (640 … 702)`: the median and the range. */
export function spread(values: number[], unit: string, digits = 0): string {
  const text = (value: number) => value.toFixed(digits)
  return `${text(median(values))} ${unit} (${text(Math.min(...values))} … ${text(Math.max(...values))})`
}
