/** Where a spreadsheet may begin to read a formula: at a cell's start, or after what another locale takes for a separator. */
const formula = /^(?=[=+\-@＝＋－＠\t\r\n])|(?<=[;\t\r\n])(?=[=+\-@＝＋－＠])/g

/** RFC 4180. Each cell is quoted, and one that could be a formula begins with an apostrophe. */
const cell = (value: string | null | undefined) =>
  `"${(value ?? '').replaceAll(formula, "'").replaceAll('"', '""')}"`

export const line = (values: (string | null | undefined)[]) => `${values.map(cell).join(',')}\r\n`

/** Without it Excel takes UTF-8 for the code page of its country. */
export const byteOrderMark = '\ufeff'
