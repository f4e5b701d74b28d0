import type { ItemOf, ListPath } from './client.ts'
import type { Context } from './context.ts'
import { number, option } from './leaf.ts'
import { type Column, table } from './table.ts'

export type Paging = { limit?: number; cursor?: string; all?: boolean }

export const paging = () => [
  number('--limit <n>', 'so many at most', 1, 200),
  option('--cursor <cursor>', 'go on where the last page ended'),
  option('--all', 'every page; with --json an item a line').conflicts(['limit', 'cursor'])
]

type Params = { path?: Record<string, unknown>; query?: Record<string, unknown> }
type Page<T> = { items: T[]; next: string | null }

/** A page of a list, or all of it. @param none what is said where nothing is on it */
export async function list<P extends ListPath>(
  context: Context,
  path: P,
  { path: ids = {}, query = {} }: Params,
  { limit, cursor, all = false }: Paging,
  columns: Column<ItemOf<P>>[],
  none: string
): Promise<void> {
  const locksmith = context.locksmith()
  // Each list's own filters were put together by who calls.
  const get = locksmith.GET as unknown as (path: string, init: object) => Promise<{ data: Page<ItemOf<P>> }>
  let next: string | null | undefined = cursor
  let shown = 0
  do {
    const params = {
      path: ids,
      query: { ...given(query), limit: all ? 200 : limit, cursor: next ?? undefined }
    }
    const { data } = await get(path, { params, signal: context.io.signal })
    if (context.json && all) for (const item of data.items) await context.line(item)
    else if (context.json) await context.document(data)
    else if (data.items.length > 0) await context.say(table(data.items, columns, context.look))
    shown += data.items.length
    next = data.next
  } while (all && next !== null)
  if (context.json) return
  if (shown === 0) context.note(none)
  if (next) context.note(`There are more: --all, or --cursor ${next}`)
}

/** Only what was said. */
export const given = <T extends object>(values: T): Partial<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>
