import { styleText } from 'node:util'
import { safe } from './safe.ts'

export type Column<T> = {
  head: string
  of: (item: T) => unknown
  /** Shortened where the terminal is narrow, and only then. */
  long?: boolean
  /** It is a state: coloured by what it means. */
  state?: boolean
}

export type Look = { width: number; colour: boolean }

const least = 8

/** Columns as wide as what is in them; no cell steers the terminal. */
export function table<T>(items: T[], columns: Column<T>[], look: Look): string {
  const rows = items.map((item) => columns.map(({ of }) => words(of(item))))
  const widths = columns.map(({ head }, at) =>
    Math.max(lengthOf(head), ...rows.map((row) => lengthOf(row[at]!)))
  )
  const over = () => widths.reduce((sum, width) => sum + width + 2, -2) - look.width
  const long = columns.map(({ long }, at) => (long ? at : -1)).filter((at) => at >= 0)
  while (over() > 0) {
    const widest = long.toSorted((a, b) => widths[b]! - widths[a]!)[0]
    if (widest === undefined || widths[widest]! <= least) break
    widths[widest] = Math.max(least, widths[widest]! - over())
  }
  const line = (cells: string[], paint: (text: string, at: number) => string) =>
    cells
      .map((cell, at) => {
        const cut = long.includes(at) ? shortened(cell, widths[at]!) : cell
        const rest = at === cells.length - 1 ? '' : ' '.repeat(widths[at]! - lengthOf(cut))
        return paint(cut, at) + rest
      })
      .join('  ')
      .trimEnd()
  return [
    line(
      columns.map(({ head }) => head),
      (text) => (look.colour ? styleText('bold', text, { validateStream: false }) : text)
    ),
    ...rows.map((row) => line(row, (text, at) => (columns[at]!.state ? painted(text, look.colour) : text)))
  ].join('\n')
}

const lengthOf = (text: string) => [...text].length
const shortened = (text: string, width: number) =>
  lengthOf(text) > width ? `${[...text].slice(0, width - 1).join('')}…` : text

const colours: Record<string, 'green' | 'yellow' | 'red' | 'gray'> = {
  ...{
    succeeded: 'green',
    done: 'green',
    approved: 'green',
    delivered: 'green',
    valid: 'green',
    open: 'green'
  },
  ...{ failed: 'red', refused: 'red', unknown: 'red', 'needs-attention': 'red', aborted: 'red' },
  ...{ queued: 'yellow', running: 'yellow', waiting: 'yellow', 'awaiting-approval': 'yellow' },
  ...{ scheduled: 'yellow', pending: 'yellow', paused: 'yellow', acting: 'yellow', attention: 'red' },
  ...{ cancelled: 'gray', rejected: 'gray', expired: 'gray', skipped: 'gray', ended: 'gray', revoked: 'gray' }
}

/** A state by its meaning. The word is there without colour, too. */
export function painted(state: string, colour: boolean): string {
  const of = colours[state]
  return colour && of ? styleText(of, state, { validateStream: false }) : state
}

const time = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d):\d\d(\.\d+)?Z$/

/** How a value is written for a person, on one line. Times are UTC. */
export function words(value: unknown): string {
  if (value === null || value === undefined || value === '') return '–'
  if (value === true) return 'yes'
  if (value === false) return 'no'
  if (Array.isArray(value)) return value.length === 0 ? '–' : value.map(words).join(', ')
  if (typeof value === 'object')
    return Object.entries(value)
      .map(([name, member]) => `${safe(label(name))} ${words(member)}`)
      .join(', ')
  const text = String(value)
  const [, day, minute] = time.exec(text) ?? []
  return day ? `${day} ${minute}` : safe(text)
}

/** `mailAddress` → `mail address` */
export const label = (name: string) =>
  name.replace(/(?<=[a-z])[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)

/** Everything of an object, a member a line, what is within it indented. */
export function record(value: object, look: Look, indent = ''): string {
  const members = Object.entries(value).filter(([, member]) => member !== undefined)
  const width = Math.max(...members.map(([name]) => lengthOf(safe(label(name)))), 0)
  return members
    .map(([name, member]) => {
      const head = `${indent}${safe(label(name))}`
      const isList = Array.isArray(member) && member.some((each) => typeof each === 'object' && each !== null)
      if (isList)
        return [head, ...(member as object[]).map((each) => listed(each, look, `${indent}  `))].join('\n')
      if (
        typeof member === 'object' &&
        member !== null &&
        !Array.isArray(member) &&
        Object.keys(member).length > 0
      )
        return `${head}\n${record(member, look, `${indent}  `)}`
      const text = name === 'state' ? painted(words(member), look.colour) : words(member)
      return `${indent}${safe(label(name)).padEnd(width)}  ${text}`
    })
    .join('\n')
}

const listed = (item: object, look: Look, indent: string) =>
  record(item, look, `${indent}  `).replace(`${indent}  `, `${indent}- `)
