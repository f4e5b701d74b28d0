/** Rows of a CSV by RFC 4180, read by its grammar alone. @throws where it does not keep to that */
export function rowsOf(text: string): string[][] {
  const rows: string[][] = []
  let row: string[] = []
  const cell = /"((?:[^"]|"")*)"(,|\r\n)/y
  for (let at = 0; at < text.length; at = cell.lastIndex) {
    cell.lastIndex = at
    const found = cell.exec(text)
    if (!found) throw new Error(`no cell at ${at}: ${text.slice(at, at + 40)}`)
    row.push(found[1]!.replaceAll('""', '"'))
    if (found[2] === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

/** @returns the rows below the first, by the names in it */
export function recordsOf(text: string): Record<string, string>[] {
  const [names = [], ...rows] = rowsOf(text)
  return rows.map((row) => Object.fromEntries(names.map((name, n) => [name, row[n]!])))
}
