/** Rows as Symfony's Table draws them; nothing but two lines where there are none. */
export function table(rows: readonly Record<string, unknown>[]): string[] {
  const [first] = rows
  if (!first) return []
  const names = Object.keys(first)
  const cells = [names, ...rows.map((row) => names.map((name) => String(row[name])))]
  const widths = names.map((_, column) => Math.max(...cells.map((line) => line[column]!.length)))
  const rule = `+${widths.map((width) => '-'.repeat(width + 2)).join('+')}+`
  const drawn = cells.map((line) => `|${line.map((cell, at) => ` ${cell.padEnd(widths[at]!)} `).join('|')}|`)
  return [rule, drawn[0]!, rule, ...drawn.slice(1), rule]
}
