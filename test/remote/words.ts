/** The words of a line as a shell reads it, up to where it is sent on to a file or another program, or commented. */
export function wordsOf(line: string): string[] {
  const words: string[] = []
  for (const [, double, single, bare] of line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)) {
    if (bare !== undefined && /^(>|<|\||#)/.test(bare)) break
    words.push(double ?? single ?? bare!)
  }
  return words
}

/** Lines of the `sh` blocks of a page. */
export const shellLines = (page: string): string[] =>
  [...page.matchAll(/^```sh\n(.*?)^```/gms)].flatMap(([, block]) => block!.split('\n').filter(Boolean))
