/** A command of a page, and what it prints: lines, with `…` for what differs each time. */
export type Block = { command: string; prints: string | undefined }

/** All that a page has people type, in its order. */
export function blocksOf(page: string): Block[] {
  const fences = [...page.matchAll(/^```(sh|text)\n([\s\S]*?)^```$/gm)]
  return fences.flatMap(([, kind, text = ''], n) => {
    if (kind !== 'sh') return []
    const next = fences[n + 1]
    return [{ command: text, prints: next?.[1] === 'text' ? next[2]! : undefined }]
  })
}

/** What a command has to print. A line that is only `…` stands for any number of lines. */
export const patternOf = (prints: string): RegExp => {
  const escaped = prints.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`^${escaped.replaceAll(/^…\n/gm, '(?:.*\\n)*?').replaceAll('…', '.+')}$`)
}
