import { readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { userIdForm, userIdRule } from '../../nextcloud/user-id.ts'
import { UsageError } from '../exit.ts'
import { safe } from '../safe.ts'

export type Source = { file?: string; column?: string; group?: string }

/** A column of this name holds the ids, unless another is named. */
const usualColumn = 'userId'
const mostTold = 20
const id = new RegExp(userIdForm, 'u')

type Line = { record: string[]; info: { lines: number } }

/**
 * Users on a list: a user id a line, or CSV with a head. Who is on it twice is on it once; upper and lower case are the
 * same user.
 * @throws UsageError which names every line that is no user id, before anything is done
 */
export function readList(text: string, column: string | undefined, name: string): string[] {
  let lines: Line[]
  try {
    const options = { bom: true, info: true, relax_column_count: true, trim: true, skip_empty_lines: true }
    lines = parse(text, options) as unknown as Line[]
  } catch (error) {
    throw new UsageError(`${name} is no CSV: ${safe((error as Error).message)}`)
  }
  const head = lines[0]?.record.map((cell) => cell.toLowerCase()) ?? []
  const at = head.indexOf((column ?? usualColumn).toLowerCase())
  if (column !== undefined && at < 0)
    throw new UsageError(`${name} has no column "${safe(column)}" in its first line.`)
  if (at < 0 && lines.some(({ record }) => record.length > 1))
    throw new UsageError(
      `${name} has several columns, and none is called ${usualColumn} in its first line: say --column NAME.`
    )
  const users = new Map<string, string>()
  const wrong: string[] = []
  for (const { record, info } of at < 0 ? lines : lines.slice(1)) {
    const user = record[Math.max(at, 0)] ?? ''
    if (!id.test(user)) wrong.push(`  line ${info.lines}: ${user === '' ? 'empty' : safe(user)}`)
    else if (!users.has(user.toLowerCase())) users.set(user.toLowerCase(), user)
  }
  if (wrong.length > 0) {
    const more = wrong.length > mostTold ? [`  and ${wrong.length - mostTold} more`] : []
    throw new UsageError(
      [
        `${name}: not every line is a user id, which ${userIdRule}. Nothing was done.`,
        ...wrong.slice(0, mostTold),
        ...more
      ].join('\n')
    )
  }
  if (users.size === 0) throw new UsageError(`${name} has no user in it.`)
  return [...users.values()]
}

/** @throws UsageError where it cannot be read */
export function readFileOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
}
