import type { Context } from '../context.ts'
import { type ExitCode, exit } from '../exit.ts'
import { type Look, table } from '../table.ts'
import { countBy } from './forecast.ts'
import type { Outcome } from './outcome.ts'

const mostTold = 20

/** Kept while it goes on: 10,000 operations need not stay in memory. */
export type Tally = {
  add(outcome: Outcome): void
  text(look: Look): string
  code(): ExitCode
  size(): number
}

type Short = {
  user: string
  what: string
  result: Outcome['result']
  code: string
  detail: string
  then: string
}

export function createTally(): Tally {
  const all: Short[] = []
  return {
    add({ user, result, earlier, operation, problem }) {
      const state = operation && result !== 'done' ? `: ${operation.state}` : ''
      const what = `${result}${state}${earlier ? ', by an earlier run' : ''}`
      const then = operation && result !== 'done' ? operation.id : ''
      all.push({ user, what, result, code: problem?.code ?? '', detail: problem?.detail ?? '', then })
    },
    size: () => all.length,
    text(look) {
      const rows = countBy(all, ({ what }) => what)
      const columns = [
        { head: 'RESULT', of: (row: (typeof rows)[number]) => row.what },
        { head: 'USERS', of: (row: (typeof rows)[number]) => row.users }
      ]
      const wrong = all.filter(({ result }) => result !== 'done')
      return [
        table(rows, columns, look),
        ...(wrong.length > 0
          ? [
              '',
              table(
                wrong.slice(0, mostTold),
                [
                  { head: 'USER', of: ({ user }) => user },
                  { head: 'RESULT', of: ({ result }) => result, state: true },
                  { head: 'OPERATION', of: ({ then }) => then },
                  { head: 'PROBLEM', of: ({ code }) => code },
                  { head: 'DETAIL', of: ({ detail }) => detail, long: true }
                ],
                look
              )
            ]
          : []),
        ...(wrong.length > mostTold
          ? [`and ${wrong.length - mostTold} more: --report FILE has them all`]
          : [])
      ].join('\n')
    },
    code() {
      const has = (...results: Outcome['result'][]) => all.some(({ result }) => results.includes(result))
      if (has('failed', 'refused', 'attention')) return exit.attention
      return has('pending') ? exit.pending : exit.done
    }
  }
}

/** One line a user, of `--json`: the API's own answer, under whose name it is. */
export const lineOf = (context: Context, { user, operation, problem, earlier }: Outcome) =>
  context.json
    ? context.line({ user, earlier: earlier === true, ...(operation ? { operation } : { problem }) })
    : undefined
